/**
 * `<rc-health-playbook>`: what acting on the accounts at risk would save, with every rate in a field.
 * What is typed goes out as a change, since others may be under way already.
 *
 * It computes nothing.
 */

import { css, html, nothing, type TemplateResult } from "lit";
import type {
  Playbook,
  PlaybookLevel,
  PlaybookOutcome,
  PlaybookReport,
} from "../../engine/core.ts";
import type { PlaybookCell } from "./derived-health.ts";
import { HealthFieldsElement, levelMark } from "./health-field.ts";
import { LEVELS, type PlaybookSum, playbookMethod, playbookSentences } from "./health-words.ts";

/** Another playbook is wanted: what becomes of the one asked for last. */
export class PlaybookEvent extends Event {
  static readonly type = "rc-playbook";
  readonly change: (before: Playbook) => Playbook;

  constructor(change: PlaybookEvent["change"]) {
    super(PlaybookEvent.type, { bubbles: true });
    this.change = change;
  }
}

/** A figure of the playbook is chosen: a sum over all levels, or a cell of one. */
export class PlaybookFigureEvent extends Event {
  static readonly type = "rc-playbook-figure";
  readonly figure: PlaybookSum | { readonly of: PlaybookOutcome; readonly cell: PlaybookCell };

  constructor(figure: PlaybookFigureEvent["figure"]) {
    super(PlaybookFigureEvent.type, { bubbles: true });
    this.figure = figure;
  }
}

/** The playbook. */
export class HealthPlaybookElement extends HealthFieldsElement<PlaybookReport> {
  #change(change: PlaybookEvent["change"]): void {
    this.dispatchEvent(new PlaybookEvent(change));
  }

  #changeLevel(level: PlaybookLevel["level"], changed: Partial<PlaybookLevel>): void {
    this.#change((before) => ({
      ...before,
      levels: before.levels.map((one) => (one.level === level ? { ...one, ...changed } : one)),
    }));
  }

  /** How many stay in one level, as a field. */
  #stay(
    one: PlaybookReport["levels"][number],
    field: "retainedWith" | "retainedWithout",
    words: string,
  ): TemplateResult {
    const { level, [field]: value } = one;
    return this.field({
      id: `${field}-${level}`,
      label: `${LEVELS[level].name}: ${words}`,
      value,
      kind: "share",
      unit: "%",
      onValue: (typed) => this.#changeLevel(level, { [field]: typed }),
    });
  }

  /** A figure as the button that opens it. */
  #figure(figure: PlaybookFigureEvent["figure"], words: string): TemplateResult {
    const open = () => this.dispatchEvent(new PlaybookFigureEvent(figure));
    return html`<button type="button" class="worked" aria-haspopup="dialog" @click=${open}>${words}</button>`;
  }

  override render(): TemplateResult | typeof nothing {
    const { report, format } = this;
    if (report === null) return nothing;
    const hasRevenue = report.savedRevenue != null;
    return html`
      <div class="result" role="status">
        ${playbookSentences(report, format).map((pieces) => html`<p>${pieces.map((piece) => (typeof piece === "string" ? piece : this.#figure(piece.sum, piece.words)))}</p>`)}
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label="Playbook by level">
        <table class="playbook fields">
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
                <tr class="own-line" data-level=${one.level}>
                  <th scope="row">${levelMark(one.level)}</th>
                  <td data-name="Accounts" class="number">${this.#figure({ of: one, cell: "customers" }, format.count(one.customers))}</td>
                  ${hasRevenue ? html`<td data-name="Revenue a month" class="number">${one.revenue == null ? "" : this.#figure({ of: one, cell: "revenue" }, format.money(one.revenue))}</td>` : nothing}
                  <td data-name="Stay with it">${this.#stay(one, "retainedWith", "stay with the playbook")}</td>
                  <td data-name="Stay without">${this.#stay(one, "retainedWithout", "stay without it")}</td>
                  <td data-name="Saved accounts" class="number">${this.#figure({ of: one, cell: "savedCustomers" }, format.ratio(one.savedCustomers))}</td>
                  ${hasRevenue ? html`<td data-name="Saved revenue" class="number">${one.savedRevenue == null ? "" : this.#figure({ of: one, cell: "savedRevenue" }, format.money(one.savedRevenue))}</td>` : nothing}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
      <p class="settings">
        <span>Cost of acting on all of them ${this.field({ id: "cost", label: "Cost of the programme", value: report.playbook.cost ?? null, kind: "money", unit: format.currency ?? undefined, onValue: (cost) => this.#change((before) => ({ ...before, cost })), onEmpty: () => this.#change(({ cost: _before, ...rest }) => rest) })}</span>
        <span>Revenue counts for ${this.field({ id: "months", label: "Months that revenue counts for", value: report.playbook.months, kind: "ratio", unit: "months", onValue: (months) => this.#change((before) => ({ ...before, months })) })}</span>
      </p>
      <p class="aside">${playbookMethod(report)}</p>
    `;
  }

  static override styles = [
    super.styles,
    css`
      .result {
        display: grid;
        gap: var(--rc-space-1);
      }

      .playbook {
        min-inline-size: 640px;
      }

      @container (max-width: 619px) {
        .own-line {
          gap: 2px var(--rc-space-1);
          padding-block: var(--rc-space-1);
        }
        .own-line :is(th, td) {
          display: flex;
          align-items: center;
          justify-content: space-between;
          grid-column: 1 / -1;
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
      }
    `,
  ];
}

declare global {
  interface HTMLElementEventMap {
    "rc-playbook": PlaybookEvent;
    "rc-playbook-figure": PlaybookFigureEvent;
  }
}
