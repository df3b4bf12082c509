/**
 * `<rc-health-sheet>`: the sheet of rules as a table of fields, with what the file knows of each
 * signal. What is typed goes out as a whole new sheet.
 *
 * It scores nothing and refuses nothing: the core does.
 */

import { css, html, nothing, type TemplateResult } from "lit";
import type {
  RiskCategory,
  RiskCombine,
  RiskGroup,
  RiskReport,
  RiskRule,
  RiskSheet,
} from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { cell } from "../text.ts";
import { HealthFieldsElement } from "./health-field.ts";
import { boundWords, CATEGORIES, entryKind, isSameSheet, SIGNALS } from "./health-words.ts";

/** Another sheet is wanted: what becomes of the one asked for last. */
export class SheetEvent extends Event {
  static readonly type = "rc-sheet";
  readonly change: (before: RiskSheet) => RiskSheet;

  constructor(change: SheetEvent["change"]) {
    super(SheetEvent.type, { bubbles: true });
    this.change = change;
  }
}

const BOUNDS = [
  ["atLeast", "from"],
  ["below", "under"],
  ["atMost", "to"],
] as const;

/** The sheet. */
export class HealthSheetElement extends HealthFieldsElement<RiskReport> {
  #change(change: (before: RiskSheet) => Partial<RiskSheet>): void {
    this.dispatchEvent(new SheetEvent((before) => ({ ...before, ...change(before) })));
  }

  #changeRule({ id }: RiskGroup, rule: RiskRule, changed: Partial<RiskRule>): void {
    this.#changeGroup(id, (group) => ({
      ...group,
      rules: group.rules.map((one) => (one.id === rule.id ? { ...one, ...changed } : one)),
    }));
  }

  #changeGroup(id: RiskGroup["id"], change: (before: RiskGroup) => RiskGroup): void {
    this.#change(({ groups }) => ({
      groups: groups.map((one) => (one.id === id ? change(one) : one)),
    }));
  }

  #field(
    id: string,
    label: string,
    value: number,
    onValue: (value: number) => void,
    unit?: string,
    kind: "ratio" | "share" = "ratio",
  ): TemplateResult {
    return this.field({ id, label, value, kind, unit, onValue });
  }

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (report === null) return nothing;
    const { sheet } = report;
    const isPublished = isSameSheet(sheet, { ...report.published, method: sheet.method });
    const categories = Object.keys(CATEGORIES) as RiskCategory[];
    return html`
      <div class="toolbar">
        <p class="aside">
          ${isPublished ? "Rules, points and levels are as published." : "This sheet differs from the published one."}
          Every number can be typed over; the accounts are scored anew at once.
        </p>
        ${
          isPublished
            ? nothing
            : html`<button type="button" data-reset @click=${() => {
                this.typing = {};
                this.#change(({ method }) => ({ ...report.published, method }));
              }}>Back to the published sheet</button>`
        }
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label="Rules">
        <table class="sheet fields">
          <thead>
            <tr>
              <th scope="col">Signal</th>
              <th scope="col">Fires at</th>
              <th scope="col">Points</th>
              <th scope="col">In this file</th>
            </tr>
          </thead>
          ${categories.map((category) => this.#category(category, report))}
        </table>
      </div>
      ${this.#settings(report)}
    `;
  }

  #category(category: RiskCategory, report: RiskReport): TemplateResult {
    const { sheet, attainable } = report;
    const format = this.format;
    const most = attainable.categories.find((one) => one.category === category);
    const name = CATEGORIES[category];
    return html`
      <tbody data-category=${category}>
        <tr class="category">
          <th scope="rowgroup" colspan="4">
            <div class="heading">
              <span>${name}</span>
              <span class="small">
                weight ${this.#field(`weight-${category}`, `Weight of ${name.toLowerCase()}`, sheet.weights[category], (value) => this.#change(({ weights }) => ({ weights: { ...weights, [category]: value } })))}
                ${sheet.method === "points" ? html`<span class="muted">not used by this method</span>` : nothing}
              </span>
              <span class="small muted">at most ${format.ratio(most?.points ?? 0)} points${sheet.method === "weighted" ? `, ${format.ratio(most?.score ?? 0)} of the score` : ""}</span>
            </div>
          </th>
        </tr>
        ${sheet.groups
          .filter((group) => group.category === category)
          .map((group) => this.#group(group, report, format))}
      </tbody>
    `;
  }

  #group(group: RiskGroup, report: RiskReport, format: Format): TemplateResult {
    const isLadder = new Set(group.rules.map(({ signal }) => signal)).size === 1;
    return html`
      ${group.rules.map((rule) => this.#rule(group, rule, report, format))}
      ${
        isLadder
          ? nothing
          : html`
            <tr class="combine">
              <td colspan="4">
                <label for="combine-${group.id}">If several of these fire</label>
                <select
                  id="combine-${group.id}"
                  @change=${(event: Event) =>
                    this.#changeGroup(group.id, (before) => ({
                      ...before,
                      combine: (event.target as HTMLSelectElement).value as RiskCombine,
                    }))}
                >
                  <option value="highest" ?selected=${group.combine === "highest"}>the highest counts</option>
                  <option value="sum" ?selected=${group.combine === "sum"}>they add up</option>
                </select>
              </td>
            </tr>
          `
      }
    `;
  }

  #rule(group: RiskGroup, rule: RiskRule, report: RiskReport, format: Format): TemplateResult {
    const { name, kind } = SIGNALS[rule.signal];
    const known = report.signals.find(({ signal }) => signal === rule.signal);
    const unit = kind === "share" ? "%" : kind === "days" ? "days" : undefined;
    const words = boundWords(rule, format);
    return html`
      <tr class="own-line" data-rule=${rule.id}>
        <th scope="row">${name}</th>
        <td>
          ${
            kind === "flag"
              ? "yes"
              : html`<span class="bounds">${BOUNDS.filter(([bound]) => rule[bound] != null).map(
                  ([bound, word]) =>
                    html`<span>${word} ${this.#field(
                      `${rule.id}-${bound}`,
                      `${name}: ${word}`,
                      rule[bound] ?? 0,
                      (value) => this.#changeRule(group, rule, { [bound]: value }),
                      unit,
                      entryKind(kind) === "share" ? "share" : "ratio",
                    )}</span>`,
                )}</span>`
          }
        </td>
        <td>${this.#field(`${rule.id}-points`, `Points for ${name.toLowerCase()}, ${words}`, rule.points, (points) => this.#changeRule(group, rule, { points }))}</td>
        <td class="small">
          ${
            known === undefined || known.columns.length === 0
              ? html`<span class="muted">no column</span>`
              : html`${known.columns.map((column, index) => html`${index === 0 ? "" : " ÷ "}<code><bdi>${cell(column)}</bdi></code>`)}, known for ${format.count(known.known)}`
          }
        </td>
      </tr>
    `;
  }

  #settings({ sheet, attainable }: RiskReport): TemplateResult {
    const format = this.format;
    const level = (name: "critical" | "high" | "medium") => html`
      <span>${name} from ${this.#field(`level-${name}`, `${name} from`, sheet.levels[name], (value) => this.#change(({ levels }) => ({ levels: { ...levels, [name]: value } })))}</span>
    `;
    return html`
      <div class="settings">
        <p>Levels: ${level("critical")} ${level("high")} ${level("medium")} <span class="muted">low below, of ${format.ratio(attainable.score)} at most</span></p>
        <p>
          Medium and low need
          ${this.#field("known-at-least", "Least share known", sheet.knownAtLeast, (knownAtLeast) => this.#change(() => ({ knownAtLeast })), "%", "share")}
          of the attainable score to be known. High and critical stand without, since more knowledge can only raise a score.
        </p>
        <p class="check">
          <input
            type="checkbox"
            id="untracked"
            .checked=${sheet.untracked === "leftOut"}
            @change=${(event: Event) =>
              this.#change(() => ({
                untracked: (event.target as HTMLInputElement).checked ? "leftOut" : "missing",
              }))}
          />
          <label for="untracked">Leave out the rules on signals that this file has no column for. Without this they count as not known.</label>
        </p>
      </div>
    `;
  }

  static override styles = [
    super.styles,
    css`
      .sheet {
        min-inline-size: 620px;
      }

      .sheet td,
      .sheet tbody th {
        padding-block: 6px;
      }

      .sheet tbody th[scope="row"] {
        font-weight: 400;
      }

      .sheet tbody .category th {
        padding-block-start: var(--rc-space-3);
        border-block-end-color: var(--rc-line-strong);
      }

      .heading {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--rc-space-half) var(--rc-space-2);
      }

      .heading .small {
        font-weight: 400;
      }

      .bounds {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rc-space-half) var(--rc-space-2);
      }

      .combine td {
        padding-block-end: var(--rc-space-2);
      }

      .combine label,
      .combine select {
        display: inline-block;
        inline-size: auto;
        min-block-size: 32px;
        font-size: var(--rc-text-s);
      }

      @container (max-width: 619px) {
        .own-line {
          align-items: center;
          gap: 0 var(--rc-space-1);
          padding-block: 6px;
        }
        .own-line:is(tr) :is(th, td) {
          padding: 0;
        }
        .own-line :is(th, td:last-child) {
          grid-column: 1 / -1;
        }
        .own-line td:nth-child(3)::after {
          content: " points";
          color: var(--rc-text-muted);
        }
      }

      .settings {
        display: grid;
        gap: var(--rc-space-1);
      }

      .settings p {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--rc-space-half) var(--rc-space-1);
        max-inline-size: none;
      }

      .check {
        flex-wrap: nowrap !important;
      }

      .check label {
        color: inherit;
      }
    `,
  ];
}

declare global {
  interface HTMLElementEventMap {
    "rc-sheet": SheetEvent;
  }
}
