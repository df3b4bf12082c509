/**
 * `<rc-overview>`: what happened, in words; the figures that matter; what moved them; what is next.
 *
 * It computes no figure. Each number is a button that opens where it comes from.
 */

import { css, html, nothing, type TemplateResult } from "lit";
import type { Report } from "../../engine/core.ts";
import type { ChartOpenEvent } from "../charts/chart-element.ts";
import type { Format } from "../format.ts";
import { OptionsEvent } from "../inward-events.ts";
import { type CustomerGroup, groupsOfHeadline, groupsOfRate } from "./behind.ts";
import { benchmarkLine, benchmarksOf } from "./benchmark-words.ts";
import { definitionsOf, spanWords } from "./definition-words.ts";
import { derivedMovement } from "./derived-amounts.ts";
import { intervalWords, reasonSentence, valueWords } from "./figure-words.ts";
import { monthsWords, waterfallFinding, waterfallSubject } from "./findings.ts";
import { changeOf, type Headline, headlines, isForTheBetter, RATE_FIELDS } from "./headline.ts";
import { type NextStep, nextSteps } from "./next-steps.ts";
import { openingOf } from "./opening.ts";
import { headlinePeriod, isWholeFile } from "./period-choice.ts";
import { countedIn, stepsOf } from "./period-movements.ts";
import { ReportView } from "./report-view.ts";
import { alarmSentence, unansweredWarnings } from "./warnings.ts";

/** Names of the report's metrics in benchmarks and definitions, by the field of the headline. */
const METRICS: Readonly<Record<string, string>> = {
  customerRetentionRate: "customer_retention_rate",
  customerChurnRate: "customer_churn_rate",
  grossRevenueRetention: "gross_revenue_retention",
  netRevenueRetention: "net_revenue_retention",
  revenueChurnRate: "revenue_churn_rate",
  quickRatio: "quick_ratio",
  repeatCustomerRate: "repeat_customer_rate",
  purchaseFrequency: "purchase_frequency",
  averagePurchaseValue: "average_purchase_value",
  clv: "clv",
};

/** The customers behind a metric of the trailing year; of another span nobody is listed. */
function groupsOfMetric(report: Report, metric = "", label = ""): CustomerGroup[] {
  const field = RATE_FIELDS.find((one) => METRICS[one] === metric);
  const year = report.trailingYear;
  return field && year?.period === label ? groupsOfRate(report, year, field) : [];
}

