/**
 * What charts of survival have in common: shares upwards, time since the start sideways.
 *
 * It draws no curve.
 */

import { type ScaleLinear, scaleLinear } from "d3-scale";
import { svg, type TemplateResult } from "lit";
import type { Format } from "../format.ts";
import { type TimeUnit, timeTicks } from "./time-ticks.ts";

type Scale = ScaleLinear<number, number>;

/** Where the axis of time begins. */
export const LEFT = 56;

/** From a time to its place in a drawing of that width. */
export function timeScale(until: number, width: number): Scale {
  return scaleLinear([0, until], [LEFT, width - 8]);
}

/** As many ticks as a drawing of that width has room for. */
export function timeTicksWithin(until: number, unit: TimeUnit, width: number): number[] {
  return timeTicks(until, unit, Math.max(3, (width - LEFT) / 64));
}

/** Lines at quarters, with their shares. */
export function shareGrid(y: Scale, width: number, format: Format): TemplateResult[] {
  return [0, 0.25, 0.5, 0.75, 1].map(
    (tick) => svg`
      <line class=${tick === 0 ? "axis" : "grid"} x1=${LEFT} x2=${width} y1=${y(tick)} y2=${y(tick)} />
      <text x=${LEFT - 8} y=${y(tick) + 4} text-anchor="end">${format.share(tick, 0)}</text>`,
  );
}

/** The times under an axis at `bottom`, and what they are counted in. */
export function timeAxis(
  x: Scale,
  ticks: readonly number[],
  unit: TimeUnit,
  { width, bottom, format }: { width: number; bottom: number; format: Format },
): TemplateResult[] {
  return [
    ...ticks.map((tick, index) => {
      const anchor = index === 0 ? "start" : width - 24 < x(tick) ? "end" : "middle";
      return svg`<text x=${x(tick) + (index === 0 ? -3 : 0)} y=${bottom + 17} text-anchor=${anchor}>${format.periods(tick)}</text>`;
    }),
    svg`<text x=${width} y=${bottom + 36} text-anchor="end">${SINCE[unit]} since the start</text>`,
  ];
}

const SINCE: Readonly<Record<TimeUnit, string>> = {
  day: "Days",
  month: "Months",
  quarter: "Quarters",
  year: "Years",
  period: "Periods",
};

/** A time since the start, in words. */
export function elapsedWords(time: number, unit: TimeUnit, format: Format): string {
  return unit === "period" || unit === "quarter"
    ? `${format.periods(time)} ${unit}${time === 1 ? "" : "s"}`
    : format.duration(time, unit);
}
