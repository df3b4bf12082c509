/**
 * `<rc-dashboard>`: the figures that a board asks for, on two pages that can be printed.
 *
 * It computes no figure but the difference of two that stand beside each other.
 */

import { css, html, nothing, type TemplateResult } from "lit";
import type {
  BridgeStep,
  Figure,
  LostCustomers,
  PeriodReport,
  Reason,
  RenewalRateReport,
  Report,
  RetentionBridge,
  Segment,
} from "../../engine/core.ts";
import type { Format, NumberKind } from "../format.ts";
import { OptionsEvent } from "../inward-events.ts";
import { cell } from "../text.ts";
import { capitalised, whyWords } from "../words.ts";
import {
  type CustomerGroup,
  groupOfAll,
  groupsOfRate,
  groupsOfSegment,
  segmentGroups,
  TRAILING_YEAR,
} from "./behind.ts";
import { choiceOf } from "./choice.ts";
import { IN_PRINT } from "./dashboard-in-print.ts";
import type { Derived } from "./derivation.ts";
import {
  derivedChange,
  derivedCohort,
  derivedCohortSize,
  derivedMovement,
} from "./derived-amounts.ts";
import {
  type BridgeCell,
  bridgeSpan,
  derivedBridgeStep,
  derivedContributor,
  stepName,
} from "./derived-bridge.ts";
import {
  derivedReason,
  derivedRenewal,
  groupsOfRenewal,
  lostSpan,
  RENEWAL_RATE,
} from "./derived-leaving.ts";
import { intervalWords, reasonSentence, valueWords } from "./figure-words.ts";
import { isForTheBetter, type RateField, rateName } from "./headline.ts";
import { headlinePeriod, isWholeFile } from "./period-choice.ts";
import type { Counted } from "./period-movements.ts";
import { ReportView } from "./report-view.ts";
import { segmentName, segmentParts, spanWords } from "./segment-words.ts";

/** The customers behind a figure, where they are known. */
type Behind = Pick<Derived, "customers" | "groups" | "meaning">;

/** One metric at the head of the first page. */
interface Metric {
  readonly field: RateField;
  readonly now: PeriodReport;
  readonly before: PeriodReport | null;
  /** What span it is of, and what the one before is called. */
  readonly of: string;
}

/** What the mean of cohorts is. */
const MEAN_OF_COHORTS =
  "Of all customers of the cohorts that are that old, the share who are still there: larger cohorts count for more.";

/** How many of the customers who moved the rate most are named. */
const N_NAMED = 5;
/** What fits on the two pages. */
const N_SEGMENTS = 8;
const N_REASONS = 12;
const N_COHORTS = 12;

/** The dashboard of a report. */
export class DashboardElement extends ReportView {
  static override properties = {
    isInPrint: { attribute: false },
  };

  static override styles = [
    super.styles,
    css`
      .page {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-4);
      }

      .metrics {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 0 var(--rc-space-3);
      }

      @container (min-width: 760px) {
        .metrics {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
      }

      .metrics > li {
        display: grid;
        align-content: start;
        max-inline-size: none;
        padding-block: 12px;
        border-block-start: 1px solid var(--rc-line);
      }

      .metrics button {
        justify-self: start;
        font-size: var(--rc-text-xl);
        font-weight: 600;
        line-height: 1.25;
        font-variant-numeric: tabular-nums;
      }

      td button.worked {
        min-block-size: 28px;
      }

      .metrics .aside button {
        font: inherit;
      }

      .two {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-3) var(--rc-space-4);
        align-items: start;
      }

      @container (min-width: 860px) {
        .two {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }

        .two.uneven {
          grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
        }
      }

      thead th.number {
        white-space: normal;
      }

      .name {
        min-inline-size: 7.5rem;
        max-inline-size: 16rem;
        overflow-wrap: anywhere;
      }

      .cohort {
        white-space: nowrap;
      }

      @container (max-width: 479px) {
        th,
        td {
          padding-inline: 6px;
        }
      }

      @media print {
        .page + .page {
          break-before: page;
        }
        .page {
          gap: 14px;
          font-size: 11px;
        }
        .lede {
          font-size: 14px;
        }
        table {
          font-size: 10px;
        }
        th,
        td {
          padding-block: 2px;
        }
        .metrics {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
        .two {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
        .two.uneven {
          grid-template-columns: minmax(0, 1fr);
        }
        h2 {
          font-size: 14px;
        }
        .aside {
          font-size: 10px;
        }
        .metrics button {
          font-size: 20px;
        }
        td button.worked,
        p button.worked {
          min-block-size: 0;
        }
        .scroll {
          overflow: visible;
        }
        section {
          gap: 6px;
          break-inside: avoid;
        }
        .in-print,
        .toolbar {
          display: none;
        }
      }
    `,
  ];

