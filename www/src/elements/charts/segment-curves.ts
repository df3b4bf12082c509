/**
 * `<rc-segment-curves>`: the survival curves of a few groups, each as a step line with its name.
 *
 * It estimates nothing, and it draws no more lines than can be told apart: all others are in the table.
 */

import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { css, html, nothing, svg, type TemplateResult } from "lit";
import { ChartElement, type ChartPoint, type ChartTable } from "./chart-element.ts";
import { spreadLabels } from "./domain.ts";
import { type Corner, stepCorners, valueAt } from "./survival-steps.ts";
import { type TimeUnit, timeTicks } from "./time-ticks.ts";

const LEFT = 56;
const HEIGHT = 280;
const MOST_LINES = 5;

/** The curve of one group. */
export interface GroupCurve {
  readonly name: string;
  readonly times: readonly number[];
  readonly survival: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly lastTime: number;
}

/** Curves of groups. */
export class SegmentCurvesElement extends ChartElement {
  static override properties = {
    ...ChartElement.properties,
    curves: { attribute: false },
    unit: {},
  };

  static override styles = [
    ...ChartElement.styles,
    css`
      path.line.group-2 {
        stroke: var(--rc-series-2);
        stroke-dasharray: 7 3;
      }
      path.line.group-3 {
        stroke: var(--rc-series-3);
        stroke-dasharray: 2 3;
      }
      path.line.group-4 {
        stroke: var(--rc-series-4);
        stroke-dasharray: 9 3 2 3;
      }
      path.line.group-5 {
        stroke: var(--rc-series-5);
        stroke-dasharray: 4 4;
      }
    `,
  ];

  declare curves: readonly GroupCurve[];
  declare unit: TimeUnit;

  constructor() {
    super();
    this.curves = [];
    this.unit = "month";
  }

  get #drawn(): readonly GroupCurve[] {
    return this.curves.slice(0, MOST_LINES);
  }

  get #until(): number {
    return Math.max(1e-9, ...this.#drawn.map(({ lastTime }) => lastTime));
  }

  protected override reasonForNone(): string | null {
    return this.#drawn.some(({ times }) => 0 < times.length) ? null : "Nobody has left.";
  }

  protected override footnote(): string {
    return this.curves.length <= MOST_LINES
      ? ""
      : `The ${MOST_LINES} largest are drawn; all are in the table.`;
  }

  protected override points(): readonly ChartPoint[] {
    const ticks = timeTicks(this.#until, this.unit, 12);
    const x = this.#x();
    return ticks.map((time) => ({
      x: x(time),
      y: 0,
      name: `After ${this.#time(time)}`,
      says: this.#drawn
        .filter(({ lastTime }) => time <= lastTime)
        .map(
          ({ name, times, survival }) =>
            `${name} ${this.format.share(valueAt(times, survival, time, 1))}`,
        )
        .join("; "),
    }));
  }

  protected override restingReadout(): string {
    const point = this.points().findLast(({ says }) => says !== "");
    return point ? `${point.name}: ${point.says}` : "";
  }

  protected override table(): ChartTable {
    const columns = ["Segment", `Time (${this.unit}s)`, "Still there", "Lower end", "Upper end"];
    const share = (value: number | undefined) => ({
      text: this.format.share(value ?? 0),
      value: value ?? null,
    });
    return {
      columns,
      rows: this.curves.flatMap(({ name, times, survival, low, high }) =>
        times.map((time, index) => [
          { text: name, value: name },
          { text: this.format.periods(time), value: time },
          share(survival[index]),
          share(low[index]),
          share(high[index]),
        ]),
      ),
    };
  }

  protected override drawing(): TemplateResult {
    const [top, bottom] = [14, HEIGHT - 44];
    const x = this.#x();
    const y = scaleLinear([0, 1], [bottom, top]);
    const path = line<Corner>()
      .x(([time]) => x(time))
      .y(([, share]) => y(share));
    const ticks = timeTicks(this.#until, this.unit, Math.max(3, (this.width - LEFT) / 64));
    const drawn = this.#drawn.map((curve) => ({
      ...curve,
      corners: stepCorners(curve.times, curve.survival, curve.lastTime),
    }));
    const heights = spreadLabels(
      drawn.map(({ corners }) => y(corners.at(-1)?.[1] ?? 1) - 6),
      15,
      top + 8,
      bottom - 4,
    );
    return html`
      <svg viewBox="0 0 ${this.width} ${HEIGHT}" role="img" aria-labelledby="title desc">
        <title id="title">${this.heading}</title>
        <desc id="desc">${this.subheading} ${this.restingReadout()}</desc>
        ${[0, 0.25, 0.5, 0.75, 1].map(
          (tick) => svg`
            <line class=${tick === 0 ? "axis" : "grid"} x1=${LEFT} x2=${this.width} y1=${y(tick)} y2=${y(tick)} />
            <text x=${LEFT - 8} y=${y(tick) + 4} text-anchor="end">${this.format.share(tick, 0)}</text>`,
        )}
        ${drawn.map(
          ({ corners }, index) =>
            svg`<path class=${`line group-${index + 1}`} d=${path(corners) ?? ""} />`,
        )}
        ${drawn.map(
          ({ name }, index) =>
            svg`<text class="over" x=${this.width} y=${heights[index] ?? 0} text-anchor="end">${name}</text>`,
        )}
        ${
          this.focused === null
            ? nothing
            : svg`<line class="focus-line" data-screen-only x1=${this.points()[this.focused]?.x ?? 0} x2=${this.points()[this.focused]?.x ?? 0} y1=${top} y2=${bottom} />`
        }
        ${ticks.map((tick, index) => {
          const anchor = index === 0 ? "start" : this.width - 24 < x(tick) ? "end" : "middle";
          return svg`<text x=${x(tick) + (index === 0 ? -3 : 0)} y=${bottom + 17} text-anchor=${anchor}>${this.format.periods(tick)}</text>`;
        })}
        <text x=${this.width} y=${bottom + 36} text-anchor="end">${{ day: "Days", month: "Months", quarter: "Quarters", year: "Years", period: "Periods" }[this.unit]} since the start</text>
      </svg>
    `;
  }

  #x() {
    return scaleLinear([0, this.#until], [LEFT, this.width - 8]);
  }

  #time(time: number): string {
    return this.unit === "period" || this.unit === "quarter"
      ? `${this.format.periods(time)} ${this.unit}${time === 1 ? "" : "s"}`
      : this.format.duration(time, this.unit);
  }
}
