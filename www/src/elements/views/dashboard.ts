/**
 * `<rc-dashboard>`: the figures that a board asks for, on two pages that can be printed.
 *
 * It computes no figure but the difference of two that stand beside each other.
 */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type {
  Figure,
  FormulaInfo,
  PeriodReport,
  Report,
  RetentionBridge,
} from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor, type NumberKind } from "../format.ts";
import { exclusions } from "../sentence.ts";
import { cell } from "../text.ts";
import { IN_PRINT } from "./dashboard-in-print.ts";
import type { DerivationElement } from "./derivation.ts";
import { intervalWords, reasonSentence, valueWords } from "./figure-words.ts";
import { isForTheBetter, type RateField, rateName } from "./headline.ts";
import { headlinePeriod, isWholeFile } from "./period-choice.ts";
import { viewStyles } from "./view.styles.ts";

/** One metric at the head of the first page. */
interface Metric {
  readonly field: RateField;
  readonly now: PeriodReport;
  readonly before: PeriodReport | null;
  /** What span it is of, and what the one before is called. */
  readonly of: string;
}

const MOVEMENTS: Readonly<Record<string, string>> = {
  expansion: "Expansion",
  contraction: "Contraction",
  churned: "Churn",
};

/** How many of the customers who moved the rate most are named. */
const N_NAMED = 5;

/** The dashboard of a report. */
export class DashboardElement extends LitElement {
  static override properties = {
    report: { attribute: false },
    formulas: { attribute: false },
    locale: {},
    currency: {},
    isInPrint: { attribute: false },
  };

  static override styles = [
    controls,
    viewStyles,
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
      }

      thead th.number {
        white-space: normal;
      }

      .name {
        max-inline-size: 16rem;
        overflow-wrap: anywhere;
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

  declare report: Report | null;
  declare formulas: readonly FormulaInfo[];
  declare locale: string;
  declare currency: string;
  /** Whether the report is on the sample that was made after a dashboard in print. */
  declare isInPrint: boolean;

  constructor() {
    super();
    this.report = null;
    this.formulas = [];
    this.locale = "";
    this.currency = "";
    this.isInPrint = false;
  }

  get #format(): Format {
    return formatFor(this.locale, this.currency || this.report?.input.currency);
  }

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (!report) return nothing;
    const format = this.#format;
    const chosen = headlinePeriod(report.periods);
    if (!chosen) return html`<p>The file has no period to report on.</p>`;
    return html`
      <div class="view">
        <div class="toolbar">
          <p class="aside">Two pages: ${report.input.asOf === "" ? "the whole file" : `up to ${format.date(report.input.asOf)}`}</p>
          <button type="button" @click=${() => window.print()}>Print</button>
        </div>
        <div class="page">
          ${this.#metrics(report, format)}
          ${this.#bridges(report, format)}
          ${this.#segments(report, format)}
        </div>
        <div class="page">
          <div class="two">
            ${this.#reasons(report, format)}
            ${this.#renewals(report, format)}
          </div>
          ${this.#cohorts(report, format)}
        </div>
        ${this.isInPrint ? this.#inPrint() : nothing}
      </div>
      <rc-derivation .format=${format}></rc-derivation>
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
    const better = change === null ? null : isForTheBetter(change, lessIsBetter(field));
    return html`<li>
      <span class="aside">${name}, ${of}</span>
      ${this.#opener(figure, "share", name, of, format)}
      ${
        prior === null || change === null
          ? html`<span class="aside">${before ? `Before: not known` : "No span before it in the file"}</span>`
          : html`<span class="aside">${format.share(prior)} before, <span class=${better === null ? "" : better ? "better" : "worse"}>${format.points(change)}</span></span>`
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
    const spanOf = (period: PeriodReport) =>
      isYear && period.to !== null
        ? `Year to ${format.date(period.to)}`
        : format.period(period.period);
    const rate = (figure: Figure) =>
      figure.value === null ? "not known" : format.share(figure.value);
    const largest = [...steps].sort((a, b) => Math.abs(b.change) - Math.abs(a.change))[0];
    const verb =
      change === null || Math.abs(change) < 0.0005
        ? "stayed at"
        : 0 < change
          ? "rose to"
          : "fell to";
    return html`<div>
      <p>
        ${isYear ? "Over twelve months" : "Of the quarter alone"}, it ${verb} ${rate(after.netRevenueRetention)} from ${rate(before.netRevenueRetention)}${
          largest
            ? html`; ${(MOVEMENTS[largest.movement] ?? "").toLowerCase()} moved it most`
            : nothing
        }.
      </p>
      <div class="scroll">
        <table>
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
                <th scope="row">${MOVEMENTS[step.movement] ?? step.movement}</th>
                <td class="number">${format.change(step.before)}</td>
                <td class="number">${format.change(step.after)}</td>
                <td class="number">${this.#moved(step.change, format)}</td>
              </tr>`,
            )}
            <tr>
              <th scope="row">Net revenue retention</th>
              <td class="number">${this.#opener(before.netRevenueRetention, "share", "Net revenue retention", spanOf(before), format)}</td>
              <td class="number">${this.#opener(after.netRevenueRetention, "share", "Net revenue retention", spanOf(after), format)}</td>
              <td class="number">${change === null ? nothing : this.#moved(change, format)}</td>
            </tr>
            ${contributors.slice(0, N_NAMED).map(
              (one) => html`<tr>
                <td class="name"><bdi>${cell(one.customer)}</bdi></td>
                <td class="number" title=${format.signedMoney(one.movedBefore)}>${format.signedMoney(one.movedBefore)}</td>
                <td class="number">${format.signedMoney(one.movedAfter)}</td>
                <td class="number">${this.#moved(one.change, format, 2)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${contributors.length === 0 ? nothing : html`<p class="aside">The customers below the rate moved it most: their monthly revenue in each span, and what that added.</p>`}
    </div>`;
  }

  #moved(change: number, format: Format, digits = 1): TemplateResult {
    const tone = Math.abs(change) < 0.5 / 10 ** (digits + 2) ? "" : 0 < change ? "better" : "worse";
    return html`<span class=${tone}>${format.points(change, digits)}</span>`;
  }

  #segments(_report: Report, _format: Format): TemplateResult | typeof nothing {
    return nothing;
  }

  #reasons(_report: Report, _format: Format): TemplateResult | typeof nothing {
    return nothing;
  }

  #renewals(_report: Report, _format: Format): TemplateResult | typeof nothing {
    return nothing;
  }

  #cohorts(_report: Report, _format: Format): TemplateResult | typeof nothing {
    return nothing;
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
        <table>
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
                <td>${printed}</td>
                <td>${follows}</td>
                <td>${sample}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  #opener(
    figure: Figure,
    kind: NumberKind,
    name: string,
    of: string,
    format: Format,
  ): TemplateResult {
    return html`<button
      type="button"
      class="worked"
      aria-haspopup="dialog"
      @click=${() => this.#open(figure, kind, name, of)}
    >${figure.value === null ? "not defined" : valueWords(figure.value, kind, format)}</button>`;
  }

  #open(figure: Figure, kind: NumberKind, name: string, of: string): void {
    const info = this.formulas.find(({ id }) => id === figure.formula) ?? null;
    const leftOut = this.report ? exclusions(this.report.input.notes) : [];
    void this.renderRoot
      .querySelector<DerivationElement>("rc-derivation")
      ?.show({ name, of, figure, kind, info, leftOut });
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
