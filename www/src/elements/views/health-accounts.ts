/**
 * `<rc-health-accounts>`: the scored accounts as a table that can be searched, sorted and opened,
 * with what fired, how much is known, and a CSV of all of it.
 *
 * It scores nothing, and it shows what the report lists.
 */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { LeftAccount, RiskAccount, RiskLevel, RiskReport } from "../../engine/core.ts";
import { toCsv } from "../charts/csv.ts";
import { saveFile } from "../charts/download.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import { cell } from "../text.ts";
import { healthFieldStyles, levelMark } from "./health-field.ts";
import { firedWords, LEVELS, rangeWords, SIGNALS, scoreWords } from "./health-words.ts";
import { viewStyles } from "./view.styles.ts";

/** How many rows are added at a time. */
const ROWS_SHOWN = 25;

/** An account in the table: scored, or with nothing but what is known of one that has left. */
export type ListedAccount = LeftAccount & Partial<RiskAccount>;

/** What of an account a figure of its group is made of. */
export type AccountFact = "scoreDay90" | "daysToFirstValue" | "retainedTwelveMonths";

/** What each is called above its column. */
const FACTS: Readonly<Record<AccountFact, string>> = {
  scoreDay90: "Score on day 90",
  daysToFirstValue: "Days to first value",
  retainedTwelveMonths: "There after twelve months",
};

type SortKey = "level" | "customer" | "score" | "known" | "owner" | "revenue" | "renewal" | "fact";

const LEVEL_ORDER: Readonly<Record<RiskLevel, number>> = {
  critical: 0,
  high: 1,
  medium: 2,
  low: 3,
  unknown: 4,
};

/** Behind all levels: accounts that have left. */
const LEFT_ORDER = 5;

/** What rows are sorted by; nothing comes last either way. */
const SORTED_BY: Readonly<
  Record<Exclude<SortKey, "fact">, (account: ListedAccount) => number | string | null>
> = {
  level: ({ level }) => (level === undefined ? LEFT_ORDER : LEVEL_ORDER[level]),
  customer: ({ customer }) => customer,
  score: ({ score }) => score ?? null,
  known: ({ knownShare }) => knownShare ?? null,
  owner: ({ owner }) => owner ?? null,
  revenue: ({ revenue }) => revenue ?? null,
  renewal: ({ renewal }) => renewal ?? null,
};

/** Keys whose most telling end is the high one. */
const FROM_HIGH = new Set<SortKey>(["score", "revenue"]);

/** Scored accounts. */
export class HealthAccountsElement extends LitElement {
  static override properties = {
    report: { attribute: false },
    locale: {},
    currency: {},
    among: { attribute: false },
    fact: { attribute: false },
    label: {},
    level: { state: true },
    search: { state: true },
    sort: { state: true },
    isDescending: { state: true },
    nShown: { state: true },
    opened: { state: true },
  };

  declare report: RiskReport | null;
  declare locale: string;
  declare currency: string;
  /** Which accounts are meant, those that have left among them; the scored ones without it. */
  declare among: ((one: ListedAccount) => boolean) | null;
  /** What of them has a column of its own. */
  declare fact: AccountFact | "";
  /** What they are read out as. */
  declare label: string;
  /** The level that is shown; all of them where it is empty. */
  declare protected level: RiskLevel | "";
  declare protected search: string;
  declare protected sort: SortKey;
  declare protected isDescending: boolean;
  declare protected nShown: number;
  declare protected opened: string;

