/**
 * Where an axis starts and ends, and where its ticks stand.
 *
 * It draws nothing and formats nothing.
 */

import { ticks as d3ticks, nice } from "d3-array";

/** Ends of an axis, with the ticks between them. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/**
 * The axis of values that are read by length (columns, bars): it always holds zero.
 *
 * All values equal to zero, or none: from 0 to 1.
 */
export function axisFromZero(values: readonly number[], nTicks: number): Axis {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const high = Math.max(0, ...finite);
  return low === high ? axisBetween(0, 1, nTicks) : axisBetween(low, high, nTicks);
}

/**
 * The axis of values that are read by position (lines): as close as the values allow, at least
 * `span` long, inside `bounds` where values cannot leave them.
 */
export function axisAround(
  values: readonly number[],
  nTicks: number,
  span: number,
  bounds: readonly [number, number] = [-Infinity, Infinity],
): Axis {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return axisBetween(0, 1, nTicks);
  let low = Math.min(...finite);
  let high = Math.max(...finite);
  const missing = Math.max(0, span - (high - low));
  low = Math.max(bounds[0], low - missing / 2);
  high = Math.min(bounds[1], Math.max(high, low + span));
  low = Math.max(bounds[0], Math.min(low, high - span));
  const axis = axisBetween(low, high, nTicks);
  return {
    low: Math.max(bounds[0], axis.low),
    high: Math.min(bounds[1], axis.high),
    ticks: axis.ticks.filter((tick) => bounds[0] <= tick && tick <= bounds[1]),
  };
}

/** An axis that ends on round numbers. */
export function axisBetween(low: number, high: number, nTicks: number): Axis {
  const [start, end] = nice(low, high, nTicks);
  return { low: start, high: end, ticks: d3ticks(start, end, nTicks) };
}

/**
 * Which of `n` labels to write when only `room` of them fit: every k-th, counted from the last one,
 * because the last is the one spoken of.
 */
export function labelledIndexes(n: number, room: number): number[] {
  if (n <= 0) return [];
  const step = Math.max(1, Math.ceil(n / Math.max(1, Math.floor(room))));
  const kept: number[] = [];
  for (let index = n - 1; 0 <= index; index -= step) kept.unshift(index);
  return kept;
}

/**
 * Heights of labels at the ends of lines, pushed apart so that none covers another.
 *
 * The order stays; no label leaves `[low, high]` as long as there is room for all.
 */
export function spreadLabels(
  heights: readonly number[],
  gap: number,
  low: number,
  high: number,
): number[] {
  const order = heights
    .map((_, index) => index)
    .sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  const placed = [...heights];
  let floor = low;
  for (const index of order) {
    placed[index] = Math.max(placed[index] ?? 0, floor);
    floor = (placed[index] ?? 0) + gap;
  }
  let ceiling = high;
  for (const index of [...order].reverse()) {
    placed[index] = Math.min(placed[index] ?? 0, ceiling);
    ceiling = (placed[index] ?? 0) - gap;
  }
  return placed;
}
