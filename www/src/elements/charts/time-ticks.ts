/**
 * Ticks on an axis of elapsed time: steps that people count in.
 *
 * It knows no calendar; times are lengths from a start.
 */

/** What a length of time is counted in. */
export type TimeUnit = "day" | "month" | "quarter" | "year" | "period";

const STEPS: Readonly<Record<TimeUnit, readonly number[]>> = {
  day: [1, 2, 7, 14, 30, 60, 90, 180, 365, 730, 1825, 3650],
  month: [1, 2, 3, 6, 12, 24, 36, 60, 120, 240],
  quarter: [1, 2, 4, 8, 12, 20, 40],
  year: [1, 2, 5, 10, 20, 50],
  period: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
};

/** Ticks from 0 to at most `until`, no more than `nMost` of them. */
export function timeTicks(until: number, unit: TimeUnit, nMost: number): number[] {
  if (!(0 < until)) return [0];
  const steps = STEPS[unit];
  let step = steps.find((one) => Math.floor(until / one) + 1 <= nMost) ?? steps.at(-1) ?? 1;
  while (nMost < Math.floor(until / step) + 1) step *= 2;
  return Array.from({ length: Math.floor(until / step + 1e-9) + 1 }, (_, index) => index * step);
}
