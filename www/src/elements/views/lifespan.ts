/**
 * `<rc-lifespan>`: how long customers stay and what they are worth, in words, as a curve, and by
 * every named formula.
 *
 * It computes no figure and picks no winner among the formulas: it says what each assumes.
 */

import { css, html, nothing, type TemplateResult } from "lit";
import type { Figure, Fit, FormulaInfo, Survival } from "../../engine/core.ts";
import type { ChartOpenEvent } from "../charts/chart-element.ts";
import type { TimeUnit } from "../charts/time-ticks.ts";
import type { Format } from "../format.ts";
import { expressionWords } from "../sentence.ts";
import { capitalised } from "../words.ts";
import { groupOfAll } from "./behind.ts";
import { choiceOf } from "./choice.ts";
import { derivedAmount, derivedStep } from "./derived-amounts.ts";
import { estimateInfo, valueName } from "./estimates.ts";
import { inputOf } from "./figure-inputs.ts";
import { intervalWords, kindOf, reasonSentence, valueWords } from "./figure-words.ts";
import { HORIZON, lastTimeOf, meanSentence, medianSentence, survivalFinding } from "./findings.ts";
import {
  heldOutError,
  heldOutFrom,
  heldOutTable,
  judgement,
  modelsTable,
  projectionsJudged,
  projectionsOf,
} from "./lifespan-models.ts";
import type { FigureOpenEvent } from "./lifespan-section.ts";
import { granularityOf } from "./period-choice.ts";
import { ReportView } from "./report-view.ts";
import { wideTableStyles } from "./wide-table.styles.ts";

/** One row of a table of variants. */
export interface Variant {
  readonly key: string;
  readonly name: string;
  readonly how: string;
  readonly figure: Figure;
}

/** The variants of a record, each with its name and its arithmetic in words. */
export function variantsOf(
  figures: Readonly<Record<string, Figure>>,
  catalogue: readonly FormulaInfo[],
): Variant[] {
  const entries = Object.entries(figures);
  return entries.map(([key, figure]) => {
    const info = catalogue.find(({ id }) => id === figure.formula);
    const estimate = estimateInfo(figure.formula);
    return {
      key,
      name: capitalised(valueName(key)),
      how: info ? expressionWords(info) : (estimate?.how ?? ""),
      figure,
    };
  });
}

/** Lifespan and lifetime value of a report. */
export class LifespanElement extends ReportView {
  static override properties = {
    drawn: { state: true },
  };

  static override styles = [
    super.styles,
    wideTableStyles,
    css`
      .box .name {
        max-inline-size: min(20rem, 50vw);
        white-space: normal;
      }

      .box .how {
        display: block;
        font-weight: 400;
        color: var(--rc-text-muted);
      }

      .box .words {
        max-inline-size: 16rem;
      }

      .box thead th.number {
        max-inline-size: 8em;
        white-space: normal;
      }

      summary {
        min-block-size: 32px;
        cursor: pointer;
      }

      .sentences {
        display: grid;
        gap: var(--rc-space-1);
      }

      .variants {
        table-layout: fixed;
      }

      .variants :is(th, td):nth-child(2) {
        inline-size: 22%;
      }

      .variants :is(th, td):nth-child(3) {
        inline-size: 30%;
      }

      .variants td.number {
        white-space: normal;
      }

      .variants th {
        font-weight: 500;
      }

      .variants .how {
        display: block;
        font-weight: 400;
        color: var(--rc-text-muted);
      }

      .variants td:nth-child(3) {
        color: var(--rc-text-muted);
      }

      @container (max-width: 559px) {
        .variants thead {
          position: absolute;
          inline-size: 1px;
          block-size: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        .variants tr {
          display: grid;
          grid-template-columns: minmax(0, 1fr) auto;
          padding-block: var(--rc-space-1);
          border-block-end: 1px solid var(--rc-line);
        }
        .variants :is(th, td) {
          padding: 2px 0;
          border: 0;
        }
        .variants :is(th, td):nth-child(n) {
          inline-size: auto;
        }
        .variants td:nth-child(3) {
          grid-column: 1 / -1;
          text-align: start;
        }
      }
    `,
  ];

