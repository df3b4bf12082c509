// How long a reading will still take.

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFor } from "./format.ts";
import { timeLeft } from "./time-left.ts";

const format = formatFor("en-US");
const at = (bytes: number) => ({ bytes, total: 100, rows: 0, pass: 1 });

test("nothing is guessed too early or at the end", () => {
  assert.equal(timeLeft(at(10), 500, format), "");
  assert.equal(timeLeft(at(0), 5000, format), "");
  assert.equal(timeLeft(at(100), 5000, format), "");
});

test("the rest takes as long as what was read did", () => {
  assert.equal(timeLeft(at(50), 12_000, format), ", about 12 seconds left");
  assert.equal(timeLeft(at(10), 60_000, format), ", about 9 minutes left");
  assert.equal(timeLeft(at(99), 10_000, format), ", almost done");
});
