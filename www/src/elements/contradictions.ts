/**
 * What several files say of one customer that cannot all be true, with the rows of both and the
 * choice of who is believed.
 *
 * It decides nothing: a choice goes out as an option, and the report that comes back holds by it.
 */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import type { Contradiction, ContradictionCase, FilesReport, Stated } from "../engine/core.ts";
import { toCsv } from "./charts/csv.ts";
import { fileNameOf, saveFile } from "./charts/download.ts";
import { controls } from "./controls.styles.ts";
import { type Format, formatFor } from "./format.ts";
import { OptionsEvent } from "./inward-events.ts";
import { cell } from "./text.ts";
import { WideTables, wideTablesStyles } from "./wide-tables.ts";
import { contradictionWords } from "./words.ts";

/** How many cases are shown before the reader asks for all. */
const CASES_SHOWN = 5;

export class Contradictions extends LitElement {
  static override properties: PropertyDeclarations = {
    files: { attribute: false },
    locale: {},
    currency: {},
    busy: { type: Boolean },
    opened: { state: true },
  };

  declare files: FilesReport | null;
  declare locale: string;
  declare currency: string | null;
  declare busy: boolean;
  /** The codes whose cases are all shown. */
  declare protected opened: ReadonlySet<string>;

  constructor() {
    super();
    new WideTables(this);
    this.files = null;
    this.locale = "";
    this.currency = null;
    this.busy = false;
    this.opened = new Set();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { files } = this;
    if (files === null) {
      return nothing;
    }
    const format = formatFor(this.locale, this.currency);
    const open = files.contradictions.filter(({ choices }) => 1 < choices.length);
    const told = files.contradictions.filter(({ choices }) => choices.length <= 1);
    return html`
      <h2 id="title">What contradicts</h2>
      <p class="muted">
        ${
          files.contradictions.length === 0
            ? "The files say nothing that cannot all be true."
            : html`
              Where the files say different things of a customer, the subscriptions count until you
              choose otherwise. Two dates of one leaving may lie ${files.daysApart} days apart.
            `
        }
      </p>
      ${open.map((one) => this.#renderOne(one, format))}
      ${
        told.length === 0
          ? nothing
          : html`
            <section>
              <h3>Nothing to choose, but worth a look</h3>
              ${told.map(
                (one) => html`
                  <details data-code=${one.code}>
                    <summary>
                      ${contradictionWords(one.code).title}:
                      ${format.counted(one.customers, "customer")}
                    </summary>
                    ${this.#renderCases(one, format)}
                  </details>
                `,
              )}
            </section>
          `
      }
      ${
        files.notCompared.length === 0
          ? nothing
          : html`<p class="small muted">${files.notCompared.join(" ")}</p>`
      }
    `;
  }

