// The fits in WebAssembly give the same bits as natively.
// It needs www/pkg to be built; the numbers themselves are tested natively.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const { initSync, fit } = await import(new URL("www/pkg/models.js", root));
initSync({ module: readFileSync(new URL("www/pkg/models_bg.wasm", root)) });

test("wasm and native fits agree bit by bit", () => {
  // The profile of `cargo test`, which has built it already.
  const command = ["run", "--quiet", "--locked", "--profile=test", "--example=fit_bits"];
  const options = { cwd: fileURLToPath(root), maxBuffer: 1 << 28, encoding: "utf8" };
  const native = JSON.parse(execFileSync(process.env.CARGO ?? "cargo", command, options));
  assert.equal(native.length, 14);
  for (const { request, fit: expected } of native) {
    // Text and back drops what is undefined, as JSON does natively.
    const found = JSON.parse(JSON.stringify(fit(request)));
    assert.equal(found.converged, true, request.kind);
    assert.deepEqual(found, expected, request.kind);
  }
});

test("what cannot be fitted throws an error with its code", () => {
  const code = (expected) => (error) => error instanceof Error && error.code === expected;
  assert.throws(() => fit({ kind: "sbg" }), code("fit-needs-data"));
  assert.throws(() => fit({ kind: "sbg", survivors: [1, 2, 3] }), code("survivors-increase"));
  assert.throws(
    () => fit({ kind: "kaplan_meier", durations: [1], events: [] }),
    code("lengths-differ"),
  );
  assert.throws(() => fit({ kind: "nothing" }), code("invalid-input"));
});
