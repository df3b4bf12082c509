/**
 * `<rc-lifespan-purchases>`: who of a shop's customers is one still, and what they are expected to buy.
 *
 * It fits nothing; it says where a fit has no answer, and how far it was off on days that are over.
 */

import {
  type CSSResultGroup,
  css,
  html,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import type {
  Outlook,
  OutlookCustomer,
  OutlookModel,
  OutlookQuery,
  OutlookSort,
  Report,
} from "../../engine/core.ts";
import { toCsv } from "../charts/csv.ts";
import { saveFile } from "../charts/download.ts";
import type { Format } from "../format.ts";
import { whyWords } from "../words.ts";
import { choiceOf } from "./choice.ts";
import { LifespanSection } from "./lifespan-section.ts";
import { wideTableStyles } from "./wide-table.styles.ts";

/** What it needs of the engine. */
export interface OutlookSource {
  outlook(query: OutlookQuery): Promise<Outlook>;
}

const N_ROWS = 25;
const SEARCH_AFTER_MS = 200;

const MODELS: readonly (readonly [OutlookModel, string])[] = [
  ["bgnbd", "May stop after a repeat purchase (BG/NBD)"],
  ["mbgnbd", "May stop after any purchase, the first included (modified BG/NBD)"],
  ["paretonbd", "May stop at any time (Pareto/NBD)"],
];

const HORIZONS = [
  ["91", "3 months"],
  ["183", "6 months"],
  ["365", "1 year"],
  ["730", "2 years"],
] as const;

const COLUMNS: readonly { sort: OutlookSort; name: string; isNumber: boolean }[] = [
  { sort: "customer", name: "Customer", isNumber: false },
  { sort: "purchases", name: "Bought on", isNumber: true },
  { sort: "lastDay", name: "Last on", isNumber: true },
  { sort: "alive", name: "Still a customer", isNumber: true },
  { sort: "expected", name: "Purchases to come", isNumber: true },
  { sort: "value", name: "Worth", isNumber: true },
];

/** Purchases to come. */
export class LifespanPurchasesElement extends LifespanSection<OutlookSource, Outlook> {
  static override properties: PropertyDeclarations = {
    ...LifespanSection.properties,
    model: { state: true },
    horizon: { state: true },
    search: { state: true },
    sort: { state: true },
    descending: { state: true },
    nRows: { state: true },
  };

  static override styles: CSSResultGroup = [
    LifespanSection.styles,
    wideTableStyles,
    css`
      .select {
        display: grid;
        gap: var(--rc-space-half);
        max-inline-size: 100%;
      }

      .select select {
        max-inline-size: 100%;
      }

      .search input {
        inline-size: 14rem;
        max-inline-size: 100%;
      }

      .box th[aria-sort] button {
        font-weight: var(--rc-weight-strong);
      }

      .box .name {
        max-inline-size: min(16rem, 38vw);
      }

      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
        gap: var(--rc-space-2) var(--rc-space-4);
        margin: 0;
      }

      dt {
        font-size: var(--rc-text-s);
        color: var(--rc-text-muted);
      }

      dd {
        margin: 0;
        font-size: var(--rc-text-l);
        font-variant-numeric: tabular-nums;
      }

      dd span {
        display: block;
        font-size: var(--rc-text-s);
        color: var(--rc-text-muted);
      }
    `,
  ];

  declare protected model: OutlookModel;
  declare protected horizon: string;
  declare protected search: string;
  declare protected sort: OutlookSort;
  declare protected descending: boolean;
  declare protected nRows: number;

  protected override readonly asks = [
    "report",
    "engine",
    "model",
    "horizon",
    "search",
    "sort",
    "descending",
    "nRows",
  ];
  #searching: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.model = "bgnbd";
    this.horizon = "365";
    this.search = "";
    this.sort = "value";
    this.descending = true;
    this.nRows = N_ROWS;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#searching);
  }

  get #query(): OutlookQuery {
    return {
      model: this.model,
      horizonDays: Number(this.horizon),
      search: this.search,
      sort: this.sort,
      descending: this.descending,
      offset: 0,
      limit: this.nRows,
    };
  }

  protected override question(report: Report) {
    if (report.input.shape !== "transactions") return null;
    return (engine: OutlookSource) => engine.outlook(this.#query);
  }

  override render(): TemplateResult | typeof nothing {
    if (this.report?.input.shape !== "transactions") return nothing;
    const { answer: found, format } = this;
    return html`
      <section aria-labelledby="coming" aria-busy=${this.isBusy}>
        <h2 id="coming">Who is still a customer, and what is to come</h2>
        ${this.failure ? html`<p class="aside" role="alert">No model can be fitted. ${this.failure}</p>` : nothing}
        ${found ? html`<p class="lede">${outlookSentence(found, format)}</p>` : nothing}
        <div class="tools">
          <label class="select"><span class="small muted">A customer</span>
            <select @change=${(event: Event) => {
              this.model = (event.target as HTMLSelectElement).value as OutlookModel;
            }}>
              ${MODELS.map(([id, name]) => html`<option value=${id} ?selected=${id === this.model}>${name}</option>`)}
            </select>
          </label>
          ${choiceOf("Within", "horizon", this.horizon, HORIZONS, (horizon) => {
            this.horizon = horizon;
          })}
        </div>
        ${found ? this.#answer(found, format) : this.failure ? nothing : html`<p class="aside">Fitting…</p>`}
      </section>
    `;
  }

  #answer(found: Outlook, format: Format): TemplateResult {
    return html`
      ${
        found.fit.converged
          ? nothing
          : html`<p><strong>The fit has no single best set of parameters for this file.</strong> Some of them do not matter to what was bought, as where customers are all alike or nobody seems to stop. The expectations below are the likeliest all the same; do not read the parameters one by one, and see whether another model says something else.</p>`
      }
      ${
        found.value == null || found.amountsConverged
          ? nothing
          : html`<p class="aside">The same holds for the amounts: customers hardly differ in what they spend each time.</p>`
      }
      <dl>
        <div><dt>Likely still customers</dt><dd>${this.#expected("alive", found, format)}<span>of ${format.counted(found.customers, "customer")} who ever bought</span></dd></div>
        <div><dt>Purchases to come</dt><dd>${this.#expected("purchases", found, format)}<span>within ${horizonWords(this.horizon)}</span></dd></div>
        <div><dt>Worth</dt><dd>${found.value == null ? "not known" : this.#expected("value", found, format)}<span>${found.value == null ? whyWords(found.valueWhy) : "before refunds"}</span></dd></div>
        <div><dt>A new customer</dt><dd>${this.#expected("ofNewCustomer", found, format)}<span>purchases within ${horizonWords(this.horizon)} of its first</span></dd></div>
      </dl>
      ${checkWords(found, format)}
      ${this.#table(found, format)}
      <p class="aside">
        ${
          this.model === "bgnbd"
            ? "Under this model a customer with one purchase is one still for certain: it can stop only after a later purchase. The two others let such customers go."
            : "Nobody says that they stop; the model tells it from how long somebody who bought this often has been silent."
        }
        Purchases of one day count as one. ${found.meanAmount == null ? nothing : html`Of who bought once, nothing is known of what they spend by habit, so the mean of all is expected, ${format.money(found.meanAmount)} a purchase; that can be more than is expected of one who came back and spent little.`}
        ${found.fittedTo < found.customers ? html`The parameters are found from ${format.count(found.fittedTo)} of the customers, every so many of them; expectations are those of all.` : nothing}
      </p>
      <details>
        <summary>Parameters</summary>
        <p class="aside">${Object.entries(found.fit.parameters)
          .map(([name, value]) => {
            const error = found.fit.standardErrors?.[name];
            return `${name} ${format.ratio(value)}${error === undefined ? "" : ` ± ${format.ratio(error)}`}`;
          })
          .join(
            ", ",
          )}; times in days; log-likelihood ${format.ratio(found.fit.logLikelihood)}. Fader, Hardie and Lee (2005); the amounts by the Gamma–Gamma model of Fader and Hardie (2013).</p>
      </details>
    `;
  }

  /** An expectation as the button that opens what it is the sum of. */
  #expected(
    key: "alive" | "purchases" | "value" | "ofNewCustomer",
    found: Outlook,
    format: Format,
  ): TemplateResult {
    const all = format.counted(found.customers, "customer");
    const within = horizonWords(this.horizon);
    const model = MODELS.find(([id]) => id === this.model)?.[1] ?? this.model;
    const [name, words, meaning, arithmetic] = {
      alive: [
        "Likely still customers",
        format.count(Math.round(found.alive)),
        "How many of those who ever bought are expected to be customers still.",
        `The sum of the chances of ${all}: ${format.ratio(found.alive)}`,
      ],
      purchases: [
        `Purchases to come within ${within}`,
        format.count(Math.round(found.purchases)),
        "How often the customers there are expected to buy; purchases of one day count as one.",
        `The sum of the expectations of ${all}: ${format.ratio(found.purchases)}`,
      ],
      value: [
        `Worth of purchases to come within ${within}`,
        format.compactMoney(found.value ?? 0),
        "What the purchases to come are expected to bring in, before refunds.",
        `The sum over ${all} of purchases to come × what each is expected to spend a time: ${format.money(found.value ?? 0)}`,
      ],
      ofNewCustomer: [
        "Purchases of a new customer",
        `${format.ratio(found.ofNewCustomer)} more`,
        `How often a customer is expected to buy again within ${within} of its first purchase.`,
        "The expectation of the fitted model at the first purchase",
      ],
    }[key] as [string, string, string, string];
    return this.opener(words, {
      name,
      of: model,
      amount: {
        value: words,
        certainty: "An expectation under the fitted model; it has no interval.",
        meaning,
        arithmetic,
      },
    });
  }

  #table(found: Outlook, format: Format): TemplateResult {
    const left = found.total - found.rows.length;
    return html`
      <div class="tools">
        <label class="select search"><span class="small muted">Find a customer</span>
          <input type="search" autocomplete="off" .value=${this.search} @input=${(
            event: InputEvent,
          ) => {
            const { value } = event.target as HTMLInputElement;
            clearTimeout(this.#searching);
            this.#searching = setTimeout(() => {
              this.search = value;
              this.nRows = N_ROWS;
            }, SEARCH_AFTER_MS);
          }} />
        </label>
        <button type="button" @click=${this.#save}>Save as CSV</button>
      </div>
      <div class="box" tabindex="0" role="region" aria-label="Table: customers and what is expected of them">
        <table>
          <caption class="visually-hidden">Customers and what is expected of them</caption>
          <thead>
            <tr>
              ${COLUMNS.map(({ sort, name, isNumber }) => {
                const isSorted = sort === this.sort;
                return html`<th scope="col" class=${isNumber ? "number" : "name"} aria-sort=${isSorted ? (this.descending ? "descending" : "ascending") : nothing}>
                  <button type="button" @click=${() => this.#order(sort)}>${name}${isSorted ? (this.descending ? " ↓" : " ↑") : ""}</button>
                </th>`;
              })}
            </tr>
          </thead>
          <tbody>
            ${found.rows.map(
              (row) => html`<tr>
                <th scope="row" class="name"><bdi>${row.customer}</bdi></th>
                <td class="number">${format.counted(row.purchases, "day")}</td>
                <td class="number">${format.date(row.lastDay)}</td>
                <td class="number">${format.share(row.alive)}</td>
                <td class="number">${format.ratio(row.expectedPurchases)}</td>
                <td class="number">${row.expectedValue == null ? "–" : format.money(row.expectedValue)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${
        0 < left
          ? html`<p><button type="button" ?disabled=${this.isBusy} @click=${() => {
              this.nRows += 4 * N_ROWS;
            }}>Show more</button> <span class="small muted">${format.count(found.rows.length)} of ${format.count(found.total)} shown</span></p>`
          : nothing
      }
    `;
  }

  #order(sort: OutlookSort): void {
    this.descending = sort === this.sort ? !this.descending : sort !== "customer";
    this.sort = sort;
  }

  async #save(): Promise<void> {
    const { engine, answer: found } = this;
    if (!engine || !found) return;
    const all = await engine.outlook({ ...this.#query, limit: found.total });
    saveFile(new Blob([csvOf(all.rows)], { type: "text/csv" }), "purchases-to-come.csv");
  }
}

/** The customers as a table to save, numbers in full. */
export function csvOf(rows: readonly OutlookCustomer[]): string {
  const head = [
    "customer",
    "days_bought",
    "last_day",
    "average_amount",
    "probability_alive",
    "expected_purchases",
    "expected_value",
  ];
  return toCsv(
    head,
    rows.map((row) => [
      row.customer,
      row.purchases,
      row.lastDay,
      row.average ?? null,
      row.alive,
      row.expectedPurchases,
      row.expectedValue ?? null,
    ]),
  );
}

function horizonWords(horizon: string): string {
  return HORIZONS.find(([days]) => days === horizon)?.[1] ?? "the time ahead";
}

/** Who is left and what they will buy, in words. */
export function outlookSentence(found: Outlook, format: Format): string {
  const { alive, customers, purchases, value, horizonDays } = found;
  const worth = value == null ? "" : `, worth ${format.compactMoney(value)}`;
  return `Of ${format.counted(customers, "customer")} who ever bought, about ${format.count(Math.round(alive))} are likely to be customers still; within ${horizonWords(String(horizonDays))} they are expected to buy ${format.counted(Math.round(purchases), "time")}${worth}.`;
}

/** What the model would have said of days that are over. */
function checkWords({ check }: Outlook, format: Format): TemplateResult {
  if (!check) {
    return html`<p class="aside">The file is too short, or too little was bought, to hold days out and see how far off the model is.</p>`;
  }
  const { error, days, expected, actual, until, customers } = check;
  const side = error < 0 ? "too few" : "too many";
  return html`<p>Held out: fitted to the days up to ${format.date(until)}, the model expects ${format.counted(customers, "customer")} to buy ${format.counted(Math.round(expected), "time")} in the ${format.count(days)} days after. They bought ${format.count(Math.round(actual))} times: it expected ${format.share(Math.abs(error))} ${side}.</p>`;
}