  /** Whether the models are drawn as fitted to all, or to the earlier part alone. */
  declare protected drawn: "all" | "judged";

  constructor() {
    super();
    this.drawn = "all";
  }

  /** What one period of the formulas is. */
  get #unit(): string {
    const { report } = this;
    if (!report) return "period";
    const granularity = granularityOf(report);
    return granularity ?? report.survival?.unit ?? "period";
  }

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (!report) return nothing;
    const format = this.format;
    const { survival } = report;
    return html`
      <div class="view">
        ${survival ? this.#survival(survival, format) : this.#noSurvival()}
        ${survival ? this.#models(survival, format) : nothing}
        ${report.input.shape === "transactions" ? nothing : this.#worth()}
        ${this.#variants("Lifespan by formula", report.value.lifespan, format)}
        ${this.#variants("Lifetime value by formula", report.value.clv, format)}
      </div>
      ${this.panel()}
    `;
  }

  #worth(): TemplateResult {
    const { report, engine, locale, currency } = this;
    return html`
      <rc-lifespan-value
        .report=${report}
        .engine=${engine}
        .locale=${locale}
        .currency=${currency}
        @rc-figure-open=${this.#openPart}
      ></rc-lifespan-value>
      ${
        report?.survival && 1 < (report.segments?.length ?? 0)
          ? html`<rc-lifespan-segments .report=${report} .engine=${engine} .locale=${locale} @rc-figure-open=${this.#openPart}></rc-lifespan-segments>`
          : nothing
      }
    `;
  }

  #noSurvival(): TemplateResult {
    if (this.report?.input.shape === "transactions") {
      return html`<rc-lifespan-purchases
        .report=${this.report}
        .engine=${this.engine}
        .locale=${this.locale}
        .currency=${this.currency}
        @rc-figure-open=${this.#openPart}
      ></rc-lifespan-purchases>`;
    }
    return html`<p class="lede">How long each customer stayed is not in this file, so there is no curve. The formulas below rest on rates alone.</p>`;
  }

  #survival(survival: Survival, format: Format): TemplateResult {
    const mean = meanSentence(survival, format);
    const { median, rmst, unit } = survival;
    const heldOut = heldOutFrom(survival);
    const isJudged = this.drawn === "judged" && heldOut !== null;
    return html`
      <section>
        <h2 class="visually-hidden">In words</h2>
        <div class="sentences">
          <p class="lede">${medianSentence(survival, format)} ${mean ?? nothing}</p>
          <p>
            ${this.#button("How the median was worked out", "Median lifespan", median, unit)}
            ·
            ${this.#button("How the mean was worked out", "Mean lifespan inside the data", rmst, unit)}
          </p>
          ${
            rmst.value === null
              ? html`<p class="aside">There is no mean inside the data. ${reasonSentence(rmst)}</p>`
              : nothing
          }
        </div>
      </section>
      <section>
        <h2 class="visually-hidden">Curve</h2>
        ${
          heldOut === null
            ? nothing
            : choiceOf(
                "Models",
                "drawn",
                this.drawn,
                [
                  ["all", "fitted to all of the data"],
                  ["judged", "tested on the last third"],
                ],
                (drawn) => {
                  this.drawn = drawn;
                },
              )
        }
        <rc-survival-curve
          .format=${format}
          .heading=${survivalFinding(survival, format)}
          .subheading=${"Share of customers still there after a time, with its interval; customers who are still there count for as long as they have been seen"}
          .curve=${{
            times: survival.timeline,
            survival: survival.survival,
            low: survival.low,
            high: survival.high,
            atRisk: survival.atRisk,
            events: survival.events,
            lastTime: lastTimeOf(survival),
          }}
          .unit=${unit as TimeUnit}
          .median=${median.value}
          .horizon=${inputOf(rmst, HORIZON)}
          .projections=${isJudged ? projectionsJudged(survival) : projectionsOf(survival)}
          .heldOut=${isJudged ? heldOut : null}
          .missing=${"Nobody was observed for any time, so there is no curve."}
          .openable=${this.engine !== null}
          @rc-chart-open=${({ key }: ChartOpenEvent) => this.#openStep(Number(key))}
        ></rc-survival-curve>
      </section>
    `;
  }

  #variants(
    title: string,
    figures: Readonly<Record<string, Figure>>,
    format: Format,
  ): TemplateResult | typeof nothing {
    const variants = variantsOf(figures, this.formulas);
    if (variants.length === 0) return nothing;
    const unit = this.#unit;
    return html`
      <section>
        <h2>${title}</h2>
        <table class="variants">
          <caption class="visually-hidden">${title}</caption>
          <thead>
            <tr>
              <th scope="col">Formula</th>
              <th scope="col" class="number">Value</th>
              <th scope="col" class="number">Interval</th>
            </tr>
          </thead>
          <tbody>
            ${variants.map(({ name, how, figure }) => {
              const kind = kindOf(figure, this.formulas);
              const value =
                figure.value === null
                  ? "Not defined"
                  : valueWords(figure.value, kind, format, { unit });
              return html`<tr>
                <th scope="row">${name}<span class="how">${capitalised(how)}</span></th>
                <td class="number ${figure.value === null ? "undefined" : ""}">${this.#button(value, name, figure, unit)}</td>
                <td class="number">${figure.value === null ? reasonSentence(figure) : intervalWords(figure, kind, format, unit)}</td>
              </tr>`;
            })}
          </tbody>
        </table>
      </section>
    `;
  }

  #models(survival: Survival, format: Format): TemplateResult | typeof nothing {
    if (survival.models.length === 0) {
      return html`<p class="aside">Fewer than ten customers have left, too few to fit a model that looks beyond the data.</p>`;
    }
    const said = judgement(survival, format);
    return html`
      <section>
        <h2>How far the models can be believed</h2>
        ${said ? html`<p>${said}</p>` : nothing}
        ${modelsTable(
          survival,
          format,
          (figure, name) => this.#modelFigure(figure, name, format),
          (model, words) => this.#heldOutError(model, words, format),
        )}
        ${heldOutTable(survival, format)}
      </section>
    `;
  }

  #modelFigure(figure: Figure, name: string, format: Format): TemplateResult {
    const unit = this.report?.survival?.unit ?? this.#unit;
    const text =
      figure.value === null
        ? figure.why === "mean-infinite"
          ? "no end"
          : figure.why === "median-not-reached"
            ? "not reached"
            : "not defined"
        : valueWords(figure.value, kindOf(figure, this.formulas), format, { unit });
    return this.#button(text, name, figure, unit);
  }

  /** How far a model was off, as the button that opens the periods that it is the mean of. */
  #heldOutError(model: Fit, words: string, format: Format): TemplateResult {
    const { report } = this;
    const open = (): void => {
      if (!report) return;
      const derived = derivedAmount(
        report,
        heldOutError(model, report.survival?.unit ?? "", format),
      );
      this.show({ ...derived, groups: groupOfAll(report, "lifetime") });
    };
    return html`<button type="button" class="worked" aria-haspopup="dialog" @click=${open}>${words}</button>`;
  }

  #button(text: string, name: string, figure: Figure, unit: string): TemplateResult {
    return html`<button type="button" class="worked" aria-haspopup="dialog" @click=${() => this.#open(name, figure, unit)}>${text}</button>`;
  }

  /** Opens the step of the curve at a time. */
  #openStep(time: number): void {
    this.show(this.report && derivedStep(this.report, time, this.format));
  }

  /** Opens what a part of the view asks for, with the customers of the file behind it. */
  #openPart({ opened: { name, of, figure, amount, more } }: FigureOpenEvent): void {
    const { report } = this;
    if (!report) return;
    const groups = groupOfAll(report, "lifetime");
    if (figure) this.showFigure(name, of, figure, { unit: this.#unit, groups, ...more });
    else if (amount)
      this.show({ ...derivedAmount(report, { name, of, ...amount }), groups, ...more });
  }

  #open(name: string, figure: Figure, unit: string): void {
    this.showFigure(name, "The whole file", figure, {
      unit,
      groups: this.report ? groupOfAll(this.report, "lifetime") : [],
    });
  }
}
