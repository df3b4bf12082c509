/**
 * `<rc-rate-line>`: one figure over time with its interval as a band.
 *
 * It draws what it is given: a period without a value is a gap, never a line across it. The axis
 * starts near the values, because a line is read by position, and says where it starts.
 */

import { scaleLinear, scalePoint } from "d3-scale";
import { area, line } from "d3-shape";
import { css, html, nothing, svg, type TemplateResult } from "lit";
import { ChartElement, type ChartPoint, type ChartTable } from "./chart-element.ts";
import { axisAround, labelledIndexes } from "./domain.ts";

const LEFT = 56;
const HEIGHT = 220;

/** One period's figure. */
export interface RatePoint {
  readonly period: string;
  readonly partial: boolean;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Why there is no value. */
  readonly why: string;
}

/** A line with a band. */
export class RateLineElement extends ChartElement {
  static override properties = {
    ...ChartElement.properties,
    rates: { attribute: false },
    measure: {},
    mark: { type: Number },
  };

  static override styles = [
    ...ChartElement.styles,
    css`
      .baseline {
        stroke: var(--rc-axis);
        stroke-dasharray: 2 3;
      }
    `,
  ];

  declare rates: readonly RatePoint[];
  /** What is measured, for the table: "Customer retention rate". */
  declare measure: string;
  /** A value to mark with a line, such as 1 for 100 %. */
  declare mark: number | null;

  constructor() {
    super();
    this.rates = [];
    this.measure = "Rate";
    this.mark = null;
  }

  protected override reasonForNone(): string | null {
    if (this.rates.some((rate) => rate.value !== null)) return null;
    return this.rates[0]?.why || "No period has a value.";
  }

  protected override footnote(): string {
    const parts: string[] = [];
    if (this.rates.some((rate) => rate.partial))
      parts.push("The hollow point is a period that is not over.");
    if (this.rates.some((rate) => rate.value === null))
      parts.push("Gaps are periods without a value; the table says why.");
    return parts.join(" ");
  }

  protected override restingReadout(): string {
    const last =
      this.rates.findLast((rate) => rate.value !== null && !rate.partial) ??
      this.rates.findLast((rate) => rate.value !== null);
    return last ? `${this.format.period(last.period)}: ${this.#says(last)}` : "";
  }

  protected override points(): readonly ChartPoint[] {
    const x = this.#x();
    return this.rates.map((rate, index) => ({
      x: x(index) ?? 0,
      y: 0,
      name: `${this.format.period(rate.period)}${rate.partial ? " (not over)" : ""}`,
      says: this.#says(rate),
      key: rate.period,
    }));
  }

  protected override table(): ChartTable {
    return {
      columns: ["Period", this.measure, "Lower end", "Upper end"],
      rows: this.rates.map((rate) => [
        { text: this.format.period(rate.period), value: rate.period },
        rate.value === null
          ? { text: "–", value: null, why: rate.why }
          : { text: this.format.share(rate.value), value: rate.value },
        ...[rate.low, rate.high].map((end) => ({
          text: end === null ? "–" : this.format.share(end),
          value: end,
        })),
      ]),
    };
  }

