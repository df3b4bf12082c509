// Cells are shares of their cohort, what is not known stays unknown, and every shade can be read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { tokens } from "../tokens.styles.ts";
import {
  type Cohort,
  cohortGrid,
  FIRST_STRONG_SHADE,
  N_SHADES,
  SHADE_PERCENT,
  shadeOf,
  shadeRange,
  windowOf,
} from "./cohort-grid.ts";

/** A cohort whose shares are as a report would have them, and which is of no interest otherwise. */
function cohort(
  name: string,
  customers: number[],
  revenue: number[],
  shares: { retention: number[]; net: (number | null)[] },
): Cohort {
  const size = customers[0] ?? 0;
  return {
    cohort: name,
    size,
    customers,
    revenue,
    partial: customers.map((_, age) => age === customers.length - 1),
    reached: customers.map(() => size),
    retention: shares.retention,
    stepRetention: [null, ...shares.retention.slice(1)],
    baseRevenue: revenue.map(() => revenue[0] ?? null),
    netRevenueRetention: shares.net,
    grossRevenueRetention: shares.net.map((one) => one && Math.min(one, 0.7)),
  };
}

const cohorts: Cohort[] = [
  cohort("2026-01", [100, 60, 50], [1000, 900, 800], {
    retention: [1, 0.6, 0.5],
    net: [1, 0.9, 0.8],
  }),
  cohort("2026-02", [50, 40], [0, 300], { retention: [1, 0.8], net: [null, null] }),
  cohort("2026-03", [10], [-20], { retention: [1], net: [null] }),
];

test("a cell has the share of the report, and ages after the data are not reached", () => {
  const grid = cohortGrid(cohorts, "customers");
  assert.deepEqual(
    grid.map((row) => row.cells.map(({ share }) => share)),
    [
      [1, 0.6, 0.5],
      [1, 0.8, null],
      [1, null, null],
    ],
  );
  assert.equal(grid[1]?.cells[2]?.state, "unreached");
  assert.equal(grid[0]?.cells[2]?.isPartial, true);
  assert.equal(grid[0]?.cells[1]?.isPartial, false);
});

test("money has the shade of what is kept, and none where nothing was paid at age 0", () => {
  const grid = cohortGrid(cohorts, "revenue");
  assert.deepEqual([grid[0]?.cells[1]?.amount, grid[0]?.cells[1]?.share], [900, 0.9]);
  assert.equal(grid[1]?.cells[1]?.state, "undefined");
  assert.equal(grid[2]?.cells[0]?.state, "undefined");
  assert.equal(cohortGrid(cohorts, "gross")[0]?.cells[1]?.share, 0.7);
});

test("shades go from the lowest to the highest tenth, age 0 left aside", () => {
  const range = shadeRange(cohortGrid(cohorts, "customers"));
  assert.deepEqual(range, [0.5, 0.8]);
  assert.equal(shadeOf(0.5, range), 0);
  assert.equal(shadeOf(0.1, range), 0);
  assert.equal(shadeOf(0.8, range), N_SHADES - 1);
  assert.equal(shadeOf(3, range), N_SHADES - 1);
  assert.deepEqual(shadeRange([]), [0, 1]);
});

test("a window lies inside what there is", () => {
  assert.deepEqual(windowOf(400, 36, 400), [364, 400]);
  assert.deepEqual(windowOf(400, 36, -5), [0, 36]);
  assert.deepEqual(windowOf(10, 36, 4), [0, 10]);
});

// Colours: sRGB to OKLab and back by B. Ottosson (2020), contrast by WCAG 2.2.

type Triple = readonly [number, number, number];

const linear = (channel: number): number =>
  channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;

function linearOf(hex: string): Triple {
  const [r, g, b] = [1, 3, 5].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
  return [r ?? 0, g ?? 0, b ?? 0];
}

function toLab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function luminanceOfLab([L, a, b]: Triple): number {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return luminance([
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]);
}

const luminance = ([r, g, b]: Triple): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** A token's two colours, as the style sheet has them. */
function token(name: string): readonly [light: string, dark: string] {
  const [, light, dark] =
    new RegExp(`--rc-${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(tokens.cssText) ?? [];
  assert.ok(light && dark, `--rc-${name} has two colours`);
  return [light, dark];
}

test("text reaches 4.5:1 on every shade, in light and in dark mode", () => {
  for (const [mode, percents] of [SHADE_PERCENT.light, SHADE_PERCENT.dark].entries()) {
    const colour = (name: string): Triple => linearOf(token(name)[mode] ?? "");
    const [low, high] = [toLab(colour("heat-low")), toLab(colour("heat-high"))];
    percents.forEach((percent, shade) => {
      const mixed = low.map((from, at) => from + ((high[at] ?? 0) - from) * (percent / 100));
      const back = luminanceOfLab([mixed[0] ?? 0, mixed[1] ?? 0, mixed[2] ?? 0]);
      const ink = luminance(colour(FIRST_STRONG_SHADE <= shade ? "on-heat" : "text"));
      const reached = contrast(back, ink);
      assert.ok(4.5 <= reached, `mode ${mode}, shade ${shade}: ${reached.toFixed(2)}`);
    });
  }
});

test("shades grow stronger one by one", () => {
  for (const percents of [SHADE_PERCENT.light, SHADE_PERCENT.dark]) {
    assert.equal(percents.length, N_SHADES);
    assert.deepEqual(
      [...percents].sort((a, b) => a - b),
      percents,
    );
    assert.equal(new Set(percents).size, N_SHADES);
  }
});
