/**
 * `<rc-movements>`: who and what came and went in each period, as drawings and as a table.
 *
 * It computes no figure. Choosing another granularity is asked of `<retention-calculator>`.
 */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Figure, PeriodReport, Report } from "../../engine/core.ts";
import type { ChartOpenEvent } from "../charts/chart-element.ts";
import type { ColumnData } from "../charts/movement-columns.ts";
import type { RatePoint } from "../charts/rate-line.ts";
import type { Format } from "../format.ts";
import { OptionsEvent } from "../inward-events.ts";
import { cell } from "../text.ts";
import { whyWords } from "../words.ts";
import { type CustomerGroup, groupsOfRate, groupsOfSegment } from "./behind.ts";
import { choiceOf } from "./choice.ts";
import { derivedMovement, derivedPeriod } from "./derived-amounts.ts";
import { reasonSentence } from "./figure-words.ts";
import {
  columnsFinding,
  rateFinding,
  revenueName,
  waterfallFinding,
  waterfallSubject,
} from "./findings.ts";
import { RATE_FIELDS, type RateField, rateName } from "./headline.ts";
import { lossOf } from "./next-steps.ts";
import { granularityOf, headlinePeriod, isWholeFile } from "./period-choice.ts";
import { amountsOf, type Counted, countedIn, movementSeries, stepsOf } from "./period-movements.ts";
import { ReportView } from "./report-view.ts";
import { segmentParts } from "./segment-words.ts";
import { keepStops, moveInTable, stopInTable } from "./table-focus.ts";
import { wideTableStyles } from "./wide-table.styles.ts";

/** How many periods or segments are in a table before the rest is asked for. */
const N_ROWS = 36;

const CUSTOMER_COLUMNS = [
  ["start", "Start"],
  ["new", "New"],
  ["reactivated", "Returned"],
  ["lost", "Lost"],
  ["end", "End"],
  ["cameAndWent", "Came and went"],
] as const;

const REVENUE_COLUMNS = [
  ["start", "Start"],
  ["new", "New"],
  ["reactivation", "Reactivation"],
  ["expansion", "Expansion"],
  ["contraction", "Contraction"],
  ["churned", "Churned"],
  ["end", "End"],
] as const;

/** Short names for the heads of columns. */
const RATE_HEADS: Readonly<Record<RateField, string>> = {
  customerRetentionRate: "Customer retention",
  customerChurnRate: "Customer churn",
  grossRevenueRetention: "Gross revenue retention",
  netRevenueRetention: "Net revenue retention",
  revenueChurnRate: "Revenue churn",
  quickRatio: "Quick ratio",
};

/** Movements by period. */
export class MovementsElement extends ReportView {
  static override properties = {
    chosen: { state: true },
    counted: { state: true },
    isWhole: { state: true },
    reading: { state: true },
  };

  static override styles = [
    super.styles,
    wideTableStyles,
    css`
      .box thead th {
        white-space: nowrap;
      }

      .box thead tr:first-child th {
        block-size: 32px;
        padding-block: 4px;
        border-block-end: 0;
        color: var(--rc-text);
      }

      .box thead tr:last-child th {
        inset-block-start: 32px;
      }

      .box .name {
        max-inline-size: 14rem;
        white-space: nowrap;
      }

      .group-start {
        border-inline-start: 1px solid var(--rc-line);
      }

      .box tr[aria-current="true"] > * {
        background: var(--rc-accent-soft);
      }

      .box th button {
        justify-content: flex-start;
        color: var(--rc-accent);
        text-decoration: underline;
        text-decoration-thickness: 1px;
        text-underline-offset: 0.2em;
      }

      .reading {
        display: block;
        min-block-size: 1.5em;
        font-size: var(--rc-text-s);
        color: var(--rc-text-muted);
      }

      .reading strong {
        color: var(--rc-text);
      }

    `,
  ];

  /** The label of the period that the waterfall is of. */
  declare protected chosen: string | null;
  declare protected counted: Counted;
  declare protected isWhole: { periods: boolean; segments: boolean };
  /** The undefined cell that is being read. */
  declare protected reading: { table: string; name: string; says: string } | null;