  constructor() {
    super();
    this.report = null;
    this.locale = "";
    this.currency = "";
    this.among = null;
    this.fact = "";
    this.label = "Accounts";
    this.level = "";
    this.search = "";
    this.sort = "level";
    this.isDescending = false;
    this.nShown = ROWS_SHOWN;
    this.opened = "";
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("among")) {
      this.level = "";
      this.search = "";
      this.opened = "";
      this.sort = this.fact === "" ? "level" : "fact";
      this.isDescending = false;
    }
    if (["level", "search", "sort", "isDescending"].some((name) => changed.has(name))) {
      this.nShown = ROWS_SHOWN;
    }
  }

  get #format(): Format {
    return formatFor(this.locale, this.currency || this.report?.input.currency);
  }

  /** All that are meant, in the order of the core. */
  #all(): readonly ListedAccount[] {
    const { report, among } = this;
    if (report === null) return [];
    return among === null
      ? report.accounts
      : [...report.accounts, ...report.leftAccounts].filter(among);
  }

  /** The rows in the order of the core, which sorting keeps among equals. */
  #rows(all: readonly ListedAccount[]): ListedAccount[] {
    const wanted = this.search.trim().toLocaleLowerCase();
    const rows = all.filter(
      ({ customer, owner, cohort, level }) =>
        (this.level === "" || level === this.level) &&
        (wanted === "" ||
          [customer, owner, cohort].some((text) => text?.toLocaleLowerCase().includes(wanted))),
    );
    if (this.sort === "level" && !this.isDescending) return rows;
    const { fact, sort } = this;
    const by = (one: ListedAccount): number | string | null =>
      sort === "fact"
        ? fact === ""
          ? null
          : Number(one[fact] ?? Number.NaN)
        : SORTED_BY[sort](one);
    const sign = this.isDescending ? -1 : 1;
    return rows.toSorted((a, b) => {
      const [x, y] = [by(a), by(b)].map((key) => (Number.isNaN(key) ? null : key));
      if (x == null || y == null) return Number(x == null) - Number(y == null);
      return x === y ? 0 : x < y ? -sign : sign;
    });
  }

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (report === null) return nothing;
    const format = this.#format;
    const all = this.#all();
    const rows = this.#rows(all);
    // Beside what a figure is made of, the rest of an account is one press away.
    const isWhole = this.fact === "";
    const has: Columns = {
      fact: this.fact,
      fired: isWhole,
      owner: report.owners != null,
      revenue: report.revenue != null,
      renewal: isWhole && all.some(({ renewal }) => renewal != null),
    };
    return html`
      <div class="toolbar">
        <div class="filters">
          <span>
            <label for="search">Find an account${has.owner ? ", owner or cohort" : ""}</label>
            <input
            id="search"
            type="search"
            autocomplete="off"
            spellcheck="false"
            .value=${this.search}
            @input=${(event: InputEvent) => {
              this.search = (event.target as HTMLInputElement).value;
            }}
            />
          </span>
          <span>
            <label for="level">Level</label>
            <select
            id="level"
            .value=${this.level}
            @change=${(event: Event) => {
              this.level = (event.target as HTMLSelectElement).value as RiskLevel | "";
            }}
          >
            <option value="">All levels</option>
            ${Object.entries(LEVELS).map(
              ([level, { name }]) =>
                html`<option value=${level} ?selected=${level === this.level}>${name}</option>`,
            )}
            </select>
          </span>
        </div>
        <button type="button" @click=${() => this.#save(rows)}>Save as CSV</button>
      </div>
      <p class="aside" role="status">
        ${this.#countWords(rows.length, report, format)}
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label=${this.label}>
        <table class="accounts ${isWhole ? "" : "narrow"}">
          <thead>
            <tr>
              ${this.#head("customer", "Account")} ${has.fact === "" ? nothing : this.#head("fact", FACTS[has.fact], true)}
              ${this.#head("level", "Level")} ${this.#head("score", "Score", true)}
              ${has.fired ? html`${this.#head("known", "Known", true)}<th scope="col">What fired</th>` : nothing}
              ${has.owner ? this.#head("owner", "Owner") : nothing}
              ${has.revenue ? this.#head("revenue", "Revenue a month", true) : nothing}
              ${has.renewal ? this.#head("renewal", "Renewal") : nothing}
            </tr>
          </thead>
          <tbody>
            ${rows.slice(0, this.nShown).map((account) => this.#row(account, has, format))}
          </tbody>
        </table>
      </div>
      ${
        report.accounts.length < report.customers && this.among === null
          ? html`<p><button type="button" data-all @click=${() => this.#listAll()}>List all ${format.count(report.customers)}</button></p>`
          : nothing
      }
      ${
        this.nShown < rows.length
          ? html`<p><button type="button" @click=${() => {
              this.nShown += 4 * ROWS_SHOWN;
            }}>Show more</button></p>`
          : nothing
      }
    `;
  }

  #listAll(): void {
    this.dispatchEvent(new Event("rc-list-all"));
  }

  #countWords(nRows: number, report: RiskReport, format: Format): string {
    const shown = Math.min(nRows, this.nShown);
    const listed = report.accounts.length;
    const cut =
      listed < report.customers
        ? ` The ${format.count(listed)} at the highest levels are listed; all of them are counted.`
        : "";
    return `${format.count(shown)} of ${format.counted(nRows, "account")} shown.${cut}`;
  }

  #head(key: SortKey, name: string, isNumber = false): TemplateResult {
    const isSorted = this.sort === key;
    const direction = this.isDescending ? "descending" : "ascending";
    return html`
      <th scope="col" class=${isNumber ? "number" : ""} aria-sort=${isSorted ? direction : "none"}>
        <button type="button" class="sort" data-sort=${key} @click=${() => this.#sortBy(key)}>
          ${name}<span aria-hidden="true">${isSorted ? (this.isDescending ? " ↓" : " ↑") : ""}</span>
        </button>
      </th>
    `;
  }

  #sortBy(key: SortKey): void {
    this.isDescending = this.sort === key ? !this.isDescending : FROM_HIGH.has(key);
    this.sort = key;
  }

  #row(account: ListedAccount, has: Columns, format: Format): TemplateResult {
    const { customer } = account;
    const isOpen = this.opened === customer;
    const nColumns =
      3 +
      2 * Number(has.fired) +
      Number(has.fact !== "") +
      Number(has.owner) +
      Number(has.revenue) +
      Number(has.renewal);
    const name = html`<bdi>${cell(customer)}</bdi>`;
    return html`
      <tr data-level=${account.level ?? "left"}>
        <th scope="row">
          ${
            isScored(account)
              ? html`<button
                type="button"
                class="worked"
                aria-expanded=${isOpen ? "true" : "false"}
                @click=${() => {
                  this.opened = isOpen ? "" : customer;
                }}
              >${name}</button>`
              : name
          }
        </th>
        ${has.fact === "" ? nothing : html`<td class="number fact" data-name=${FACTS[has.fact]}>${factWords(account[has.fact], format)}</td>`}
        ${isScored(account) ? this.#scored(account, has, format) : html`<td class="muted" colspan=${has.fired ? 4 : 2}>has left</td>`}
        ${has.owner ? html`<td class="owner"><bdi>${cell(account.owner ?? "")}</bdi></td>` : nothing}
        ${has.revenue ? html`<td class="number">${account.revenue == null ? html`<span class="muted">${isScored(account) ? "not known" : ""}</span>` : format.money(account.revenue)}</td>` : nothing}
        ${has.renewal ? html`<td class="date">${account.renewal == null ? "" : format.date(account.renewal)}</td>` : nothing}
      </tr>
      ${isOpen && isScored(account) ? html`<tr class="opened"><td colspan=${nColumns}>${this.#details(account, format)}</td></tr>` : nothing}
    `;
  }

  /** The cells of an account that has a level. */
  #scored(account: RiskAccount, has: Columns, format: Format): TemplateResult {
    const counted = account.fired.filter(({ adds }) => 0 < adds);
    const top = counted.slice(0, 2).map(({ signal, value }) => firedWords(signal, value, format));
    const nMore = counted.length - top.length;
    return html`
        <td>${levelMark(account.level)}</td>
        <td class="number">
          ${scoreWords(account, format)}
          ${
            account.low === account.high
              ? nothing
              : html`<span class="range">${rangeWords(account, format)}</span>`
          }
        </td>
        ${
          has.fired
            ? html`<td class="number known">${format.share(account.knownShare, 0)}</td>
        <td class="fired">
          ${top.length === 0 ? html`<span class="muted">${account.missing.length === 0 ? "nothing" : "nothing that is known"}</span>` : top.join("; ")}${nMore > 0 ? html`<span class="muted">; ${format.count(nMore)} more</span>` : nothing}
        </td>`
            : nothing
        }
    `;
  }

  /** How the score of one account comes about. */
  #details(account: RiskAccount, format: Format): TemplateResult {
    const { sheet } = this.report as RiskReport;
    const weighted = sheet.method === "weighted";
    return html`
      <div class="details">
        ${
          account.fired.length === 0
            ? html`<p>No rule fires on what is known.</p>`
            : html`
              <ul>
                ${account.fired.map(
                  ({ signal, value, points, adds }) => html`
                    <li>
                      <span class="number adds">${adds === 0 ? "0" : `+${format.ratio(adds)}`}</span>
                      <span>${firedWords(signal, value, format)}${
                        adds === 0
                          ? html`<span class="muted">: ${format.ratio(points)} points, not counted, since a higher rule of its group fires</span>`
                          : weighted
                            ? html`<span class="muted"> (${format.ratio(points)} points)</span>`
                            : nothing
                      }</span>
                    </li>
                  `,
                )}
                <li class="sum"><span class="number adds">${format.ratio(account.low)}</span> <span>score of what is known</span></li>
              </ul>
            `
        }
        ${
          account.missing.length === 0
            ? html`<p class="muted">Every signal is known.</p>`
            : html`<p class="muted">
              Not known: ${format.list(account.missing.map((signal) => lower(SIGNALS[signal].name)))}.
              If all of that were bad, the score would be ${format.ratio(account.high)}
              (${LEVELS[account.levelAtWorst].name.toLowerCase()}).
            </p>`
        }
        <p class="muted small">Row ${account.row} of the file${account.cohort == null ? "" : html`, cohort <bdi>${cell(account.cohort)}</bdi>`}.</p>
      </div>
    `;
  }

  #save(rows: readonly ListedAccount[]): void {
    const format = formatFor("en");
    const text = toCsv(
      [
        "account",
        "row",
        "level",
        "score",
        "lowest",
        "highest",
        "known_share",
        "fired",
        "missing",
        "owner",
        "cohort",
        "revenue_per_month",
        "renewal",
        "score_day_90",
        "days_to_first_value",
        "retained_twelve_months",
      ],
      rows.map((one) => [
        one.customer,
        one.row,
        one.level ?? "left",
        one.score ?? null,
        one.low ?? null,
        one.high ?? null,
        one.knownShare ?? null,
        (one.fired ?? [])
          .map(({ signal, value, adds }) => `${firedWords(signal, value, format)} +${adds}`)
          .join("; "),
        (one.missing ?? []).join("; "),
        one.owner ?? null,
        one.cohort ?? null,
        one.revenue ?? null,
        one.renewal ?? null,
        one.scoreDay90 ?? null,
        one.daysToFirstValue ?? null,
        one.retainedTwelveMonths == null ? null : one.retainedTwelveMonths ? "yes" : "no",
      ]),
    );
    saveFile(new Blob([text], { type: "text/csv" }), "account-health.csv");
  }

  static override styles = [
    controls,
    viewStyles,
    healthFieldStyles,
    css`
      :host {
        display: grid;
        gap: var(--rc-space-1);
        grid-template-columns: minmax(0, 1fr);
      }

      .filters,
      .filters span {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--rc-space-half) var(--rc-space-1);
      }

      .filters {
        column-gap: var(--rc-space-2);
      }

      .filters input {
        inline-size: 14em;
      }

      .filters select {
        inline-size: auto;
      }

      .accounts {
        min-inline-size: 760px;
      }

      .accounts.narrow {
        min-inline-size: 0;
      }

      .accounts thead th {
        white-space: nowrap;
      }

      button.sort {
        min-block-size: 24px;
        padding: 0;
        border: 0;
        background: none;
        font: inherit;
        color: inherit;
      }

      button.sort:hover {
        color: var(--rc-accent);
      }

      .accounts tbody th {
        font-weight: 500;
        white-space: nowrap;
      }

      .range {
        display: block;
        color: var(--rc-text-muted);
      }

      .fired {
        min-inline-size: 15em;
      }

      .date {
        white-space: nowrap;
      }

      .accounts tbody th,
      .accounts td {
        vertical-align: top;
      }

      @container (max-width: 619px) {
        .accounts {
          min-inline-size: 0;
        }
        .accounts tr {
          display: grid;
          grid-template-columns: minmax(0, 1fr) auto auto;
          gap: 2px var(--rc-space-2);
          padding-block: var(--rc-space-1);
          border-block-end: 1px solid var(--rc-line);
        }
        .accounts thead tr {
          display: flex;
          flex-wrap: wrap;
        }
        .accounts thead th:not(:has(button)) {
          display: none;
        }
        .accounts :is(th, td) {
          padding: 0;
          border: 0;
        }
        .accounts tbody th {
          min-inline-size: 0;
          white-space: normal;
        }
        .accounts td.known::before {
          content: "known ";
          color: var(--rc-text-muted);
        }
        .accounts td.fact::before {
          content: attr(data-name) ": ";
          color: var(--rc-text-muted);
        }
        .accounts td:is(.fired, .owner, .fact) {
          grid-column: 1 / -1;
        }
        .accounts td.number {
          text-align: start;
        }
        .accounts .range {
          display: inline;
        }
        .accounts .opened td {
          grid-column: 1 / -1;
        }
      }

      .opened td {
        padding-block: var(--rc-space-1) var(--rc-space-2);
        background: var(--rc-surface-sunken);
        padding-inline: var(--rc-space-2);
      }

      .details {
        display: grid;
        gap: var(--rc-space-1);
      }

      .details li {
        display: grid;
        grid-template-columns: 5ch minmax(0, 1fr);
        gap: var(--rc-space-1);
      }

      .details .adds {
        text-align: end;
      }

      .details .sum {
        font-weight: 600;
      }
    `,
  ];
}

/** The columns that are shown beside account, level and score. */
interface Columns {
  readonly fact: AccountFact | "";
  /** How much is known, and what fired. */
  readonly fired: boolean;
  readonly owner: boolean;
  readonly revenue: boolean;
  readonly renewal: boolean;
}

function isScored(account: ListedAccount): account is RiskAccount {
  return account.level !== undefined;
}

function factWords(value: number | boolean | null | undefined, format: Format): TemplateResult {
  if (value == null) return html`<span class="muted">not known</span>`;
  return html`${typeof value === "boolean" ? (value ? "yes" : "no") : format.ratio(value)}`;
}

function lower(text: string): string {
  return /^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
