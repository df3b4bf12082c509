// The thread is given to others. Time is the test's own.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Turns } from "./turns.ts";

test("others have their turn after a while, and not at each step", async () => {
  let now = 0;
  const clock = mock.method(performance, "now", () => now);
  try {
    const turns = new Turns();
    let hasRun = false;
    const other = setImmediate(() => {
      hasRun = true;
    });
    now = 11;
    await turns.take();
    assert.equal(hasRun, false, "too early");
    for (let step = 0; !hasRun && step < 100; step += 1) {
      now += 12;
      await turns.take();
    }
    assert.equal(hasRun, true);
    clearImmediate(other);
  } finally {
    clock.mock.restore();
  }
});