  constructor() {
    super();
    this.chosen = null;
    this.counted = "money";
    this.isWhole = { periods: false, segments: false };
    this.reading = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("report") || !this.report) return;
    const { periods } = this.report;
    this.counted = countedIn(periods);
    if (!periods.some(({ period }) => period === this.chosen)) this.chosen = null;
    this.isWhole = { periods: false, segments: false };
    this.reading = null;
  }

  protected override updated(): void {
    keepStops(this.renderRoot.querySelectorAll("table"));
  }

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (!report) return nothing;
    const format = this.format;
    const period =
      report.periods.find((one) => one.period === this.chosen) ??
      headlinePeriod(report.periods)?.period;
    if (!period) return html`<p>The file has no period to report on.</p>`;
    return html`
      <div class="view">
        ${this.#toolbar(report)}
        ${this.#drawings(report, period, format)}
        ${this.#periodTable(report, period, format)}
        ${this.#segmentTable(report, format)}
      </div>
      ${this.panel()}
    `;
  }

  #toolbar(report: Report): TemplateResult | typeof nothing {
    const granularity = granularityOf(report);
    const hasRevenue = countedIn(report.periods) === "money";
    if (granularity === null && !hasRevenue) return nothing;
    return html`
      <div class="toolbar">
        ${
          hasRevenue
            ? choiceOf(
                "Count",
                "counted",
                this.counted,
                [
                  ["money", "Revenue"],
                  ["customers", "Customers"],
                ],
                (value) => {
                  this.counted = value;
                },
              )
            : nothing
        }
        ${
          granularity === null || report.input.shape === "periods"
            ? nothing
            : choiceOf(
                "Periods",
                "granularity",
                granularity,
                [
                  ["month", "Months"],
                  ["quarter", "Quarters"],
                  ["year", "Years"],
                ],
                (value) => this.dispatchEvent(new OptionsEvent({ granularity: value })),
              )
        }
      </div>
    `;
  }

  #drawings(report: Report, period: PeriodReport, format: Format): TemplateResult {
    const { counted } = this;
    const steps = stepsOf(period, counted);
    const isWhole = isWholeFile(period);
    const columns: ColumnData[] = report.periods.map((one) => ({
      period: one.period,
      partial: one.partial,
      amounts: amountsOf(one, counted),
    }));
    const field: RateField = counted === "money" ? "netRevenueRetention" : "customerRetentionRate";
    const rates: RatePoint[] = report.periods.map((one) => ratePoint(one, field, format));
    const what = counted === "money" ? revenueName(report) : "Customers";
    return html`
      <section>
        <h2 class="visually-hidden">Drawings</h2>
        <div class="charts">
        <rc-waterfall
          .format=${format}
          .heading=${waterfallFinding(period, counted, format)}
          .subheading=${waterfallSubject(report, report.periods.indexOf(period), counted, format)}
          .unit=${counted}
          .movements=${"movements" in steps ? steps.movements : []}
          .missing=${"missing" in steps ? steps.missing : ""}
          .openable=${this.engine !== null}
          @rc-chart-open=${({ key }: ChartOpenEvent) => this.show(derivedMovement(report, period, key, counted, format))}
        ></rc-waterfall>
        ${
          isWhole || report.periods.length < 2
            ? nothing
            : html`
              <rc-movement-columns
                .format=${format}
                .heading=${columnsFinding(report.periods, counted)}
                .subheading=${`${what} gained and lost in each period, stacked from zero${counted === "money" && format.currency ? `, in ${format.currency}` : ""}`}
                .unit=${counted}
                .series=${movementSeries(counted)}
                .columns=${columns}
                .openable=${this.engine !== null}
                @rc-chart-open=${({ key }: ChartOpenEvent) => {
                  const one = report.periods.find((each) => each.period === key);
                  if (one) this.show(derivedPeriod(report, one, counted, format));
                }}
              ></rc-movement-columns>
              <rc-rate-line
                .format=${format}
                .heading=${rateFinding(rateName(field), report.periods, (one) => one[field], format)}
                .subheading=${`${rateName(field)} by period with its interval; the axis does not start at zero`}
                .measure=${rateName(field)}
                .rates=${rates}
                .mark=${1}
                .openable=${true}
                @rc-chart-open=${({ key }: ChartOpenEvent) => {
                  const one = report.periods.find((each) => each.period === key);
                  if (one)
                    this.#open(
                      one[field],
                      field,
                      format.period(key),
                      groupsOfRate(report, one, field),
                    );
                }}
              ></rc-rate-line>
            `
        }
        </div>
      </section>
    `;
  }

  #periodTable(report: Report, chosen: PeriodReport, format: Format): TemplateResult {
    const all = [...report.periods].reverse();
    const shown = this.isWhole.periods ? all : all.slice(0, N_ROWS);
    return html`
      <section>
        <h2>${report.periods.length === 1 ? "The period" : "All periods"}</h2>
        ${this.#table(
          "Periods, newest first",
          "Period",
          report,
          format,
          shown.map((one) => ({
            name: isWholeFile(one)
              ? "Whole file"
              : `${format.period(one.period)}${one.partial ? ", not over" : ""}`,
            period: one,
            isCurrent: one === chosen,
            choose: 1 < report.periods.length ? () => this.#choose(one.period) : null,
            ...(this.engine
              ? {
                  open: (key: string, counted: Counted) =>
                    this.show(derivedMovement(report, one, key, counted, format)),
                  groups: (field: RateField) => groupsOfRate(report, one, field),
                }
              : {}),
          })),
        )}
        ${this.#more(all.length, shown.length, "period", () => {
          this.isWhole = { ...this.isWhole, periods: true };
        })}
      </section>
    `;
  }

  #segmentTable(report: Report, format: Format): TemplateResult | typeof nothing {
    if (!report.segments || report.segments.length === 0) return nothing;
    const all = [...report.segments].sort(
      (a, b) =>
        (lossOf(b) ?? b.latest.customers.lost ?? 0) - (lossOf(a) ?? a.latest.customers.lost ?? 0),
    );
    const shown = this.isWhole.segments ? all : all.slice(0, N_ROWS);
    return html`
      <section>
        <h2>By segment</h2>
        <p class="aside">The latest period of each, the largest losses first.</p>
        ${this.#table(
          "Segments, largest losses first",
          "Segment",
          report,
          format,
          shown.map((one) => ({
            name: segmentParts(one, format, report.segmentation?.pooled).join(" · "),
            period: one.latest,
            isCurrent: false,
            choose: null,
            ...(this.engine
              ? {
                  open: (key: string, counted: Counted) =>
                    this.show(derivedMovement(report, one.latest, key, counted, format, one)),
                  groups: (field: RateField) =>
                    groupsOfSegment(one, report.segmentation?.columns ?? [], one.latest, field),
                }
              : {}),
          })),
        )}
        ${this.#more(all.length, shown.length, "segment", () => {
          this.isWhole = { ...this.isWhole, segments: true };
        })}
      </section>
    `;
  }

  #more(
    n: number,
    nShown: number,
    noun: string,
    show: () => void,
  ): TemplateResult | typeof nothing {
    if (n <= nShown) return nothing;
    return html`<p>
      <button type="button" @click=${show}>Show all ${this.format.counted(n, noun)}</button>
    </p>`;
  }

  #table(
    caption: string,
    heading: string,
    report: Report,
    format: Format,
    rows: readonly {
      name: string;
      period: PeriodReport;
      isCurrent: boolean;
      choose: (() => void) | null;
      /** Opens one of its amounts, where the customers behind it can be shown. */
      open?: (key: string, counted: Counted) => void;
      /** The customers behind a rate. */
      groups?: (field: RateField) => readonly CustomerGroup[];
    }[],
  ): TemplateResult {
    const hasRevenue = report.periods.some(({ revenue }) => revenue);
    const hasInside = report.periods.some(({ customers }) => customers.cameAndWent != null);
    const customerColumns = CUSTOMER_COLUMNS.filter(([key]) => key !== "cameAndWent" || hasInside);
    const revenueColumns = hasRevenue ? REVENUE_COLUMNS : [];
    const rates = RATE_FIELDS.filter((field) => hasRevenue || field.startsWith("customer"));
    return html`
      <div class="box" tabindex="0" role="region" aria-label=${caption}>
        <table @keydown=${moveInTable} @focusin=${stopInTable}>
          <caption class="visually-hidden">${caption}. Arrow keys move between the figures.</caption>
          <thead>
            <tr>
              <td class="name"></td>
              <th scope="colgroup" class="group-start" colspan=${customerColumns.length}>Customers</th>
              ${hasRevenue ? html`<th scope="colgroup" class="group-start" colspan=${revenueColumns.length}>${revenueName(report)}${format.currency ? `, ${format.currency}` : ""}</th>` : nothing}
              <th scope="colgroup" class="group-start" colspan=${rates.length}>Rates</th>
            </tr>
            <tr>
              <th scope="col" class="name">${heading}</th>
              ${customerColumns.map(([, label], index) => html`<th scope="col" class="number ${index === 0 ? "group-start" : ""}">${label}</th>`)}
              ${revenueColumns.map(([, label], index) => html`<th scope="col" class="number ${index === 0 ? "group-start" : ""}">${label}</th>`)}
              ${rates.map((field, index) => html`<th scope="col" class="number ${index === 0 ? "group-start" : ""}">${RATE_HEADS[field]}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({
                name,
                period,
                isCurrent,
                choose,
                open,
                groups,
              }) => html`<tr aria-current=${isCurrent ? "true" : nothing}>
                <th scope="row" class="name" title=${cell(name)}>${
                  choose
                    ? html`<button type="button" tabindex="-1" @click=${choose}>${name}</button>`
                    : html`<bdi>${cell(name)}</bdi>`
                }</th>
                ${customerColumns.map(([key, label], index) => this.#amount(period.customers[key], "customers", index === 0, format, open && (() => open(key, "customers")), `${label}, ${name}`))}
                ${revenueColumns.map(([key, label], index) => this.#amount(period.revenue?.[key], "money", index === 0, format, open && (() => open(key, "money")), `${label}, ${name}`))}
                ${rates.map((field, index) => this.#rate(period, field, name, caption, index === 0, format, groups?.(field)))}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <output class="reading" aria-live="polite">${this.reading?.table === caption ? html`<strong><bdi>${cell(this.reading.name)}</bdi></strong> ${this.reading.says}` : ""}</output>
    `;
  }

  #amount(
    value: number | null | undefined,
    counted: Counted,
    isFirst: boolean,
    format: Format,
    open: (() => void) | undefined,
    name: string,
  ): TemplateResult {
    const start = isFirst ? "group-start" : "";
    if (value == null)
      return html`<td class="number undefined ${start}" title="The file does not give it"><span aria-label="not given">–</span></td>`;
    const [full, short] =
      counted === "money"
        ? [format.money(value), format.compactMoney(value)]
        : [format.count(value), format.compactCount(value)];
    return html`<td class="number ${start}" title=${full}>${
      open
        ? html`<button type="button" tabindex="-1" aria-haspopup="dialog" aria-label=${`${name}: ${full}`} @click=${open}>${short}</button>`
        : short
    }</td>`;
  }

  #rate(
    period: PeriodReport,
    field: RateField,
    of: string,
    table: string,
    isFirst: boolean,
    format: Format,
    groups: readonly CustomerGroup[] = [],
  ): TemplateResult {
    const figure = period[field];
    const start = isFirst ? "group-start" : "";
    const kind = field === "quickRatio" ? "ratio" : "share";
    const name = `${rateName(field)}, ${of}`;
    if (figure.value === null) {
      const read = (): void => {
        this.reading = { table, name: `${name}:`, says: `not defined, ${whyWords(figure.why)}.` };
      };
      return html`<td class="number undefined ${start}" title=${reasonSentence(figure)} @pointerenter=${read}>
        <button type="button" tabindex="-1" aria-label=${`${name}: not defined, ${whyWords(figure.why)}`} @focus=${read} @click=${() => this.#open(figure, field, of, groups)}>–</button>
      </td>`;
    }
    const clear = (): void => {
      this.reading = null;
    };
    return html`<td class="number ${start}">
      <button type="button" tabindex="-1" aria-haspopup="dialog" @focus=${clear} @click=${() => this.#open(figure, field, of, groups)}>${format.value(figure.value, kind)}</button>
    </td>`;
  }

  #choose(period: string): void {
    this.chosen = period;
    const waterfall = this.renderRoot.querySelector("rc-waterfall");
    const isReduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
    waterfall?.scrollIntoView({ block: "nearest", behavior: isReduced ? "auto" : "smooth" });
  }

  #open(figure: Figure, field: RateField, of: string, groups: readonly CustomerGroup[]): void {
    this.showFigure(rateName(field), cell(of), figure, {
      groups,
    });
  }
}

function ratePoint(period: PeriodReport, field: RateField, format: Format): RatePoint {
  const figure = period[field];
  return {
    period: period.period,
    partial: period.partial,
    value: figure.value,
    low: figure.low ?? null,
    high: figure.high ?? null,
    why: figure.value === null ? `${format.period(period.period)}: ${whyWords(figure.why)}.` : "",
  };
}