/** The overview of a report. */
export class OverviewElement extends ReportView {
  static override styles = [
    super.styles,
    css`
      .figures {
        display: grid;
        /* Two, and one where the letters are large. */
        grid-template-columns: repeat(auto-fit, minmax(min(8.5em, 100%), 1fr));
        gap: 0 var(--rc-space-2);
      }

      @container (min-width: 640px) {
        .figures {
          grid-template-columns: repeat(3, minmax(0, 1fr));
          gap: 0 var(--rc-space-4);
        }
      }

      li.figure-item {
        display: grid;
        max-inline-size: none;
        border-block-start: 1px solid var(--rc-line);
      }

      button.figure {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        justify-content: stretch;
        gap: 2px;
        min-block-size: 0;
        padding: 12px 0 var(--rc-space-2);
        border: 0;
        border-radius: 0;
        background: none;
        font-weight: 400;
        text-align: start;
        white-space: normal;
      }

      button.figure:hover .name {
        color: var(--rc-accent);
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }

      .together {
        white-space: nowrap;
      }

      .name {
        font-size: var(--rc-text-s);
        color: var(--rc-text-muted);
      }

      .main {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0 var(--rc-space-2);
      }

      .value {
        font-size: var(--rc-text-xl);
        font-weight: 600;
        line-height: 1.25;
        letter-spacing: -0.015em;
        font-variant-numeric: tabular-nums;
      }

      .value.long {
        font-size: var(--rc-text-l);
        line-height: 1.75;
      }

      .value.none {
        font-size: var(--rc-text-m);
        font-weight: 500;
        letter-spacing: 0;
        line-height: 2.1875;
        color: var(--rc-text-muted);
      }

      .small-line {
        font-size: var(--rc-text-s);
        font-variant-numeric: tabular-nums;
        color: var(--rc-text-muted);
      }

      .small-line.better {
        color: var(--rc-gain-text);
      }

      .small-line.worse {
        color: var(--rc-loss-text);
      }

      .bar {
        display: flex;
        align-items: center;
        gap: 6px;
        margin-block: 2px;
        font-size: 12px;
        font-variant-numeric: tabular-nums;
        color: var(--rc-text-muted);
        direction: ltr;
      }

      rc-interval-bar {
        flex: 0 1 120px;
      }

      :host(:dir(rtl)) .bar {
        justify-content: flex-end;
      }

      ol.next {
        display: grid;
      }

      ol.next li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: start;
        gap: var(--rc-space-2);
        max-inline-size: none;
        padding-block: 10px;
        border-block-start: 1px solid var(--rc-line);
      }

      ol.next .money {
        text-align: end;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      @container (max-width: 559px) {
        ol.next .money {
          display: grid;
          max-inline-size: 7.5rem;
          line-height: 1.35;
          white-space: normal;
        }
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (!report) return nothing;
    const format = this.format;
    return html`
      <div class="view">
        ${this.#opening(report, format)}
        ${this.#figures(report, format)}
        ${this.#waterfall(report, format)}
        ${this.#next(report, format)}
        <rc-reasons
          .report=${report}
          .formulas=${this.formulas}
          .engine=${this.engine}
          .locale=${this.locale}
          .currency=${this.currency}
          @rc-options=${this.#passOn}
        ></rc-reasons>
        <rc-renewals
          .report=${report}
          .formulas=${this.formulas}
          .engine=${this.engine}
          .locale=${this.locale}
          .currency=${this.currency}
          @rc-options=${this.#passOn}
        ></rc-renewals>
        <rc-definitions
          .report=${report}
          .format=${format}
          .engine=${this.engine}
        ></rc-definitions>
      </div>
      ${this.panel()}
    `;
  }

  #opening(report: Report, format: Format): TemplateResult {
    const { pieces, asides } = openingOf(report, format);
    const all = headlines(report);
    const sentence = pieces.map((piece) => {
      const headline = piece.kind === "figure" ? all.find(({ id }) => id === piece.id) : undefined;
      if (piece.kind === "words") return piece.text;
      // A button is a box of its own: without this a line could break between it and its bracket.
      return html`<span class="together">${piece.before}${
        headline
          ? html`<button type="button" class="worked" aria-haspopup="dialog" @click=${() => this.#open(headline)}>${piece.text}</button>`
          : piece.text
      }${piece.after}</span>`;
    });
    return html`
      <section>
        <h2 class="visually-hidden">In words</h2>
        <p class="lede">${sentence}</p>
        ${asides.map((aside) => html`<p class="aside">${aside}</p>`)}
      </section>
    `;
  }

  #figures(report: Report, format: Format): TemplateResult | typeof nothing {
    const all = headlines(report);
    if (all.length === 0) return nothing;
    return html`
      <section>
        <h2 class="visually-hidden">Figures</h2>
        <ul class="figures">
          ${all.map((headline) => html`<li class="figure-item">${this.#figure(headline, report, format)}</li>`)}
        </ul>
      </section>
    `;
  }

  #figure(headline: Headline, report: Report, format: Format): TemplateResult {
    const { figure, kind, name, unit, scale, run } = headline;
    return html`
      <button type="button" class="figure" part="figure" aria-haspopup="dialog" @click=${() => this.#open(headline)}>
        <span class="name">${name}</span>
        ${
          figure.value === null
            ? html`<span class="main"><span class="value none">Not defined</span></span>
              <span class="small-line">${reasonSentence(figure)}</span>`
            : html`
              <span class="main">
                <span class="value ${kind === "periods" ? "long" : ""}" title=${valueWords(figure.value, kind, format, { unit })}>${valueWords(figure.value, kind, format, { unit, isShort: true })}</span>
                ${1 < run.length ? html`<rc-sparkline .values=${run}></rc-sparkline>` : nothing}
              </span>
              ${this.#change(headline, report, format)}
              ${
                scale && figure.low != null && figure.high != null
                  ? html`<span class="bar">
                      ${format.share(scale[0], 0)}
                      <rc-interval-bar
                        .value=${figure.value}
                        .low=${figure.low}
                        .high=${figure.high}
                        .from=${scale[0]}
                        .to=${scale[1]}
                      ></rc-interval-bar>
                      ${format.share(scale[1], 0)}
                    </span>`
                  : nothing
              }
              <span class="small-line">${this.#certainty(headline, format)}</span>
              ${this.#benchmark(headline, report, format)}
            `
        }
      </button>
    `;
  }

  #change(headline: Headline, report: Report, format: Format): TemplateResult | typeof nothing {
    const change = changeOf(headline);
    const before = headlinePeriod(report.periods)?.before;
    if (change === null || !before) return nothing;
    // A change too small to be seen in the number is none.
    const isSeen = 0.0005 <= Math.abs(change);
    const isBetter = isSeen ? isForTheBetter(change, headline.better) : null;
    const words =
      headline.kind === "share"
        ? format.points(change)
        : `${0 < change ? "+" : change < 0 ? "\u2212" : ""}${format.ratio(Math.abs(change))}`;
    const tone = isBetter === null ? "" : isBetter ? "better" : "worse";
    return html`<span class="small-line ${tone}">${words} on ${format.shortPeriod(before.period)}</span>`;
  }

  #certainty({ figure, kind, unit, remark }: Headline, format: Format): string {
    const inMonths =
      unit === "day" && figure.value !== null && 60 < figure.value
        ? monthsWords(figure.value, format)
        : "";
    const interval = [remark, inMonths, intervalWords(figure, kind, format, unit)]
      .filter(Boolean)
      .join("; ");
    if (!interval) return "";
    return interval.charAt(0).toUpperCase() + interval.slice(1);
  }

  /** How the figure of a year lies to the published ranges, where it can be judged by any. */
  #benchmark({ id }: Headline, report: Report, format: Format): TemplateResult | typeof nothing {
    const line = benchmarkLine(report.benchmarks, METRICS[id], format);
    return line === "" ? nothing : html`<span class="small-line">${line}</span>`;
  }

  #waterfall(report: Report, format: Format): TemplateResult | typeof nothing {
    const chosen = headlinePeriod(report.periods);
    if (!chosen) return nothing;
    const counted = countedIn(report.periods);
    const steps = stepsOf(chosen.period, counted);
    return html`
      <section>
        <h2 class="visually-hidden">What moved it</h2>
        <rc-waterfall
          .format=${format}
          .heading=${waterfallFinding(chosen.period, counted, format)}
          .subheading=${waterfallSubject(report, chosen.index, counted, format)}
          .unit=${counted}
          .movements=${"movements" in steps ? steps.movements : []}
          .missing=${"missing" in steps ? steps.missing : ""}
          .openable=${this.engine !== null}
          @rc-chart-open=${({ key }: ChartOpenEvent) => this.show(derivedMovement(report, chosen.period, key, counted, format))}
        ></rc-waterfall>
      </section>
    `;
  }

  #next(report: Report, format: Format): TemplateResult | typeof nothing {
    const steps = nextSteps(report, format);
    const alarm = alarmSentence(report, format);
    const unanswered = unansweredWarnings(report, format);
    if (steps.length === 0 && unanswered.length === 0) return nothing;
    const opener = (words: TemplateResult | string, look: string, open: () => void) =>
      html`<button type="button" class="worked ${look}" aria-haspopup="dialog" @click=${open}>${words}</button>`;
    return html`
      <section>
        <h2>Look at next</h2>
        ${alarm === "" ? nothing : html`<p>${alarm}</p>`}
        <ol class="next">
          ${steps.map(
            (step) => html`<li>
              <span>${step.figure || step.derived ? opener(step.text, "", () => this.#openStep(step)) : step.text}</span>
              ${
                step.money === null
                  ? nothing
                  : html`<span class="money" title=${format.money(step.money)}>${opener(html`${format.compactMoney(step.money)} <span class="muted small">${step.moneyWords}</span>`, "plain", () => this.#openMoney(step))}</span>`
              }
            </li>`,
          )}
        </ol>
        ${
          unanswered.length === 0
            ? nothing
            : html`<details class="small muted">
                <summary>${format.counted(unanswered.length, "published warning")} cannot be judged from this file</summary>
                <ul>${unanswered.map((line) => html`<li>${line}</li>`)}</ul>
              </details>`
        }
      </section>
    `;
  }

  /** Hands on what a part of the view asks for: such events stay inside one shadow root. */
  #passOn({ options }: OptionsEvent): void {
    this.dispatchEvent(new OptionsEvent(options));
  }

  #open(headline: Headline): void {
    const { report } = this;
    const chosen = report && headlinePeriod(report.periods);
    if (!report || !chosen) return;
    const metric = METRICS[headline.id];
    const isOfPeriod = headline.run.length > 0 && !isWholeFile(chosen.period);
    const of = isOfPeriod ? this.format.period(chosen.period.period) : "The whole file";
    this.showFigure(headline.name, of, headline.figure, {
      kind: headline.kind,
      unit: headline.unit,
      definitions: definitionsOf(report.definitions, metric),
      benchmarks: benchmarksOf(report.benchmarks, metric),
      stages: report.stages,
      groups: groupsOfHeadline(report, chosen.period, headline.id),
    });
  }

  /** The money of a step, from the customers of its figure. */
  #openMoney({ paid, derived, customers, groups, metric, period }: NextStep): void {
    const { report } = this;
    if (derived) this.show(derived);
    if (!paid || !report) return;
    const behind = customers
      ? { customers }
      : { groups: groups ?? groupsOfMetric(report, metric, period) };
    this.show({ ...paid, ...behind });
  }

  #openStep({ figure, derived, name, customers, groups, metric, period }: NextStep): void {
    const { report } = this;
    if (derived) this.show(derived);
    if (!figure || !report) return;
    const chosen = headlinePeriod(report.periods);
    const ofPeriod =
      chosen && !isWholeFile(chosen.period)
        ? this.format.period(chosen.period.period)
        : "The whole file";
    const of =
      period === "all" ? "The whole file" : period ? spanWords(period, this.format) : ofPeriod;
    this.showFigure(name, of, figure, {
      ...(metric
        ? {
            definitions: definitionsOf(report.definitions, metric),
            benchmarks: benchmarksOf(report.benchmarks, metric),
            stages: report.stages,
          }
        : {}),
      ...(customers ? { customers } : {}),
      groups: groups ?? groupsOfMetric(report, metric, period),
    });
  }
}
