// A waterfall ties: each bar starts where the one before ended, and the last level is reached.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Movement, ties, waterfall, waterfallAxis } from "./waterfall-steps.ts";

const movements = (start: number, gains: number[], losses: number[], end: number): Movement[] => [
  { key: "start", label: "Start", kind: "level", amount: start },
  ...gains.map(
    (amount, index): Movement => ({ key: `g${index}`, label: "", kind: "gain", amount }),
  ),
  ...losses.map(
    (amount, index): Movement => ({ key: `l${index}`, label: "", kind: "loss", amount }),
  ),
  { key: "end", label: "End", kind: "level", amount: end },
];

test("bars follow each other and reach the end", () => {
  const all = waterfall(movements(500, [80, 5], [40, 3], 542));
  assert.deepEqual(
    all.steps.map(({ from, to }) => [from, to]),
    [
      [0, 500],
      [500, 580],
      [580, 585],
      [585, 545],
      [545, 542],
      [0, 542],
    ],
  );
  assert.equal(all.gap, 0);
  assert.ok(ties(all, 0));
});

test("a gap is measured, and cents of binary fractions are none", () => {
  assert.equal(waterfall(movements(500, [80], [40], 530)).gap, -10);
  const cents = waterfall(movements(0.1, [0.2, 0.3], [0.4], 0.2));
  assert.ok(ties(cents, 0.005));
  assert.ok(!ties(waterfall(movements(500, [80], [40], 540.01)), 0.005));
});

test("a negative gain goes down and counts as a loss of level", () => {
  const all = waterfall(movements(100, [-30], [-5], 75));
  assert.deepEqual(
    all.steps.map(({ change }) => change),
    [0, -30, 5, 0],
  );
  assert.ok(ties(all, 0));
});

test("the axis holds zero unless the movements would be too small to be seen", () => {
  const wide = waterfallAxis(waterfall(movements(100, [80], [40], 140)), 4);
  assert.equal(wide.low, 0);
  assert.equal(wide.isCut, false);
  const narrow = waterfallAxis(waterfall(movements(100_000, [800], [400], 100_400)), 4);
  assert.equal(narrow.isCut, true);
  assert.ok(0 < narrow.low && narrow.low < 100_000);
  assert.ok(100_800 < narrow.high);
});

test("the axis is never cut where the levels lie on both sides of zero, or nothing moved", () => {
  assert.equal(waterfallAxis(waterfall(movements(10, [], [25], -15)), 4).isCut, false);
  assert.equal(waterfallAxis(waterfall(movements(50, [0], [0], 50)), 4).isCut, false);
  const nothing = waterfallAxis(waterfall(movements(0, [0], [0], 0)), 4);
  assert.deepEqual([nothing.low, nothing.high], [0, 1]);
});
