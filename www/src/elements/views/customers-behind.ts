/**
 * `<rc-customers-behind>`: the customers behind a figure: counted and summed up, to be searched, put
 * in order, opened one by one, and taken along as CSV.
 *
 * It counts and sorts nothing: every list comes from the core, a page at a time.
 */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type {
  CustomerList,
  CustomerQuery,
  CustomerRow,
  CustomerSort,
  MovementClass,
} from "../../engine/core.ts";
import { fileNameOf, saveFile } from "../charts/download.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import { cell, isolated, visible } from "../text.ts";
import { WideTables, wideTablesStyles } from "../wide-tables.ts";
import type { CustomerSource } from "./behind.ts";
import { timeWords } from "./findings.ts";
import { Latest, messageOf } from "./latest.ts";
import { wideTableStyles } from "./wide-table.styles.ts";

/** Rows that are added at a time. */
const N_ROWS = 50;

/** Quiet time before what is typed is searched for. */
const SEARCH_AFTER_MS = 180;

/** How a customer moved, in a word or two. */
const MOVEMENTS: Readonly<Record<MovementClass, string>> = {
  new: "New",
  lost: "Lost",
  reactivated: "Returned",
  expanded: "Pays more",
  contracted: "Pays less",
  retained: "Stayed",
  cameAndWent: "Came and went",
  inactive: "Not active",
};

/** Groups whose customers all moved alike. */
const ONE_MOVEMENT: ReadonlySet<string> = new Set(["lost", "new", "reactivated", "cameAndWent"]);

/** One column of the table. */
interface Column {
  readonly head: string;
  readonly sort: CustomerSort | null;
  readonly isNumber: boolean;
  text(row: CustomerRow): string;
}

/** The list of some customers. */
export class CustomersBehindElement extends LitElement {
  static override properties = {
    query: { attribute: false },
    engine: { attribute: false },
    format: { attribute: false },
    edition: { attribute: false },
    label: {},
    list: { state: true },
    rows: { state: true },
    search: { state: true },
    sort: { state: true },
    descending: { state: true },
    isBusy: { state: true },
    isSaving: { state: true },
    problem: { state: true },
    chosen: { state: true },
  };

  static override styles = [
    controls,
    wideTablesStyles,
    wideTableStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .all {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-2);
      }

      .sums {
        display: grid;
        gap: 2px;
      }

