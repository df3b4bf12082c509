/**
 * Cohort tables as a grid: cells with their shades, what is not reached yet, and a window that stays
 * usable.
 *
 * It draws nothing, formats nothing and computes no share: those are the report's.
 */

/** One cohort as it comes in the report. */
export interface Cohort {
  readonly cohort: string;
  readonly size: number;
  readonly customers: readonly (number | null)[];
  readonly revenue: readonly (number | null)[];
  readonly partial?: readonly boolean[];
  /** Who has reached each age. */
  readonly reached: readonly number[];
  readonly retention: readonly (number | null)[];
  readonly stepRetention: readonly (number | null)[];
  readonly baseRevenue: readonly (number | null)[];
  readonly netRevenueRetention: readonly (number | null)[];
  readonly grossRevenueRetention: readonly (number | null)[];
}

/** What the cells show: customers, their revenue as money, or what is kept of it. */
export type Measure = "customers" | "revenue" | "net" | "gross";

/** One column of the table. */
export interface Age {
  /** Its place in each row. */
  readonly age: number;
  /** What stands above the column. */
  readonly label: string;
  /** Its name in full. */
  readonly name: string;
}

/** One cell. */
export interface Cell {
  /** `known`: a number; `unreached`: the age lies after the data; `undefined`: no base to divide by. */
  readonly state: "known" | "unreached" | "undefined";
  /** Customers, or money. */
  readonly amount: number | null;
  /** What the share is of: customers who reached the age, or what they paid at age 0. */
  readonly base: number | null;
  readonly share: number | null;
  /** Of those one age before, the share still there. */
  readonly step: number | null;
  readonly reached: number | null;
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

/** The grid of all cohorts, each row as long as the longest. */
export function cohortGrid(cohorts: readonly Cohort[], measure: Measure): GridRow[] {
  const nAges = cohorts.reduce((most, row) => Math.max(most, row.customers.length), 0);
  return cohorts.map((row) => {
    const shares = {
      customers: row.retention,
      revenue: row.netRevenueRetention,
      net: row.netRevenueRetention,
      gross: row.grossRevenueRetention,
    }[measure];
    const isCount = measure === "customers";
    const cells = Array.from({ length: nAges }, (_, age): Cell => {
      const amount = (isCount ? row.customers[age] : row.revenue[age]) ?? null;
      const share = shares[age] ?? null;
      const isReached = amount !== null;
      return {
        state: !isReached ? "unreached" : share === null ? "undefined" : "known",
        amount,
        base: (isCount ? row.reached[age] : row.baseRevenue[age]) ?? null,
        share,
        step: row.stepRetention[age] ?? null,
        reached: row.reached[age] ?? null,
        isPartial: isReached && (row.partial?.[age] ?? false),
      };
    });
    return { cohort: row.cohort, size: row.size, cells };
  });
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