  #renderOne(one: Contradiction, format: Format): TemplateResult {
    return html`
      <section data-code=${one.code} aria-labelledby=${one.code}>
        <h3 id=${one.code}>
          ${contradictionWords(one.code).title}
          <span class="count"
            >${format.counted(one.customers, "customer")}${
              one.revenue === null ? "" : `, ${format.value(one.revenue, "money")} a month`
            }</span
          >
        </h3>
        ${this.#renderChoices(one)} ${this.#renderCases(one, format)}
      </section>
    `;
  }

  #renderCases(one: Contradiction, format: Format): TemplateResult {
    const words = contradictionWords(one.code);
    const isOpen = this.opened.has(one.code);
    const shown = isOpen ? one.cases : one.cases.slice(0, CASES_SHOWN);
    const hasRevenue = one.revenue !== null;
    return html`
      <div class="cases">
        <div class="scroll" tabindex="0" role="region" aria-label=${words.title}>
          <table class="stacks">
            <thead>
              <tr>
                <th scope="col">Customer</th>
                <th scope="col">${words.one}</th>
                <th scope="col">${words.other}</th>
                ${hasRevenue ? html`<th scope="col" class="number">Revenue</th>` : nothing}
              </tr>
            </thead>
            <tbody>
              ${shown.map(
                (row) => html`
                  <tr>
                    <th scope="row"><bdi>${cell(row.customer)}</bdi></th>
                    <td>${this.#renderStated(row.one, format)}</td>
                    <td>${this.#renderStated(row.other, format)}</td>
                    ${
                      hasRevenue
                        ? html`<td class="number">
                            ${row.revenue === null ? "" : format.value(row.revenue, "money")}
                          </td>`
                        : nothing
                    }
                  </tr>
                `,
              )}
            </tbody>
          </table>
        </div>
        <p class="row small">
          ${
            one.cases.length <= CASES_SHOWN
              ? nothing
              : html`
                <button
                  type="button"
                  class="link"
                  aria-expanded=${isOpen ? "true" : "false"}
                  @click=${() => this.#toggle(one.code)}
                >
                  ${isOpen ? "Show fewer" : `Show all ${format.count(one.cases.length)}`}
                </button>
              `
          }
          <button type="button" class="link" @click=${() => this.#save(one)}>Download as CSV</button>
          ${
            one.cases.length < one.customers
              ? html`<span class="muted">The first ${format.count(one.cases.length)}, by revenue.</span>`
              : nothing
          }
        </p>
      </div>
    `;
  }

  #renderChoices(one: Contradiction): TemplateResult | typeof nothing {
    if (one.choices.length <= 1) {
      return nothing;
    }
    const words = contradictionWords(one.code);
    return html`
      <fieldset ?disabled=${this.busy}>
        <legend class="small muted">Who is right</legend>
        ${one.choices.map(
          (rule) => html`
            <label>
              <input
                type="radio"
                name=${one.code}
                value=${rule}
                .checked=${one.rule === rule}
                @change=${() => this.#choose(one.code, rule)}
              />
              ${words.choices?.[rule] ?? rule}
            </label>
          `,
        )}
      </fieldset>
    `;
  }

  #renderStated(stated: Stated | null, format: Format): TemplateResult {
    return stated === null
      ? html`<span class="muted">none</span>`
      : html`
        ${stated.date === null ? nothing : html`${format.date(stated.date)}, `}<span class="muted"
          >row ${stated.row} of <bdi>${cell(stated.file)}</bdi></span
        >
      `;
  }

  #toggle(code: string): void {
    const opened = new Set(this.opened);
    if (!opened.delete(code)) {
      opened.add(code);
    }
    this.opened = opened;
  }

  #choose(code: string, rule: string): void {
    const inForce = (this.files?.contradictions ?? [])
      .filter(({ choices }) => 1 < choices.length)
      .map((one) => [one.code, one.rule]);
    const rules: Record<string, string> = { ...Object.fromEntries(inForce), [code]: rule };
    this.dispatchEvent(new OptionsEvent({ rules }));
  }

  #save(one: Contradiction): void {
    const side = (stated: Stated | null) => [
      stated?.file ?? null,
      stated?.row ?? null,
      stated?.date ?? null,
    ];
    const row = ({ customer, one: first, other, revenue }: ContradictionCase) => [
      customer,
      ...side(first),
      ...side(other),
      revenue,
    ];
    const header = [
      "customer",
      "file",
      "row",
      "date",
      "other_file",
      "other_row",
      "other_date",
      "revenue",
    ];
    saveFile(
      new Blob([toCsv(header, one.cases.map(row))], { type: "text/csv" }),
      fileNameOf(one.code, "csv"),
    );
  }

  static override styles = [
    controls,
    wideTablesStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-3);
      }

      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-1);
        padding-block-start: var(--rc-space-2);
        border-block-start: 1px solid var(--rc-line);
      }

      h3 {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 var(--rc-space-2);
      }

      .count {
        font-weight: 400;
        font-variant-numeric: tabular-nums;
        color: var(--rc-text-muted);
      }

      .cases {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-1);
      }

      details .cases {
        padding-block: var(--rc-space-1) var(--rc-space-2);
      }

      summary {
        inline-size: fit-content;
        min-block-size: 28px;
      }

      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--rc-space-3);
      }

      legend {
        padding-block-end: var(--rc-space-half);
        font-weight: 400;
      }

      label {
        display: inline-flex;
        align-items: center;
        gap: var(--rc-space-1);
        min-block-size: 28px;
      }

      input[type="radio"] {
        inline-size: 16px;
        block-size: 16px;
        min-block-size: 0;
        margin: 0;
        accent-color: var(--rc-accent);
      }

      tbody th {
        font-weight: 500;
      }

      td:not(.number) {
        text-align: start;
        white-space: normal;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rc-space-2);
      }
    `,
  ];
}
