// How long a reading will still take.

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFor } from "./format.ts";
import { Pace, timeLeft } from "./time-left.ts";

const format = formatFor("en-US");

/** A reading of 100 bytes that has reported these bytes, 500 ms apart. */
function paceOf(...reports: number[]): Pace {
  const pace = new Pace();
  reports.forEach((bytes, index) => {
    pace.add(bytes, index * 500);
  });
  return pace;
}

test("nothing is guessed too early, without bytes or at the end", () => {
  assert.equal(new Pace().secondsLeft(100), null);
  assert.equal(paceOf(0, 10).secondsLeft(100), null);
  assert.equal(paceOf(0, 10, 20).secondsLeft(100), null);
  assert.equal(paceOf(0, 0, 0, 0, 0, 0).secondsLeft(100), null);
  assert.equal(paceOf(0, 25, 50, 75, 100).secondsLeft(100), null);
});

test("at a steady pace the rest takes as long as its share", () => {
  // 20 bytes a second, 40 read: 60 are left.
  const left = paceOf(0, 10, 20, 30, 40).secondsLeft(100) ?? Number.NaN;
  assert.ok(Math.abs(left - 3) < 1e-9, String(left));
});

test("a pace that falls is believed before the average is", () => {
  const reports = [0, 10, 20, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39];
  const left = paceOf(...reports).secondsLeft(100) ?? Number.NaN;
  // 39 bytes in 6 seconds on average, 2 bytes a second of late.
  assert.ok(9.4 < left && left < 30.5, String(left));
  assert.ok(61 / (39 / 6) < left, String(left));
});

test("a reading that begins anew does not count backwards", () => {
  const left = paceOf(0, 10, 20, 30, 40, 5, 15, 25).secondsLeft(100) ?? Number.NaN;
  assert.ok(Math.abs(left - 3.75) < 1e-9, String(left));
});

test("the words are those of a person", () => {
  assert.equal(timeLeft(null, format), "");
  assert.equal(timeLeft(1.9, format), ", almost done");
  assert.equal(timeLeft(11.2, format), ", about 12 seconds left");
  assert.equal(timeLeft(41.2, format), ", about 45 seconds left");
  assert.equal(timeLeft(500, format), ", about 9 minutes left");
});
