/**
 * Cohort tables as a grid: shares, shades, what is not reached yet, and a window that stays usable.
 *
 * It draws nothing and formats nothing. A share is a count over its cohort's size, or revenue over
 * the revenue at age 0; where that is not above zero there is no share.
 */

/** One cohort as it comes in the report. */
export interface Cohort {
  readonly cohort: string;
  readonly size: number;
  readonly customers: readonly (number | null)[];
  readonly revenue: readonly (number | null)[];
  readonly partial?: readonly boolean[];
}

/** What the cells count. */
export type Measure = "customers" | "revenue";

/** One cell. */
export interface Cell {
  /** `known`: a number; `unreached`: the age lies after the data; `undefined`: no base to divide by. */
  readonly state: "known" | "unreached" | "undefined";
  readonly amount: number | null;
  readonly base: number | null;
  readonly share: number | null;
  readonly isPartial: boolean;
}

/** One row of cells. */
export interface GridRow {
  readonly cohort: string;
  readonly size: number;
  readonly cells: readonly Cell[];
}

/** How many different shades cells can have. */
export const N_SHADES = 12;

/** From this shade on, text is light on dark (in dark mode the other way round). */
export const FIRST_STRONG_SHADE = 8;

/**
 * How much of the strong colour is in each shade, in per cent: evenly from `weak[0]` to `weak[1]` and
 * from `strong[0]` to `strong[1]`. Between both neither colour of text would reach 4.5:1.
 */
function shades(weak: readonly [number, number], strong: readonly [number, number]): number[] {
  return Array.from({ length: N_SHADES }, (_, shade) => {
    const [[from, to], step, n] =
      shade < FIRST_STRONG_SHADE
        ? [weak, shade, FIRST_STRONG_SHADE]
        : [strong, shade - FIRST_STRONG_SHADE, N_SHADES - FIRST_STRONG_SHADE];
    return from + ((to - from) * step) / (n - 1);
  });
}

/** The shades in light and in dark mode. */
export const SHADE_PERCENT = {
  light: shades([0, 74], [85, 100]),
  dark: shades([0, 55], [75, 100]),
};

/** The grid of all cohorts, each row as long as the oldest. */
export function cohortGrid(cohorts: readonly Cohort[], measure: Measure): GridRow[] {
  const nAges = cohorts.reduce((most, row) => Math.max(most, row[measure].length), 0);
  return cohorts.map((row) => {
    const base = measure === "customers" ? row.size : (row.revenue[0] ?? null);
    const cells = Array.from({ length: nAges }, (_, age): Cell => {
      const amount = row[measure][age] ?? null;
      const isPartial = row.partial?.[age] ?? false;
      if (amount === null)
        return { state: "unreached", amount, base, share: null, isPartial: false };
      if (base === null || base <= 0)
        return { state: "undefined", amount, base, share: null, isPartial };
      return { state: "known", amount, base, share: amount / base, isPartial };
    });
    return { cohort: row.cohort, size: row.size, cells };
  });
}

/**
 * The mean of a column weighted by size: amounts over bases, of the cells known in full.
 *
 * Cells that the end of the data cuts short are shown but never averaged.
 */
export function weightedMean(
  grid: readonly GridRow[],
  age: number,
): { share: number | null; n: number } {
  let amount = 0;
  let base = 0;
  let n = 0;
  for (const row of grid) {
    const cell = row.cells[age];
    if (cell?.state !== "known" || cell.isPartial || cell.amount === null || cell.base === null)
      continue;
    amount += cell.amount;
    base += cell.base;
    n += row.size;
  }
  return { share: 0 < base ? amount / base : null, n };
}

/** The shares that get the lightest and the darkest shade, on full tenths, age 0 left aside. */
export function shadeRange(grid: readonly GridRow[]): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const row of grid) {
    row.cells.forEach((cell, age) => {
      if (cell.share === null || age === 0) return;
      low = Math.min(low, cell.share);
      high = Math.max(high, cell.share);
    });
  }
  if (high < low) return [0, 1];
  const from = Math.max(0, Math.floor(low * 10 + 1e-9) / 10);
  const to = Math.min(2, Math.max(Math.ceil(high * 10 - 1e-9) / 10, from + 0.1));
  return to <= from ? [0, 1] : [from, to];
}

/** The shade of a share, from 0 (lightest) to `N_SHADES - 1` (darkest); beyond the ends it stays there. */
export function shadeOf(share: number, [low, high]: readonly [number, number]): number {
  const position = high <= low ? 0 : (share - low) / (high - low);
  return Math.min(N_SHADES - 1, Math.max(0, Math.floor(position * N_SHADES)));
}

/** A window of `size` out of `n`, moved so that it lies inside. */
export function windowOf(n: number, size: number, start: number): readonly [number, number] {
  const from = Math.max(0, Math.min(start, n - size));
  return [from, Math.min(n, from + size)];
}
