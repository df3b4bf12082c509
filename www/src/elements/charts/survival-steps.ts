/**
 * Survival curves as steps: corners of the line and of its band, and what holds at a time.
 *
 * It estimates nothing: times, shares and counts come from the report.
 */

import { bisectLeft, bisectRight } from "d3-array";

/** A curve that starts at (0, 1) and falls at each time. */
export interface Curve {
  readonly times: readonly number[];
  readonly survival: readonly number[];
  readonly low?: readonly number[] | null;
  readonly high?: readonly number[] | null;
}

/** One corner: time and share. */
export type Corner = readonly [time: number, share: number];

/** Corners of the step line from (0, 1) to `until`. */
export function stepCorners(
  times: readonly number[],
  shares: readonly number[],
  until = times.at(-1) ?? 0,
): Corner[] {
  const corners: Corner[] = [[0, 1]];
  let share = 1;
  times.forEach((time, index) => {
    if (until < time) return;
    const next = shares[index] ?? share;
    if (time === 0) corners.length = 0;
    else corners.push([time, share]);
    corners.push([time, next]);
    share = next;
  });
  if ((corners.at(-1)?.[0] ?? 0) < until) corners.push([until, share]);
  return corners;
}

/** Corners of the band, as lower and upper share at each corner's time. */
export function bandCorners(
  curve: Curve,
  until?: number,
): { low: Corner[]; high: Corner[] } | null {
  if (!curve.low || !curve.high) return null;
  return {
    low: stepCorners(curve.times, curve.low, until),
    high: stepCorners(curve.times, curve.high, until),
  };
}

/** The value that holds at a time: that of the last step at or before it, `before` if there is none. */
export function valueAt<T>(
  times: readonly number[],
  values: readonly T[],
  time: number,
  before: T,
): T {
  const index = bisectRight(times as number[], time) - 1;
  return index < 0 ? before : (values[index] ?? before);
}

/**
 * The steps whose counts at risk are written under the axis: for each tick the step nearest to it,
 * each once. Between steps customers whose end is not known drop out unseen, so a count belongs to
 * its own time and to no other.
 */
export function stepsNear(times: readonly number[], ticks: readonly number[]): number[] {
  const near = ticks.map((tick) => {
    const after = bisectLeft(times as number[], tick);
    const [before, next] = [times[after - 1], times[after]];
    if (next === undefined) return after - 1;
    return before !== undefined && tick - before < next - tick ? after - 1 : after;
  });
  return [...new Set(near)].filter((index) => 0 <= index);
}

/** The first time at which the curve is at or below a share, if it gets there. */
export function timeAtShare(curve: Curve, share: number): number | null {
  const index = curve.survival.findIndex((value) => value <= share);
  return index < 0 ? null : (curve.times[index] ?? null);
}