      .sums strong {
        font-weight: var(--rc-weight-strong);
      }

      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        justify-content: space-between;
        gap: var(--rc-space-1) var(--rc-space-2);
      }

      .tools label {
        flex: 1 1 12rem;
        max-inline-size: 22rem;
      }

      .tools button {
        flex: none;
      }

      .box[aria-busy="true"] {
        opacity: 0.6;
      }

      th,
      td {
        white-space: nowrap;
      }

      .box thead th {
        padding-block: 2px;
        vertical-align: baseline;
      }

      .name {
        max-inline-size: 13rem;
        font-weight: 400;
      }

      @container (max-width: 480px) {
        .name {
          max-inline-size: 9rem;
        }
      }

      .box th button {
        gap: 4px;
        min-block-size: 32px;
        color: inherit;
      }

      .box th[aria-sort] button {
        color: var(--rc-text);
        font-weight: var(--rc-weight-strong);
      }

      .box th button:hover {
        color: var(--rc-accent);
      }

      th.number button {
        justify-content: flex-end;
      }

      .box .name button {
        display: inline-block;
        max-inline-size: 100%;
        min-block-size: 24px;
        line-height: 24px;
        overflow: hidden;
        text-overflow: ellipsis;
        text-align: start;
      }

      .box tbody .name button {
        color: var(--rc-accent);
        text-decoration: underline;
        text-decoration-thickness: 1px;
        text-underline-offset: 0.2em;
      }

      .less {
        color: var(--rc-loss-text);
      }

      .more {
        color: var(--rc-gain-text);
      }

      .problem {
        color: var(--rc-error-text);
      }
    `,
  ];

  /** Which customers, and in which order at first. */
  declare query: CustomerQuery | null;
  declare engine: CustomerSource | null;
  declare format: Format;
  /** What changes when the same question has another answer: the report. */
  declare edition: unknown;
  /** What the list is called: `Lost in March 2026`. */
  declare label: string;
  declare protected list: CustomerList | null;
  declare protected rows: readonly CustomerRow[];
  declare protected search: string;
  declare protected sort: CustomerSort;
  declare protected descending: boolean;
  declare protected isBusy: boolean;
  declare protected isSaving: boolean;
  declare protected problem: string;
  /** The customer whose history is shown in place of the list. */
  declare protected chosen: string | null;

  readonly #latest = new Latest();
  #searching: ReturnType<typeof setTimeout> | undefined;
  #asked = "";

  constructor() {
    super();
    new WideTables(this);
    this.query = null;
    this.engine = null;
    this.format = formatFor();
    this.edition = null;
    this.label = "";
    this.list = null;
    this.rows = [];
    this.search = "";
    this.sort = "change";
    this.descending = false;
    this.isBusy = false;
    this.isSaving = false;
    this.problem = "";
    this.chosen = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#searching);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const asked = JSON.stringify(this.query);
    const isOther = asked !== this.#asked;
    if (!isOther && !changed.has("engine") && !changed.has("edition")) return;
    if (isOther) {
      this.#asked = asked;
      this.search = this.query?.search ?? "";
      this.sort = this.query?.sort ?? "change";
      this.descending = this.query?.descending ?? false;
      this.chosen = null;
    }
    this.list = null;
    this.rows = [];
    void this.#load();
  }

  /** Asks for the first rows, or for those behind the ones that are there. */
  async #load(offset = 0): Promise<void> {
    const { engine, query } = this;
    this.#latest.drop();
    if (!engine || !query) return;
    this.isBusy = true;
    const answered = await this.#latest.ask(() =>
      engine.customers({ ...this.#whole(query), offset, limit: N_ROWS }),
    );
    if (answered === null) return;
    const { answer: list } = answered;
    if (list !== null) {
      this.list = list;
      this.rows = offset === 0 ? list.rows : [...this.rows, ...list.rows];
    }
    this.problem = answered.failure;
    this.isBusy = false;
  }

  /** The query as it stands now, for all that match. */
  #whole({ of }: CustomerQuery): CustomerQuery {
    return { of, search: this.search, sort: this.sort, descending: this.descending };
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.engine || !this.query) return nothing;
    if (this.chosen !== null) {
      return html`
        <rc-customer-history
          .engine=${this.engine}
          .format=${this.format}
          .edition=${this.edition}
          .customer=${this.chosen}
          @rc-back=${this.#back}
        ></rc-customer-history>
      `;
    }
    return html`
      <div class="all">
        ${this.problem ? html`<p class="problem" role="alert">The customers cannot be listed. ${this.problem}</p>` : nothing}
        ${this.list ? this.#listed(this.list) : this.problem ? nothing : html`<p class="muted">Looking them up…</p>`}
      </div>
    `;
  }

  #listed(list: CustomerList): TemplateResult {
    const { format } = this;
    const left = list.total - this.rows.length;
    return html`
      <div class="sums" aria-live="polite">
        <p>${this.#countWords(list)}</p>
        ${this.#sums(list)}
      </div>
      ${list.members === 0 ? nothing : this.#tools(list)}
      ${
        this.rows.length === 0
          ? nothing
          : html`
            ${this.#table(list)}
            ${
              0 < left
                ? html`<p><button type="button" ?disabled=${this.isBusy} @click=${() => this.#load(this.rows.length)}>
                    Show ${format.count(Math.min(N_ROWS, left))} more
                  </button> <span class="small muted">${format.count(this.rows.length)} of ${format.count(list.total)} shown</span></p>`
                : nothing
            }
          `
      }
    `;
  }

  #countWords({ total, members }: CustomerList): TemplateResult {
    const { format } = this;
    if (members === 0) return html`<strong>No customer.</strong>`;
    const of = this.search.trim() === "" ? "" : ` of ${format.count(members)} match`;
    return html`<strong>${this.search.trim() === "" ? format.counted(total, "customer") : format.count(total)}${of}</strong>`;
  }

  #sums(list: CustomerList): TemplateResult | typeof nothing {
    const { format } = this;
    if (list.members === 0) return nothing;
    if (list.then === null || list.now === null || list.change === null) return nothing;
    const [then, now] = this.#heads(list);
    const { beside } = list;
    return html`
      ${list.due === null ? nothing : html`<p class="small muted number">Up for renewal: ${format.money(list.due)}.</p>`}
      <p class="small muted number">
        ${then}: ${format.money(list.then)}; ${now.charAt(0).toLowerCase()}${now.slice(1)}: ${format.money(list.now)}; change ${format.signedMoney(list.change)}${
          list.gained !== null && list.lost !== null && 0 < list.gained && 0 < list.lost
            ? ` (${format.signedMoney(list.gained)} and ${format.signedMoney(-list.lost)})`
            : ""
        }.
      </p>
      ${
        beside
          ? html`<p class="small muted">The report's sum also holds refunds of ${format.signedMoney(beside.revenue)} to ${format.counted(beside.customers, "customer")} who bought nothing then, and so ${beside.customers === 1 ? "is" : "are"} not in this list.</p>`
          : nothing
      }
    `;
  }

  #tools(list: CustomerList): TemplateResult {
    return html`
      <div class="tools">
        <label>
          Find a customer
          <input type="search" autocomplete="off" spellcheck="false" .value=${live(this.search)} @input=${this.#onSearch} />
        </label>
        <button type="button" ?disabled=${list.total === 0 || this.isSaving} @click=${this.#save}>
          Download ${list.total === 1 ? "this row" : `these ${this.format.counted(list.total, "row")}`}
        </button>
      </div>
    `;
  }

  /** What then and now are, by the days compared. */
  #heads({ compared }: CustomerList): readonly [string, string] {
    if (!compared) return ["Paid", "Paid now"];
    const of = (from: string | null, to: string): string =>
      from === null
        ? `On ${this.format.date(to)}`
        : `${this.format.date(from)} to ${this.format.date(to)}`;
    return [of(compared.thenFrom, compared.thenTo), of(compared.nowFrom, compared.nowTo)];
  }

  #columns(list: CustomerList): Column[] {
    const { format } = this;
    const money = (value: number | null): string => (value === null ? "–" : format.money(value));
    const hasMoney = list.then !== null;
    const hasDays = list.compared !== null;
    const isOrders = this.rows.some(({ purchases }) => purchases !== null);
    const columns: Column[] = [];
    const add = (
      head: string,
      sort: CustomerSort | null,
      text: (row: CustomerRow) => string,
      isNumber = true,
    ): void => {
      columns.push({ head, sort, text, isNumber });
    };
    const date = (day: string | null): string => (day === null ? "–" : format.date(day));
    if (this.rows.some(({ renewal }) => renewal !== null)) {
      add("Renewal", null, ({ renewal }) => date(renewal));
      if (list.due !== null) add("Up for renewal", null, ({ due }) => money(due));
    }
    if (hasMoney) {
      add("Change", "change", ({ change }) => (change === null ? "–" : format.signedMoney(change)));
      add("Then", "then", ({ then }) => money(then));
      add("Now", "now", ({ now }) => money(now));
    }
    if (!this.#isOfOneMovement()) {
      add("Movement", null, ({ movement }) => MOVEMENTS[movement], false);
    }
    if (isOrders) {
      add("Purchases", "purchases", ({ purchases }) => format.count(purchases ?? 0));
      if (hasMoney) add("Paid in all", "paid", ({ paid }) => money(paid));
    }
    if (hasDays) {
      add(isOrders ? "First purchase" : "Since", "firstDay", ({ firstDay }) => date(firstDay));
      add(isOrders ? "Last purchase" : "Until", "lastDay", ({ lastDay }) =>
        lastDay === null && !isOrders ? "still active" : date(lastDay),
      );
    }
    add(isOrders ? "Between them" : "Customer for", "lifetime", ({ lifetime }) =>
      timeWords(lifetime, list.lifetimeUnit, format),
    );
    return columns;
  }

  /** Whether all that are listed moved alike, as the list is called. */
  #isOfOneMovement(): boolean {
    const of = this.query?.of;
    return of?.kind === "period" && ONE_MOVEMENT.has(of.group);
  }

  #table(list: CustomerList): TemplateResult {
    const columns = this.#columns(list);
    const [then, now] = this.#heads(list);
    const titles: Readonly<Record<string, string>> = { Then: then, Now: now };
    return html`
      <div class="box" tabindex="0" role="region" aria-label=${this.label || "Customers"} aria-busy=${this.isBusy ? "true" : "false"}>
        <table>
          <caption class="visually-hidden">${this.label || "Customers"}. Then: ${then}. Now: ${now}.</caption>
          <thead>
            <tr>
              ${this.#head("Customer", "customer", "name", "")}
              ${columns.map(({ head, sort, isNumber }) => this.#head(head, sort, isNumber ? "number" : "", titles[head] ?? ""))}
            </tr>
          </thead>
          <tbody>
            ${this.rows.map(
              (row) => html`<tr>
                <th scope="row" class="name" title=${visible(row.customer.slice(0, 400))}>
                  <button type="button" aria-label=${`${isolated(row.customer)}, history`} @click=${() => this.#choose(row.customer)}><bdi>${cell(row.customer)}</bdi></button>
                </th>
                ${columns.map(
                  ({ text, isNumber, head }) =>
                    html`<td class=${`${isNumber ? "number" : ""} ${head === "Change" ? tone(row.change) : ""}`}>${text(row)}</td>`,
                )}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  #head(head: string, sort: CustomerSort | null, style: string, title: string): TemplateResult {
    if (sort === null) return html`<th scope="col" class=${style}>${head}</th>`;
    const isSorted = this.sort === sort;
    const direction = this.descending ? "descending" : "ascending";
    const arrow = isSorted
      ? html`<span aria-hidden="true">${this.descending ? "↓" : "↑"}</span>`
      : nothing;
    return html`
      <th scope="col" class=${style} aria-sort=${isSorted ? direction : nothing} title=${title || nothing}>
        <button type="button" @click=${() => this.#sortBy(sort)}>${style === "number" ? [arrow, head] : [head, arrow]}</button>
      </th>
    `;
  }

  #sortBy(sort: CustomerSort): void {
    if (this.sort === sort) {
      this.descending = !this.descending;
    } else {
      this.sort = sort;
      // Names from the first on, losses before gains; of all else the most comes first.
      this.descending = sort !== "customer" && sort !== "change";
    }
    void this.#load();
  }

  #onSearch(event: Event): void {
    this.search = (event.target as HTMLInputElement).value;
    clearTimeout(this.#searching);
    this.#searching = setTimeout(() => void this.#load(), SEARCH_AFTER_MS);
  }

  async #save(): Promise<void> {
    const { engine, query } = this;
    if (!engine || !query) return;
    this.isSaving = true;
    try {
      const table = await engine.customersCsv(this.#whole(query));
      saveFile(table, fileNameOf(this.label || "customers", "csv"));
      this.problem = "";
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
    this.isSaving = false;
  }

  #choose(customer: string): void {
    this.chosen = customer;
    void this.updateComplete.then(() => {
      this.scrollIntoView({ block: "nearest" });
      this.renderRoot.querySelector<HTMLElement>("rc-customer-history")?.focus();
    });
  }

  /** Back to the list, and to the customer that was looked at. */
  #back(event: Event): void {
    event.stopPropagation();
    const at = this.rows.findIndex(({ customer }) => customer === this.chosen);
    this.chosen = null;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelectorAll<HTMLElement>("tbody .name button")[at]?.focus(),
    );
  }
}

function tone(change: number | null): string {
  if (change === null || change === 0) return "";
  return change < 0 ? "less" : "more";
}
