/**
 * `<rc-renewals>`: what comes up for renewal, and how many renewed of those who could.
 *
 * It computes no figure and guesses no date: where the day to count from is missing, it asks for it.
 */

import { css, html, nothing, type TemplateResult } from "lit";
import type {
  Figure,
  RenewalOutlook,
  RenewalRateReport,
  RenewalWindow,
  Report,
} from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { OptionsEvent } from "../inward-events.ts";
import { isolated } from "../text.ts";
import { capitalised } from "../words.ts";
import { type CustomerGroup, groupsOfRate } from "./behind.ts";
import type { Derived } from "./derivation.ts";
import { derivedRenewal, groupsOfRenewal, RENEWAL_RATE } from "./derived-leaving.ts";
import { intervalWords, reasonSentence } from "./figure-words.ts";
import { ReportView } from "./report-view.ts";

/** Shapes of file in which something can come up for renewal. */
const WITH_RENEWALS = ["subscriptions", "accounts"];

/** What comes up for renewal. */
export class RenewalsElement extends ReportView {
  static override styles = [
    super.styles,
    css`
      ol {
        display: grid;
        border-block-end: 1px solid var(--rc-line);
      }

      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: start;
        gap: var(--rc-space-2);
        max-inline-size: none;
        padding-block: 10px;
        border-block-start: 1px solid var(--rc-line);
      }

      .detail {
        display: block;
        font-size: var(--rc-text-s);
        font-variant-numeric: tabular-nums;
        color: var(--rc-text-muted);
      }

      .money {
        text-align: end;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      dl {
        display: grid;
        gap: var(--rc-space-2);
      }

      @container (min-width: 640px) {
        dl {
          grid-template-columns: repeat(2, minmax(0, 1fr));
          gap: var(--rc-space-2) var(--rc-space-4);
        }
      }

      dt {
        font-size: var(--rc-text-s);
        color: var(--rc-text-muted);
      }

      dd .value {
        font-size: var(--rc-text-l);
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }

      form {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--rc-space-2);
      }

      form label {
        inline-size: 12rem;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    // For files that know no renewals, <rc-reasons> says so for both.
    if (!report || !WITH_RENEWALS.includes(report.input.shape)) return nothing;
    return html`
      <section aria-labelledby="renewals">
        <h2 id="renewals">Up for renewal</h2>
        ${this.#content(report, this.format)}
      </section>
      ${this.panel()}
    `;
  }

  #content(report: Report, format: Format): TemplateResult {
    const outlook = report.renewalOutlook;
    if (!outlook) {
      const column = report.input.columns.find(({ role }) => role === "renewal");
      const interval =
        report.input.shape === "accounts" ? "" : ", or one with the billing interval,";
      return html`<p class="muted">${
        column
          ? `The column “${isolated(column.name)}” holds no date.`
          : `The file does not say. A column such as renewal_date${interval} would.`
      }</p>`;
    }
    if (outlook.asOf === null) return this.#askForDay();
    const last = outlook.windows.at(-1);
    return html`
      <p>${last ? this.#summary(outlook, last, format) : nothing}</p>
      <ol>${outlook.windows.map((window) => this.#window(window, outlook, format))}</ol>
      ${caveats(outlook, format).map((one) => html`<p class="small muted">${one}</p>`)}
      ${outlook.rates.map((rate) => this.#rate(rate, format))}
    `;
  }

  #askForDay(): TemplateResult {
    const count = (event: SubmitEvent): void => {
      event.preventDefault();
      const day = new FormData(event.currentTarget as HTMLFormElement).get("day");
      if (typeof day === "string" && day !== "")
        this.dispatchEvent(new OptionsEvent({ asOf: day }));
    };
    return html`
      <p>The file has renewal dates and no day to count from.</p>
      <form @submit=${count}>
        <label>Count from <input type="date" name="day" required /></label>
        <button type="submit">Show what is due</button>
      </form>
    `;
  }

  /** `14 customers with $12,300 a month come up for renewal in the 90 days after 31 December 2025.` */
  #summary(outlook: RenewalOutlook, last: RenewalWindow, format: Format): TemplateResult {
    const by =
      outlook.source === "column"
        ? "by the dates in the file"
        : "by the start and the billing interval of each subscription";
    const levels =
      outlook.levelColumn === null
        ? ""
        : `; the risk is that of “${isolated(outlook.levelColumn)}”`;
    const from = `in the ${format.count(last.days)} days after ${format.date(outlook.asOf ?? "")}`;
    if (last.customers === 0) return html`Nothing comes up for renewal ${from}, ${by}.`;
    const opener = (words: string): TemplateResult =>
      html`<button type="button" class="worked" aria-haspopup="dialog" @click=${() => this.#open(last, outlook)}>${words}</button>`;
    const money =
      last.revenue === null ? nothing : html` with ${opener(format.money(last.revenue))} a month`;
    const verb = last.customers === 1 ? "comes" : "come";
    return html`${opener(format.counted(last.customers, "customer"))}${money} ${verb} up for renewal ${from}, ${by}${levels}.`;
  }

  #window(window: RenewalWindow, outlook: RenewalOutlook, format: Format): TemplateResult {
    const { days, customers, revenue, ending } = window;
    const details = [
      ...(1 < window.levels.length || window.levels[0]?.level !== "unknown"
        ? window.levels.map(
            ({ level, customers }) => `${isolated(level)} risk ${format.count(customers)}`,
          )
        : []),
      ...(1 < window.terms.length
        ? window.terms.map(
            ({ months, customers }) => `${termName(months, format)} ${format.count(customers)}`,
          )
        : []),
      ...(0 < ending.customers ? [`${format.count(ending.customers)} gave notice already`] : []),
    ];
    const opener = (words: TemplateResult | string, look = ""): TemplateResult =>
      html`<button type="button" class="worked ${look}" aria-haspopup="dialog" @click=${() => this.#open(window, outlook)}>${words}</button>`;
    return html`
      <li>
        <span>
          ${opener(`Within ${format.count(days)} days`)}
          <span class="detail">${opener(format.counted(customers, "customer"), "plain")}${0 < details.length ? `: ${details.join(", ")}` : ""}</span>
        </span>
        ${
          revenue === null
            ? nothing
            : html`<span class="money" title=${format.money(revenue)}>${opener(html`${format.compactMoney(revenue)} <span class="detail">a month</span>`, "plain")}</span>`
        }
      </li>
    `;
  }

  #rate(rate: RenewalRateReport, format: Format): TemplateResult {
    const when = rate.period.includes("/") ? "the last twelve months" : format.period(rate.period);
    const { start, end } = rate.renewalRate.inputs;
    const entry = (
      name: string,
      figure: Figure,
      counts: string,
      words: string,
      more: Partial<Derived>,
    ): TemplateResult => {
      const open = (): void => this.showFigure(name, capitalised(when), figure, more);
      const opener = (text: string, look: string): TemplateResult =>
        html`<button type="button" class="worked ${look}" aria-haspopup="dialog" @click=${open}>${text}</button>`;
      const likely = intervalWords(figure, "share", format);
      return html`
      <div>
        <dt>${name}, ${when}</dt>
        <dd>
          ${
            figure.value === null
              ? html`<span class="muted">Not defined. ${reasonSentence(figure)}</span>`
              : html`${opener(format.share(figure.value), "value")}
                <span class="detail">${counts === "" ? nothing : html`${opener(counts, "")} ${words}${likely === "" ? nothing : "; "}`}${likely}</span>`
          }
        </dd>
      </div>`;
    };
    const due =
      start === undefined || end === undefined
        ? ""
        : `${format.count(end)} of ${format.count(start)}`;
    const all = rate.customerRetentionRate.n;
    return html`
      <dl>
        ${entry("Renewal rate", rate.renewalRate, due, "who were due are still there", { meaning: RENEWAL_RATE, groups: groupsOfRenewal(rate) })}
        ${entry("Customer retention", rate.customerRetentionRate, all == null ? "" : `of all ${format.count(all)}`, "at the start, due or not", { groups: this.#groupsOf(rate) })}
      </dl>
    `;
  }

  #groupsOf({ period: label }: RenewalRateReport): CustomerGroup[] {
    const { report } = this;
    if (!report) return [];
    const spans = [...report.periods, ...(report.trailingYear ? [report.trailingYear] : [])];
    const period = spans.find((one) => one.period === label);
    return period ? groupsOfRate(report, period, "customerRetentionRate") : [];
  }

  #open({ days, customers, revenue }: RenewalWindow, outlook: RenewalOutlook): void {
    const { report } = this;
    if (!report) return;
    this.show(derivedRenewal(report, outlook, { days, customers, revenue }, this.format));
  }
}

/** What the list cannot say. */
function caveats({ unknown, passed }: RenewalOutlook, format: Format): string[] {
  const money = (revenue: number | null): string =>
    revenue === null ? "" : ` with ${format.money(revenue)} a month`;
  return [
    ...(0 < unknown.customers
      ? [
          `Of ${format.counted(unknown.customers, "customer")}${money(unknown.revenue)} no date is known.`,
        ]
      : []),
    ...(0 < passed.customers
      ? [
          `${format.counted(passed.customers, "customer")}${money(passed.revenue)} ${passed.customers === 1 ? "has" : "have"} a date that is past, and ${passed.customers === 1 ? "is" : "are"} still there.`,
        ]
      : []),
  ];
}

/** `monthly`, `yearly`, `every 3 months` */
function termName(months: number, format: Format): string {
  if (months === 1) return "monthly";
  return months === 12 ? "yearly" : `every ${format.count(months)} months`;
}
