/**
 * `<rc-survival-curve>`: the share of customers still there after a time, as an observed step line.
 *
 * It estimates nothing. What a model projects is dashed, and starts from the same origin, so that it
 * can be held against what was observed.
 */

import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { css, html, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { ChartElement, type ChartPoint, type ChartTable } from "./chart-element.ts";
import { spreadLabels } from "./domain.ts";
import {
  elapsedWords,
  LEFT,
  shareGrid,
  timeAxis,
  timeScale,
  timeTicksWithin,
} from "./survival-axes.ts";
import { bandCorners, type Corner, stepCorners, stepsNear, valueAt } from "./survival-steps.ts";
import type { TimeUnit } from "./time-ticks.ts";

const HEIGHT = 300;

/** The curve as it was observed. */
export interface ObservedCurve {
  readonly times: readonly number[];
  readonly survival: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly atRisk: readonly number[];
  readonly events: readonly number[];
  /** How long anybody was observed; the curve is level from its last step up to here. */
  readonly lastTime: number;
}

/** A model's curve. */
export interface ProjectedCurve {
  readonly label: string;
  readonly points: readonly Corner[];
}

/** A survival curve. */
export class SurvivalCurveElement extends ChartElement {
  static override properties = {
    ...ChartElement.properties,
    curve: { attribute: false },
    unit: {},
    median: { type: Number },
    horizon: { type: Number },
    projections: { attribute: false },
    heldOut: { type: Number },
    missing: {},
  };

  static override styles = [
    ...ChartElement.styles,
    css`
      path.line.model-2 {
        stroke: var(--rc-series-2);
      }
      path.line.model-3 {
        stroke: var(--rc-series-3);
        stroke-dasharray: 2 4;
      }
      .shade {
        fill: var(--rc-hover);
      }
      text.model-1 {
        fill: var(--rc-text-muted);
      }
      text.model-2 {
        fill: var(--rc-loss-text);
      }
      text.model-3 {
        fill: var(--rc-gain-text);
      }
    `,
  ];

  declare curve: ObservedCurve | null;
  declare unit: TimeUnit;
  /** The time at which half are gone, if the curve gets there. */
  declare median: number | null;
  /** The end of what the mean is taken over. */
  declare horizon: number | null;
  declare projections: readonly ProjectedCurve[];
  /** From where on the data were held out of what is projected. */
  declare heldOut: number | null;
  declare missing: string;

  #until = 1;

  constructor() {
    super();
    this.curve = null;
    this.unit = "month";
    this.median = null;
    this.horizon = null;
    this.projections = [];
    this.heldOut = null;
    this.missing = "";
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const observed = this.curve?.lastTime ?? 0;
    const projected = Math.max(0, ...this.projections.map(({ points }) => points.at(-1)?.[0] ?? 0));
    const ahead = this.heldOut === null ? Math.min(projected, observed * 1.5) : 0;
    this.#until = Math.max(1e-9, observed, ahead, this.horizon ?? 0);
  }

  protected override reasonForNone(): string | null {
    return this.curve && 0 < this.curve.times.length
      ? null
      : this.missing || "There is no curve to draw.";
  }

  protected override restingReadout(): string {
    const last = this.points().at(-1);
    return last ? `${last.name}: ${last.says}` : "";
  }

  protected override footnote(): string {
    if (this.projections.length === 0) return "";
    return this.heldOut === null
      ? "Solid: observed. Dashed: what a model fitted to it expects. Shaded: beyond the data, projected."
      : "Solid: observed. Dashed: what a model expects that knows the data up to the shade only.";
  }

  protected override points(): readonly ChartPoint[] {
    const { curve } = this;
    if (!curve) return [];
    const x = timeScale(this.#until, this.width);
    return curve.times.map((time, index) => ({
      x: x(time),
      y: 0,
      ...(0 < (curve.events[index] ?? 0) ? { key: String(time) } : {}),
      name: `After ${elapsedWords(time, this.unit, this.format)}`,
      says: [
        `${this.format.share(curve.survival[index] ?? 0)} still there`,
        `likely ${this.format.interval(curve.low[index] ?? 0, curve.high[index] ?? 1, "share")}`,
        `${this.format.count(curve.events[index] ?? 0)} lost of ${this.format.count(curve.atRisk[index] ?? 0)} at risk`,
      ].join("; "),
    }));
  }

  protected override table(): ChartTable {
    const { curve } = this;
    const columns = [
      `Time (${this.unit}s)`,
      "At risk",
      "Lost",
      "Still there",
      "Lower end",
      "Upper end",
    ];
    if (!curve) return { columns, rows: [] };
    return {
      columns,
      rows: curve.times.map((time, index) => {
        const shares = [curve.survival[index], curve.low[index], curve.high[index]];
        const counts = [curve.atRisk[index], curve.events[index]];
        return [
          { text: this.format.periods(time), value: time },
          ...counts.map((count) => ({ text: this.format.count(count ?? 0), value: count ?? null })),
          ...shares.map((share) => ({ text: this.format.share(share ?? 0), value: share ?? null })),
        ];
      }),
    };
  }

  protected override drawing(): TemplateResult {
    const { curve } = this;
    if (!curve) return html``;
    const [top, bottom] = [14, HEIGHT - 84];
    const x = timeScale(this.#until, this.width);
    const y = scaleLinear([0, 1], [bottom, top]);
    const path = line<Corner>()
      .x(([time]) => x(time))
      .y(([, share]) => y(share));
    const observed = stepCorners(curve.times, curve.survival, curve.lastTime);
    const band = bandCorners(curve, curve.lastTime);
    const surface = area<number>()
      .x((index) => x(band?.low[index]?.[0] ?? 0))
      .y0((index) => y(band?.low[index]?.[1] ?? 0))
      .y1((index) => y(band?.high[index]?.[1] ?? 0));
    const ticks = timeTicksWithin(this.#until, this.unit, this.width);
    const ends = this.projections.map(({ label, points }) => {
      const inside = points.filter(([time]) => time <= this.#until);
      return { label, inside, y: y(inside.at(-1)?.[1] ?? 0) };
    });
    const labelHeights = spreadLabels(
      ends.map((end) => this.#beside(end.y, bottom)),
      15,
      top + 8,
      bottom - 4,
    );
    return html`
      <svg viewBox="0 0 ${this.width} ${HEIGHT}" role="img" aria-labelledby="title desc">
        <title id="title">${this.heading}</title>
        <desc id="desc">${this.subheading} ${this.restingReadout()}</desc>
        ${shareGrid(y, this.width, this.format)}
        ${this.#shades(x, top, bottom)}
        ${band ? svg`<path class="band" d=${surface(band.low.map((_, index) => index)) ?? ""} />` : nothing}
        ${this.#marks(x, y, top, bottom)}
        ${ends.map(
          ({ inside }, index) =>
            svg`<path class=${`line projected quiet model-${index + 1}`} d=${path(inside) ?? ""} />`,
        )}
        <path class="line" d=${path(observed) ?? ""} />
        ${ends.map(
          ({ label }, index) =>
            svg`<text class=${`over model-${index + 1}`} x=${this.width} y=${labelHeights[index] ?? 0} text-anchor="end">${label}</text>`,
        )}
        ${this.#focusMark(x, y, top, bottom)}
        ${timeAxis(x, ticks, this.unit, { width: this.width, bottom, format: this.format })}
        ${stepsNear(curve.times, ticks).map((index) => {
          const at = x(curve.times[index] ?? 0);
          const anchor = at < LEFT + 16 ? "start" : this.width - 24 < at ? "end" : "middle";
          return svg`<text x=${anchor === "start" ? LEFT : at} y=${HEIGHT - 8} text-anchor=${anchor}>${this.format.compactCount(curve.atRisk[index] ?? 0)}</text>`;
        })}
        <text x=${LEFT} y=${HEIGHT - 26}>At risk just before each loss</text>
        <line class="grid" x1=${LEFT} x2=${this.width} y1=${HEIGHT - 40} y2=${HEIGHT - 40} />
      </svg>
    `;
  }

  /** What was held out, or what lies beyond the data. */
  #shades(x: (time: number) => number, top: number, bottom: number) {
    const last = this.curve?.lastTime ?? 0;
    if (this.projections.length === 0) return nothing;
    const from = this.heldOut ?? last;
    const to = this.heldOut === null ? this.#until : last;
    if (to <= from) return nothing;
    const words = this.heldOut === null ? "Beyond the data: projected" : "Held out";
    const isWide = words.length * 7 < x(to) - x(from);
    return svg`
      <rect class="shade" x=${x(from)} y=${top} width=${x(to) - x(from)} height=${bottom - top} />
      <text class="over" x=${isWide ? x(from) + 6 : x(to) - 4} y=${top + 14} text-anchor=${isWide ? "start" : "end"}>${words}</text>`;
  }

  #marks(x: (time: number) => number, y: (share: number) => number, top: number, bottom: number) {
    const marks = [];
    if (this.median !== null && this.median <= this.#until) {
      const isLate = this.width * 0.6 < x(this.median);
      marks.push(svg`
        <path class="rule" d=${`M${LEFT},${y(0.5)}H${x(this.median)}V${bottom}`} />
        <text class="strong" x=${x(this.median) + (isLate ? -6 : 6)} y=${bottom - 7} text-anchor=${isLate ? "end" : "start"}>Half gone: ${elapsedWords(this.median, this.unit, this.format)}</text>`);
    }
    // Where the data end, the shade says so.
    const isEnd = 0 < this.projections.length && this.horizon === this.curve?.lastTime;
    if (this.horizon !== null && 0 < this.horizon && !isEnd) {
      // In whichever half the curve is not.
      const share = valueAt(this.curve?.times ?? [], this.curve?.survival ?? [], this.horizon, 1);
      marks.push(svg`
        <line class="rule" x1=${x(this.horizon)} x2=${x(this.horizon)} y1=${top} y2=${bottom} />
        <text class="over" x=${x(this.horizon) - 6} y=${0.5 < share ? bottom - 7 : top + 8} text-anchor="end">Horizon ${elapsedWords(this.horizon, this.unit, this.format)}</text>`);
    }
    return marks;
  }

  #focusMark(
    x: (time: number) => number,
    y: (share: number) => number,
    top: number,
    bottom: number,
  ) {
    if (this.focused === null || !this.curve) return nothing;
    const at = x(this.curve.times[this.focused] ?? 0);
    return svg`
      <line class="focus-line" data-screen-only x1=${at} x2=${at} y1=${top} y2=${bottom} />
      <circle class="dot" data-screen-only r="5" cx=${at} cy=${y(this.curve.survival[this.focused] ?? 0)} />`;
  }

  /** Where the name of a falling line goes: under its end, or over it where there is no room. */
  #beside(y: number, bottom: number): number {
    return y + 22 < bottom ? y + 16 : y - 10;
  }
}