  protected override drawing(): TemplateResult {
    const [top, bottom] = [14, HEIGHT - 28];
    const values = this.rates.flatMap((rate) => [rate.value, rate.low, rate.high]);
    const known = values.filter((value) => value !== null);
    const axis = axisAround(known, 4, 0.06, [Math.min(0, ...known), Infinity]);
    const y = scaleLinear([axis.low, axis.high], [bottom, top]);
    const x = this.#x();
    type Indexed = RatePoint & { readonly index: number };
    const all: Indexed[] = this.rates.map((rate, index) => ({ ...rate, index }));
    const path = line<Indexed>()
      .defined((rate) => rate.value !== null)
      .x((rate) => x(rate.index) ?? 0)
      .y((rate) => y(rate.value ?? 0));
    const band = area<Indexed>()
      .defined((rate) => rate.low !== null && rate.high !== null)
      .x((rate) => x(rate.index) ?? 0)
      .y0((rate) => y(rate.low ?? 0))
      .y1((rate) => y(rate.high ?? 0));
    const complete = all.filter((rate) => !rate.partial);
    const partial = all.at(-1)?.partial ? all.slice(-2) : [];
    const last =
      all.findLast((rate) => rate.value !== null && !rate.partial) ??
      all.findLast((rate) => rate.value !== null);
    const digits = axis.high - axis.low < 0.05 ? 1 : 0;
    const labels = labelledIndexes(all.length, (this.width - LEFT) / 84);
    const shownDots = all.length <= this.width / 24;
    return html`
      <svg viewBox="0 0 ${this.width} ${HEIGHT}" role="img" aria-labelledby="title desc">
        <title id="title">${this.heading}</title>
        <desc id="desc">${this.subheading} ${this.restingReadout()}</desc>
        ${axis.ticks.map(
          (tick) => svg`
            <line class="grid" x1=${LEFT} x2=${this.width} y1=${y(tick)} y2=${y(tick)} />
            <text x=${LEFT - 8} y=${y(tick) + 4} text-anchor="end">${this.format.share(tick, digits)}</text>`,
        )}
        ${
          this.mark !== null && axis.low < this.mark && this.mark < axis.high
            ? svg`<line class="baseline" x1=${LEFT} x2=${this.width} y1=${y(this.mark)} y2=${y(this.mark)} />`
            : nothing
        }
        <path class="band" d=${band(all) ?? ""} />
        <path class="line" d=${path(complete) ?? ""} />
        <path class="line partial" d=${path(partial) ?? ""} />
        ${all.map((rate) =>
          rate.value !== null && (shownDots || rate.partial || this.#isAlone(rate.index))
            ? svg`<circle class=${`dot${rate.partial ? " partial" : ""}`} r="3.5" cx=${x(rate.index) ?? 0} cy=${y(rate.value)} />`
            : nothing,
        )}
        ${
          last?.value != null && this.focused === null
            ? svg`<text class="mark" x=${Math.min(this.width, (x(last.index) ?? 0) + 18)} y=${Math.max(12, y(last.value) - 10)} text-anchor="end">${this.format.share(last.value)}</text>`
            : nothing
        }
        ${this.#focusMark(x, y, top, bottom)}
        ${labels.map(
          (index) =>
            svg`<text x=${Math.min(x(index) ?? 0, this.width - 30)} y=${HEIGHT - 6} text-anchor="middle">${this.format.shortPeriod(this.rates[index]?.period ?? "")}</text>`,
        )}
      </svg>
    `;
  }

  #focusMark(
    x: (index: number) => number | undefined,
    y: (value: number) => number,
    top: number,
    bottom: number,
  ) {
    const rate = this.focused === null ? undefined : this.rates[this.focused];
    if (!rate || this.focused === null) return nothing;
    const at = x(this.focused) ?? 0;
    return svg`
      <line class="focus-line" data-screen-only x1=${at} x2=${at} y1=${top} y2=${bottom} />
      ${rate.value === null ? nothing : svg`<circle class="dot" data-screen-only r="5" cx=${at} cy=${y(rate.value)} />`}`;
  }

  /** Whether a point has no neighbour to be joined to, and would be invisible as a line. */
  #isAlone(index: number): boolean {
    return (
      (this.rates[index - 1]?.value ?? null) === null &&
      (this.rates[index + 1]?.value ?? null) === null
    );
  }

  #x() {
    return scalePoint<number>(
      this.rates.map((_, index) => index),
      [LEFT + 16, this.width - 24],
    );
  }

  #says(rate: RatePoint): string {
    if (rate.value === null) return rate.why || "not known";
    const interval =
      rate.low === null || rate.high === null
        ? ""
        : `, likely ${this.format.interval(rate.low, rate.high, "share")}`;
    return `${this.format.share(rate.value)}${interval}`;
  }
}
