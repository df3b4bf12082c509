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
import { elapsedWords, shareGrid, timeAxis, timeScale, timeTicksWithin } from "./survival-axes.ts";
import { type Corner, stepCorners, valueAt } from "./survival-steps.ts";
import { type TimeUnit, timeTicks } from "./time-ticks.ts";

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
    const x = timeScale(this.#until, this.width);
    return ticks.map((time) => ({
      x: x(time),
      y: 0,
      name: `After ${elapsedWords(time, this.unit, this.format)}`,
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
    const x = timeScale(this.#until, this.width);
    const y = scaleLinear([0, 1], [bottom, top]);
    const path = line<Corner>()
      .x(([time]) => x(time))
      .y(([, share]) => y(share));
    const ticks = timeTicksWithin(this.#until, this.unit, this.width);
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
        ${shareGrid(y, this.width, this.format)}
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
        ${timeAxis(x, ticks, this.unit, { width: this.width, bottom, format: this.format })}
      </svg>
    `;
  }
}
