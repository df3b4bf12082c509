// Axes start where they should, and labels do not cover each other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axisAround, axisFromZero, labelledIndexes, spreadLabels } from "./domain.ts";

test("what is read by length starts at zero", () => {
  assert.equal(axisFromZero([90, 95], 4).low, 0);
  assert.equal(axisFromZero([-90, -95], 4).high, 0);
  const both = axisFromZero([-10, 40], 4);
  assert.ok(both.low <= -10 && 40 <= both.high);
  assert.deepEqual([axisFromZero([], 4).low, axisFromZero([0, 0], 4).high], [0, 1]);
});

test("what is read by position stays near its values and inside its bounds", () => {
  const axis = axisAround([0.91, 0.93], 4, 0.06, [0, Number.POSITIVE_INFINITY]);
  assert.ok(0.8 < axis.low && axis.low <= 0.91);
  assert.ok(0.93 <= axis.high && axis.high < 1.05);
  assert.ok(0.06 <= axis.high - axis.low + 1e-9);
  assert.equal(axisAround([0, 0.01], 4, 0.06, [0, 1]).low, 0);
  assert.ok(axisAround([1, 1, 1], 4, 0.06, [0, 1]).high <= 1);
});

test("all values lie on the axis, whatever they are", () => {
  for (const values of [[0.5], [1e-9, 2e-9], [-0.866, 1], [1, 1.0001], [0.2, 12]]) {
    const axis = axisAround(values, 4, 0.06);
    for (const value of values) assert.ok(axis.low <= value && value <= axis.high, String(values));
    for (const tick of axis.ticks) assert.ok(axis.low <= tick && tick <= axis.high);
  }
});

test("labels are counted from the last one", () => {
  assert.deepEqual(labelledIndexes(5, 10), [0, 1, 2, 3, 4]);
  assert.deepEqual(labelledIndexes(7, 3), [0, 3, 6]);
  assert.deepEqual(labelledIndexes(8, 3), [1, 4, 7]);
  assert.deepEqual(labelledIndexes(0, 3), []);
  assert.deepEqual(labelledIndexes(4, 0.2), [3]);
});

test("labels at the ends of lines are pushed apart and keep their order", () => {
  assert.deepEqual(spreadLabels([10, 12], 15, 0, 100), [10, 25]);
  assert.deepEqual(spreadLabels([12, 10], 15, 0, 100), [25, 10]);
  assert.deepEqual(spreadLabels([98, 99], 15, 0, 100), [85, 100]);
});
