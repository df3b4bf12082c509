// Errors on their way out of the worker.

import assert from "node:assert/strict";
import { test } from "node:test";
import { flatten, isFatal, RetentionError } from "./retention-error.ts";

test("an error of the core keeps its code and its place", () => {
  const thrown = Object.assign(new Error("Row 4 is odd."), { code: "odd", row: 4, column: "mrr" });
  const back = RetentionError.from(structuredClone(flatten(thrown)));
  assert.deepEqual(
    [back.code, back.message, back.row, back.column, back instanceof Error],
    ["odd", "Row 4 is odd.", 4, "mrr", true],
  );
});

test("a trap of the core is a crash, and the core is lost", () => {
  const trap = new WebAssembly.RuntimeError("unreachable");
  assert.equal(flatten(trap).code, "engine-crashed");
  assert.equal(isFatal(trap), true);
  assert.equal(isFatal(new RetentionError("odd", "")), false);
});

test("a file that is gone says to choose it again", () => {
  assert.equal(flatten(new DOMException("", "NotReadableError")).code, "file-not-readable");
});

test("a policy against WebAssembly is named", () => {
  assert.equal(flatten(new WebAssembly.CompileError("blocked")).code, "wasm-blocked");
});

test("anything else is unexpected, and says what it was", () => {
  assert.match(flatten(new TypeError("x is not a function")).message, /x is not a function/);
  assert.equal(flatten("just a string").code, "unexpected");
});
