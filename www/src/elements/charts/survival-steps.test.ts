// A survival curve falls in steps, at the times of the report and nowhere else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bandCorners, stepCorners, stepsNear, timeAtShare, valueAt } from "./survival-steps.ts";
import { timeTicks } from "./time-ticks.ts";

test("the line is level between events and falls upright at them", () => {
  assert.deepEqual(stepCorners([2, 5], [0.8, 0.5], 7), [
    [0, 1],
    [2, 1],
    [2, 0.8],
    [5, 0.8],
    [5, 0.5],
    [7, 0.5],
  ]);
});

test("an event at time zero is the start of the line", () => {
  assert.deepEqual(stepCorners([0, 3], [0.9, 0.6]), [
    [0, 0.9],
    [3, 0.9],
    [3, 0.6],
  ]);
});

test("steps beyond the end are not drawn, and no step is a level line", () => {
  assert.deepEqual(stepCorners([2, 5], [0.8, 0.5], 3), [
    [0, 1],
    [2, 1],
    [2, 0.8],
    [3, 0.8],
  ]);
  assert.deepEqual(stepCorners([], [], 4), [
    [0, 1],
    [4, 1],
  ]);
});

test("the band has a corner wherever the line has one", () => {
  const band = bandCorners({
    times: [2, 5],
    survival: [0.8, 0.5],
    low: [0.6, 0.3],
    high: [0.9, 0.7],
  });
  assert.equal(band?.low.length, band?.high.length);
  assert.deepEqual(
    band?.low.map(([time]) => time),
    band?.high.map(([time]) => time),
  );
  assert.equal(bandCorners({ times: [2], survival: [0.5] }), null);
});

test("values hold from their step on", () => {
  assert.equal(valueAt([2, 5], [0.8, 0.5], 1.9, 1), 1);
  assert.equal(valueAt([2, 5], [0.8, 0.5], 2, 1), 0.8);
  assert.equal(valueAt([2, 5], [0.8, 0.5], 99, 1), 0.5);
  assert.equal(timeAtShare({ times: [2, 5], survival: [0.8, 0.5] }, 0.5), 5);
  assert.equal(timeAtShare({ times: [2, 5], survival: [0.8, 0.5] }, 0.4), null);
});

test("counts at risk stand at their own steps, the nearest to each tick, each once", () => {
  assert.deepEqual(stepsNear([2, 5, 11], [0, 4, 8, 12]), [0, 1, 2]);
  assert.deepEqual(stepsNear([0, 1, 2, 3], [0, 2]), [0, 2]);
  assert.deepEqual(stepsNear([7], [0, 5, 10]), [0]);
  assert.deepEqual(stepsNear([], [0, 5]), []);
});

test("time is ticked in steps that people count in", () => {
  assert.deepEqual(timeTicks(24, "month", 6), [0, 6, 12, 18, 24]);
  assert.deepEqual(timeTicks(400, "month", 5), [0, 120, 240, 360]);
  assert.deepEqual(timeTicks(0, "month", 5), [0]);
  for (const until of [1, 7, 28, 365, 9999, 1e6]) {
    for (const unit of ["day", "month", "period"] as const) {
      const ticks = timeTicks(until, unit, 6);
      assert.ok(ticks.length <= 6, `${until} ${unit}: ${ticks.join()}`);
      assert.ok(ticks.every((tick) => tick <= until));
    }
  }
});