  /** Whether the report is on the sample that was made after a dashboard in print. */
  declare isInPrint: boolean;

  constructor() {
    super();
    this.isInPrint = false;
  }

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (!report) return nothing;
    const format = this.format;
    const chosen = headlinePeriod(report.periods);
    if (!chosen) return html`<p>The file has no period to report on.</p>`;
    return html`
      <div class="view">
        <div class="toolbar">
          <p class="aside">Two pages: ${report.input.asOf === "" ? "the whole file" : `up to ${format.date(report.input.asOf)}`}. Choose any figure to see where it comes from.</p>
          <button type="button" @click=${() => window.print()}>Print</button>
        </div>
        <div class="page">
          ${this.#metrics(report, format)}
          ${this.#bridges(report, format)}
          ${this.#segments(report, format)}
        </div>
        <div class="page">
          <div class="two uneven">
            ${this.#reasons(report, format)}
            ${this.#renewals(report, format)}
          </div>
          ${this.#cohorts(report, format)}
        </div>
        ${this.isInPrint ? this.#inPrint() : nothing}
      </div>
      ${this.panel()}
    `;
  }

  #metrics(report: Report, format: Format): TemplateResult {
    const metrics = metricsOf(report, format);
    return html`
      <section>
        <h2>${report.trailingYear ? "The last twelve months" : "The latest period"}</h2>
        <ul class="metrics" role="list">
          ${metrics.map((metric) => this.#metric(metric, format))}
        </ul>
      </section>
    `;
  }

  #metric({ field, now, before, of }: Metric, format: Format): TemplateResult {
    const figure = now[field];
    const prior = before?.[field].value ?? null;
    const name = rateName(field);
    const change = figure.value !== null && prior !== null ? figure.value - prior : null;
    return html`<li>
      <span class="aside">${name}, ${of}</span>
      ${this.#opener(figure, "share", name, of, format, { groups: this.#groupsOf(field, now) })}
      ${
        before === null || change === null
          ? html`<span class="aside">${before ? `Before: not known` : "No span before it in the file"}</span>`
          : html`<span class="aside">${this.#opener(before[field], "share", name, this.#spanName(before), format, { groups: this.#groupsOf(field, before) })} before, ${this.#change(change, name, field, now, before, [of, this.#spanName(before)], format)}</span>`
      }
      <span class="aside">${intervalWords(figure, "share", format)}</span>
    </li>`;
  }

  #bridges(report: Report, format: Format): TemplateResult | typeof nothing {
    const known = report.bridges.filter(({ change }) => change !== null);
    if (known.length === 0) {
      const [first] = report.bridges;
      return html`<section>
        <h2>What moved net revenue retention</h2>
        <p>${first ? reasonSentence(undefinedOf(first)) : "Two complete quarters of recurring revenue are needed to compare one with the other."}</p>
      </section>`;
    }
    return html`<section>
      <h2>What moved net revenue retention this quarter</h2>
      <div class="two">${known.map((bridge) => this.#bridge(bridge, format))}</div>
    </section>`;
  }

  #bridge(bridge: RetentionBridge, format: Format): TemplateResult {
    const { before, after, change, steps, contributors } = bridge;
    const isYear = bridge.window === "year";
    const spanOf = (period: PeriodReport) => bridgeSpan(bridge, period, format);
    const cellOf = (step: BridgeStep, at: BridgeCell, words: TemplateResult | string) =>
      html`<td class="number">${this.#cell(words, `${stepName(step)}, ${at === "change" ? "change" : spanOf(at === "before" ? before : after)}`, (report) => derivedBridgeStep(report, bridge, step, at, format))}</td>`;
    const net = (period: PeriodReport) =>
      this.#opener(
        period.netRevenueRetention,
        "share",
        "Net revenue retention",
        spanOf(period),
        format,
        { groups: this.#groupsOf("netRevenueRetention", period) },
      );
    const largest = [...steps].sort((a, b) => Math.abs(b.change) - Math.abs(a.change))[0];
    const verb =
      change === null || Math.abs(change) < 0.0005
        ? "stayed at"
        : 0 < change
          ? "rose to"
          : "fell to";
    return html`<div>
      <p>
        ${isYear ? "Over twelve months" : "Of the quarter alone"}, it ${verb} ${net(after)} from ${net(before)}${
          largest ? html`; ${stepName(largest).toLowerCase()} moved it most` : nothing
        }.
      </p>
      <div class="scroll">
        <table class="stacks">
          <caption class="visually-hidden">What each kind of movement added, ${isYear ? "twelve months" : "quarter"}</caption>
          <thead>
            <tr>
              <th scope="col">Share of the revenue at the start</th>
              <th scope="col" class="number">${spanOf(before)}</th>
              <th scope="col" class="number">${spanOf(after)}</th>
              <th scope="col" class="number">Change</th>
            </tr>
          </thead>
          <tbody>
            ${steps.map(
              (step) => html`<tr>
                <th scope="row">${stepName(step)}</th>
                ${cellOf(step, "before", format.change(step.before))}
                ${cellOf(step, "after", format.change(step.after))}
                ${cellOf(step, "change", this.#moved(step.change, format))}
              </tr>`,
            )}
            <tr>
              <th scope="row">Net revenue retention</th>
              <td class="number">${net(before)}</td>
              <td class="number">${net(after)}</td>
              <td class="number">${change === null ? nothing : this.#change(change, "Net revenue retention", "netRevenueRetention", after, before, [spanOf(after), spanOf(before)], format)}</td>
            </tr>
            ${contributors.slice(0, N_NAMED).map(
              (one) => html`<tr>
                <td class="name">${this.#cell(html`<bdi>${cell(one.customer)}</bdi>`, "", (report) => derivedContributor(report, bridge, one, format))}</td>
                ${[format.signedMoney(one.movedBefore), format.signedMoney(one.movedAfter), this.#moved(one.change, format, 2)].map((words) => html`<td class="number">${this.#cell(words, "", (report) => derivedContributor(report, bridge, one, format))}</td>`)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${contributors.length === 0 ? nothing : html`<p class="aside">The customers below the rate moved it most: their monthly revenue in each span, and what that added.</p>`}
    </div>`;
  }

  /** A change of a rate as the button that opens both. */
  #change(
    change: number,
    name: string,
    field: RateField,
    now: PeriodReport,
    before: PeriodReport,
    [of, was]: readonly [of: string, was: string],
    format: Format,
  ): TemplateResult | typeof nothing {
    const { report } = this;
    if (!report) return nothing;
    const better = isForTheBetter(change, lessIsBetter(field));
    const open = (): void =>
      this.show(
        derivedChange(
          report,
          name,
          { figure: now[field], of },
          { figure: before[field], of: was },
          this.#groupsOf(field, now),
          format,
        ),
      );
    return html`<button type="button" class="worked" aria-haspopup="dialog" @click=${open}><span class=${better === null ? "" : better ? "better" : "worse"}>${format.points(change)}</span></button>`;
  }

  #moved(change: number, format: Format, digits = 1): TemplateResult {
    const tone = Math.abs(change) < 0.5 / 10 ** (digits + 2) ? "" : 0 < change ? "better" : "worse";
    return html`<span class=${tone}>${format.points(change, digits)}</span>`;
  }

  #segments(report: Report, format: Format): TemplateResult {
    const segments = report.segments ?? [];
    if (segments.length === 0) {
      return html`<section>
        <h2>Retention by segment</h2>
        <p>The file has no column that tells segments apart, such as plan, industry or country.</p>
      </section>`;
    }
    const shown = segments.slice(0, N_SEGMENTS);
    const isYear = shown.some(({ trailingYear }) => trailingYear !== null);
    const of = isYear ? "trailing year" : format.period(shown[0]?.latest.period ?? "");
    return html`<section>
      <h2>Retention by segment, ${of}</h2>
      <div class="scroll">
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">Segment</th>
              <th scope="col" class="number">Customers</th>
              <th scope="col" class="number">Revenue a month</th>
              <th scope="col" class="number">Gross retention</th>
              <th scope="col" class="number">Net retention</th>
              <th scope="col" class="number">Customer churn</th>
              <th scope="col" class="number">Lifetime value</th>
            </tr>
          </thead>
          <tbody>
            ${shown.map((segment) => {
              const span = (isYear ? segment.trailingYear : null) ?? segment.latest;
              const { customers, revenue } = segment.latest;
              const parts = segmentParts(segment, format, report.segmentation?.pooled);
              const name = segmentName(segment, format, report.segmentation?.pooled);
              const atEnd = (counted: Counted, full: string, short: string) =>
                this.#cell(
                  short,
                  `${counted === "money" ? "Revenue" : "Customers"}, ${name}: ${full}`,
                  () => derivedMovement(report, segment.latest, "end", counted, format, segment),
                );
              const rate = (field: RateField) =>
                html`<td class="number">${this.#opener(span[field], "share", `${rateName(field)}, ${name}`, of, format, { groups: this.#groupsOfSegment(segment, span, field) })}</td>`;
              return html`<tr>
                <th scope="row" class="name"><bdi>${parts.map(cell).join(" · ")}</bdi></th>
                <td class="number">${customers.end === null ? "not known" : atEnd("customers", format.count(customers.end), format.count(customers.end))}</td>
                <td class="number">${revenue?.end == null ? "not known" : atEnd("money", format.money(revenue.end), format.compactMoney(revenue.end))}</td>
                ${rate("grossRevenueRetention")}
                ${rate("netRevenueRetention")}
                ${rate("customerChurnRate")}
                <td class="number">${this.#opener(segment.lifetimeValue, "money", `Lifetime value, ${name}`, "on average churn", format, { groups: this.#groupsAtEnd(segment) })}</td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      ${shown.length < segments.length ? html`<p class="aside">${format.counted(segments.length - shown.length, "smaller segment")} not shown here.</p>` : nothing}
    </section>`;
  }

  #reasons(report: Report, format: Format): TemplateResult {
    const spans = (report.lostByReason ?? []).filter(({ window }) => window !== "whole-file");
    const heading = html`<h2>Why customers left</h2>`;
    if (spans.length === 0) {
      return html`<section>${heading}<p>The file has no column with the reasons for which customers left.</p></section>`;
    }
    const names = [...spans]
      .reverse()
      .flatMap(({ reasons }) => reasons.map(({ reason }) => reason));
    const distinct = [...new Set(names)].slice(0, N_REASONS);
    return html`<section>
      ${heading}
      <div class="scroll">
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Kind</th>
              ${spans.map(
                (span) => html`<th scope="col" class="number">${lostSpan(span, format)}</th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${distinct.map((name) => {
              const found = spans.map(({ reasons }) =>
                reasons.find(({ reason }) => reason === name),
              );
              const kind = found.find((one) => one !== undefined)?.kind ?? "";
              return html`<tr>
                <th scope="row" class="name"><bdi>${cell(capitalised(name))}</bdi></th>
                <td>${kind}</td>
                ${spans.map((span, place) => {
                  const one = found[place];
                  return html`<td class="number">${one ? this.#reason(one, span, format) : html`<span class="muted">none</span>`}</td>`;
                })}
              </tr>`;
            })}
            <tr>
              <th scope="row">All</th>
              <td></td>
              ${spans.map((span) => html`<td class="number">${this.#lost(report, span, format)}</td>`)}
            </tr>
          </tbody>
        </table>
      </div>
      <p class="aside">Revenue lost a month, and the share of the lost customers.</p>
    </section>`;
  }

  /** What was lost for one reason, and the share of it. */
  #reason(reason: Reason, lost: LostCustomers, format: Format): TemplateResult {
    const { name, of, customers } = derivedReason(reason, lost, format);
    const { revenue, share } = reason;
    const amount = revenue === null ? format.count(reason.customers) : format.compactMoney(revenue);
    const words = share.value === null ? amount : `${amount} · ${format.share(share.value)}`;
    return this.#cell(words, "", () => {
      this.showFigure(name, of, share, this.engine ? { customers } : {});
      return null;
    });
  }

  /** All who were lost in a stretch of time, and what they paid. */
  #lost(
    report: Report,
    { window, period: label, customers, revenue }: LostCustomers,
    format: Format,
  ): TemplateResult | string {
    const words = `${revenue === null ? "" : `${format.compactMoney(revenue)} · `}${format.counted(customers, "customer")}`;
    const period =
      window === "trailing-year"
        ? report.trailingYear
        : report.periods.find((one) => one.period === label);
    if (!period) return words;
    return this.#cell(words, "", () =>
      revenue === null
        ? derivedMovement(report, period, "lost", "customers", format)
        : derivedMovement(report, period, "churned", "money", format),
    );
  }

  #renewals(report: Report, format: Format): TemplateResult {
    const outlook = report.renewalOutlook;
    const window = outlook?.windows.at(-1);
    const heading = html`<h2>Up for renewal within ${window?.days ?? 90} days</h2>`;
    if (!outlook || !window) {
      return html`<section>${heading}<p>The file has no dates of renewal, nor terms that they follow from.</p></section>`;
    }
    const due = (one: { customers: number; revenue: number | null; level?: string }) => {
      const derived = () => derivedRenewal(report, outlook, { days: window.days, ...one }, format);
      const revenue =
        one.revenue === null
          ? "not known"
          : this.#cell(format.compactMoney(one.revenue), format.money(one.revenue), derived);
      return html`<td class="number">${this.#cell(format.count(one.customers), "", derived)}</td>
        <td class="number">${revenue}</td>`;
    };
    const rate = outlook.rates.at(-1);
    return html`<section>
      ${heading}
      <div class="scroll">
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">Level of risk</th>
              <th scope="col" class="number">Customers</th>
              <th scope="col" class="number">Revenue a month</th>
            </tr>
          </thead>
          <tbody>
            ${window.levels.map(
              ({ level, customers, revenue }) => html`<tr>
                <th scope="row" class="name"><bdi>${cell(capitalised(level === "unknown" ? "not known" : level))}</bdi></th>
                ${due({ customers, revenue, level })}
              </tr>`,
            )}
            <tr>
              <th scope="row">All</th>
              ${due({ customers: window.customers, revenue: window.revenue })}
            </tr>
          </tbody>
        </table>
      </div>
      ${rate ? this.#renewalRate(report, rate, format) : nothing}
    </section>`;
  }

  #renewalRate(report: Report, rate: RenewalRateReport, format: Format): TemplateResult {
    const { renewalRate, customerRetentionRate, period } = rate;
    const name = rateName("customerRetentionRate");
    const span = spanWords(period, format);
    const year = report.trailingYear;
    const ofAll =
      year && year.period === period
        ? { groups: this.#groupsOf("customerRetentionRate", year) }
        : {};
    const stayed = this.#opener(customerRetentionRate, "share", name, span, format, ofAll);
    return renewalRate.value === null
      ? html`<p>Of all customers, ${stayed} stayed. How many renewed is not known: ${whyWords(renewalRate.why)}.</p>`
      : html`<p>Of those who could renew, ${this.#opener(renewalRate, "share", "Renewal rate", span, format, { meaning: RENEWAL_RATE, groups: this.engine ? groupsOfRenewal(rate) : [] })} did; of all customers, ${stayed} stayed.</p>`;
  }

  #cohorts(report: Report, format: Format): TemplateResult {
    const { cohorts } = report;
    const milestones = cohorts?.milestones ?? [];
    const first = milestones[0];
    const heading = html`<h2>Customers still there, by cohort</h2>`;
    const rows = first
      ? (cohorts?.rows ?? [])
          .filter(({ retention }) => retention[first.age] != null)
          .slice(-N_COHORTS)
      : [];
    const ofCohorts = cohorts
      ? html`<div class="toolbar">
          ${choiceOf(
            "Cohorts by",
            "cohorts",
            cohorts.granularity,
            [
              ["month", "Month"],
              ["quarter", "Quarter"],
              ["year", "Year"],
            ],
            (granularity) => this.dispatchEvent(new OptionsEvent({ cohorts: { granularity } })),
          )}
        </div>`
      : nothing;
    if (!cohorts || rows.length === 0) {
      return html`<section>${heading}${ofCohorts}<p>No cohort is three months old yet.</p></section>`;
    }
    return html`<section>
      ${heading}
      ${ofCohorts}
      <div class="scroll" tabindex="0" role="region" aria-label="Customers still there, by cohort">
        <table class=${milestones.length < 4 ? "stacks" : ""}>
          <thead>
            <tr>
              <th scope="col">Began in</th>
              <th scope="col" class="number">Customers</th>
              ${milestones.map(({ months }) => html`<th scope="col" class="number">${months} months</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) => html`<tr>
                <th scope="row" class="cohort">${format.period(row.cohort)}</th>
                <td class="number">${this.#cell(format.count(row.size), "", () => derivedCohortSize(report, row.cohort, format))}</td>
                ${milestones.map(({ age }) => {
                  const share = row.retention[age];
                  const isPartial = row.partial[age] === true;
                  return html`<td class="number">${share == null ? html`<span class="muted" aria-label="not reached yet">·</span>` : html`${this.#cell(format.share(share), "", () => derivedCohort(report, { cohort: row.cohort, age, measure: "customers" }, format))}${isPartial ? html`<span class="muted"> so far</span>` : nothing}`}</td>`;
                })}
              </tr>`,
            )}
            <tr>
              <th scope="row">Mean, by size</th>
              <td></td>
              ${milestones.map(({ age, months }) => {
                const mean = cohorts.meanRetention[age];
                return html`<td class="number">${mean === undefined ? nothing : this.#opener(mean, "share", "Mean retention of cohorts", `after ${months} months`, format, { meaning: MEAN_OF_COHORTS, groups: groupOfAll(report, "lifetime") })}</td>`;
              })}
            </tr>
          </tbody>
        </table>
      </div>
    </section>`;
  }

  /** What cannot be true together of the dashboard that the sample was made after. */
  #inPrint(): TemplateResult {
    return html`<section class="in-print">
      <h2>What the dashboard in print cannot all be</h2>
      <p>
        This sample follows the segments, cohorts, reasons and renewals of a dashboard published with
        an article on retention in 2026. Its figures do not fit each other, so that no file can give all of them.
      </p>
      <div class="scroll">
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">In print</th>
              <th scope="col">What follows from it</th>
              <th scope="col">In this sample</th>
            </tr>
          </thead>
          <tbody>
            ${IN_PRINT.map(
              ({ printed, follows, sample }) => html`<tr>
                <td class="prose">${printed}</td>
                <td class="prose">${follows}</td>
                <td class="prose">${sample}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  /** Words in a table that open to where they come from. */
  #cell(
    words: TemplateResult | string,
    label: string,
    derived: (report: Report) => Derived | null,
  ): TemplateResult {
    return html`<button
      type="button"
      class="worked plain"
      aria-haspopup="dialog"
      title=${label || nothing}
      @click=${() => this.show(this.report && derived(this.report))}
    >${words}</button>`;
  }

  #opener(
    figure: Figure,
    kind: NumberKind,
    name: string,
    of: string,
    format: Format,
    behind: Behind = {},
  ): TemplateResult {
    const { value } = figure;
    const words =
      value === null
        ? "not defined"
        : kind === "money"
          ? format.compactMoney(value)
          : valueWords(value, kind, format);
    return html`<button
      type="button"
      class="worked"
      aria-haspopup="dialog"
      @click=${() => this.#open(figure, kind, name, of, behind)}
    >${words}</button>`;
  }

  #groupsOf(field: RateField, period: PeriodReport): CustomerGroup[] {
    const { report } = this;
    if (!report || !this.engine) return [];
    return groupsOfRate(report, period, field, this.#labelOf(period));
  }

  #groupsAtEnd(segment: Segment): CustomerGroup[] {
    const columns = this.report?.segmentation?.columns ?? [];
    return this.engine ? segmentGroups(segment, columns, segment.latest, ["end"]) : [];
  }

  #groupsOfSegment(segment: Segment, period: PeriodReport, field: RateField): CustomerGroup[] {
    const columns = this.report?.segmentation?.columns ?? [];
    return this.engine ? groupsOfSegment(segment, columns, period, field) : [];
  }

  #spanName(period: PeriodReport): string {
    return period === this.report?.yearBefore
      ? "the year before"
      : spanWords(period.period, this.format);
  }

  /** The label by which the core knows a span. */
  #labelOf(period: PeriodReport): string {
    return period === this.report?.trailingYear ? TRAILING_YEAR : period.period;
  }

  #open(figure: Figure, kind: NumberKind, name: string, of: string, behind: Behind): void {
    this.showFigure(name, of, figure, { kind, ...behind });
  }
}

/** The metrics at the head: of the trailing year where there is one, and the churn of the period. */
function metricsOf(report: Report, format: Format): Metric[] {
  const chosen = headlinePeriod(report.periods);
  const { trailingYear, yearBefore } = report;
  const metrics: Metric[] = [];
  const now = trailingYear ?? chosen?.period;
  if (now) {
    const before = trailingYear ? yearBefore : (chosen?.before ?? null);
    const of = trailingYear ? "trailing year" : format.period(now.period);
    for (const field of [
      "grossRevenueRetention",
      "netRevenueRetention",
      "customerRetentionRate",
    ] as const) {
      metrics.push({ field, now, before, of });
    }
  }
  if (chosen && !isWholeFile(chosen.period)) {
    const { period, before } = chosen;
    metrics.push({
      field: "customerChurnRate",
      now: period,
      before,
      of: format.period(period.period),
    });
  }
  return metrics;
}

function lessIsBetter(field: RateField): "more" | "less" {
  return field === "customerChurnRate" || field === "revenueChurnRate" ? "less" : "more";
}

function undefinedOf({ before, after }: RetentionBridge): Figure {
  return before.netRevenueRetention.value === null
    ? before.netRevenueRetention
    : after.netRevenueRetention;
}
