/**
 * `<rc-health-playbook>`: what acting on the accounts at risk would save, with every rate in a field.
 * What is typed goes out as a whole new playbook.
 *
 * It computes nothing.
 */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Playbook, PlaybookLevel, PlaybookReport } from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { formatFor, type NumberKind } from "../format.ts";
import { cellField, healthFieldStyles, levelMark, type Typing } from "./health-field.ts";
import { LEVELS, playbookMethod, playbookSentences } from "./health-words.ts";
import { viewStyles } from "./view.styles.ts";

/** Another playbook is wanted. */
export class PlaybookEvent extends Event {
  static readonly type = "rc-playbook";
  readonly playbook: Playbook;

  constructor(playbook: Playbook) {
    super(PlaybookEvent.type, { bubbles: true });
    this.playbook = playbook;
  }
}

/** The playbook. */
export class HealthPlaybookElement extends LitElement {
  static override properties = {
    report: { attribute: false },
    locale: {},
    currency: {},
    typing: { state: true },
  };

  declare report: PlaybookReport | null;
  declare locale: string;
  declare currency: string;
  declare protected typing: Typing;

  constructor() {
    super();
    this.report = null;
    this.locale = "";
    this.currency = "";
    this.typing = {};
  }

  #change(changed: Partial<Playbook>): void {
    const { report } = this;
    if (report !== null) {
      this.dispatchEvent(new PlaybookEvent({ ...report.playbook, ...changed }));
    }
  }

  #changeLevel(level: PlaybookLevel["level"], changed: Partial<PlaybookLevel>): void {
    const { report } = this;
    if (report === null) return;
    this.#change({
      levels: report.playbook.levels.map((one) =>
        one.level === level ? { ...one, ...changed } : one,
      ),
    });
  }

  #field(
    id: string,
    label: string,
    value: number | null,
    kind: NumberKind,
    unit: string | undefined,
    onValue: (value: number | null) => void,
  ): TemplateResult {
    return cellField({
      id,
      label,
      value,
      kind,
      unit,
      locale: this.locale,
      typing: this.typing,
      isOptional: id === "cost",
      onTyping: (typing) => {
        this.typing = typing;
      },
      onValue,
    });
  }

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (report === null) return nothing;
    const format = formatFor(this.locale, this.currency);
    const hasRevenue = report.savedRevenue != null;
    return html`
      <div class="result" role="status">
        ${playbookSentences(report, format).map((sentence) => html`<p>${sentence}</p>`)}
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label="Playbook by level">
        <table class="playbook">
          <thead>
            <tr>
              <th scope="col">Level</th>
              <th scope="col" class="number">Accounts</th>
              ${hasRevenue ? html`<th scope="col" class="number">Revenue a month</th>` : nothing}
              <th scope="col">Stay with it</th>
              <th scope="col">Stay without</th>
              <th scope="col" class="number">Saved accounts</th>
              ${hasRevenue ? html`<th scope="col" class="number">Saved revenue</th>` : nothing}
            </tr>
          </thead>
          <tbody>
            ${report.levels.map(
              (one) => html`
                <tr data-level=${one.level}>
                  <th scope="row">${levelMark(one.level)}</th>
                  <td data-name="Accounts" class="number">${format.count(one.customers)}</td>
                  ${hasRevenue ? html`<td data-name="Revenue a month" class="number">${one.revenue == null ? "" : format.money(one.revenue)}</td>` : nothing}
                  <td data-name="Stay with it">${this.#field(`with-${one.level}`, `${LEVELS[one.level].name}: stay with the playbook`, one.retainedWith, "share", "%", (value) => value !== null && this.#changeLevel(one.level, { retainedWith: value }))}</td>
                  <td data-name="Stay without">${this.#field(`without-${one.level}`, `${LEVELS[one.level].name}: stay without it`, one.retainedWithout, "share", "%", (value) => value !== null && this.#changeLevel(one.level, { retainedWithout: value }))}</td>
                  <td data-name="Saved accounts" class="number">${format.ratio(one.savedCustomers)}</td>
                  ${hasRevenue ? html`<td data-name="Saved revenue" class="number">${one.savedRevenue == null ? "" : format.money(one.savedRevenue)}</td>` : nothing}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
      <p class="settings">
        <span>Cost of acting on all of them ${this.#field("cost", "Cost of the programme", report.playbook.cost ?? null, "money", format.currency ?? undefined, (cost) => this.#changeCost(cost))}</span>
        <span>Revenue counts for ${this.#field("months", "Months that revenue counts for", report.playbook.months, "ratio", "months", (months) => months !== null && this.#change({ months }))}</span>
      </p>
      <p class="aside">${playbookMethod(report)}</p>
    `;
  }

  #changeCost(cost: number | null): void {
    const { report } = this;
    if (report === null) return;
    const { cost: _before, ...rest } = report.playbook;
    this.dispatchEvent(new PlaybookEvent(cost === null ? rest : { ...rest, cost }));
  }

  static override styles = [
    controls,
    viewStyles,
    healthFieldStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-2);
      }

      .result {
        display: grid;
        gap: var(--rc-space-1);
      }

      .playbook {
        min-inline-size: 640px;
      }

      .playbook td,
      .playbook tbody th {
        vertical-align: middle;
      }

      @container (max-width: 619px) {
        .playbook {
          min-inline-size: 0;
        }
        .playbook thead {
          position: absolute;
          inline-size: 1px;
          block-size: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        .playbook tr[data-level] {
          display: grid;
          grid-template-columns: minmax(0, 1fr) auto;
          gap: 2px var(--rc-space-1);
          padding-block: var(--rc-space-1);
          border-block-end: 1px solid var(--rc-line);
        }
        .playbook tr[data-level] :is(th, td) {
          display: flex;
          align-items: center;
          justify-content: space-between;
          grid-column: 1 / -1;
          padding: 0;
          border: 0;
        }
        .playbook td::before {
          content: attr(data-name);
          color: var(--rc-text-muted);
        }
      }

      .settings {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rc-space-1) var(--rc-space-4);
        max-inline-size: none;
        font-size: var(--rc-text-s);
      }
    `,
  ];
}

declare global {
  interface HTMLElementEventMap {
    "rc-playbook": PlaybookEvent;
  }
}
