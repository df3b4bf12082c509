// Whether the browser can run the core.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { RetentionError } from "./retention-error.ts";
import { requireSimd } from "./simd.ts";

test("an engine with SIMD is accepted, and by more than its word", () => {
  const validate = mock.method(WebAssembly, "validate");
  requireSimd();
  const [module] = validate.mock.calls[0]?.arguments ?? [];
  validate.mock.restore();
  // It is a module of SIMD that runs, and not any bytes that are accepted.
  assert.ok(module !== undefined);
  assert.equal(WebAssembly.Module.imports(new WebAssembly.Module(module)).length, 0);
  assert.ok(Buffer.from(module as Uint8Array).includes(Buffer.of(0xfd)));
});

test("an engine without SIMD says which browsers have it", () => {
  const validate = mock.method(WebAssembly, "validate", () => false);
  try {
    assert.throws(
      requireSimd,
      (thrown: unknown) =>
        thrown instanceof RetentionError &&
        thrown.code === "browser-too-old" &&
        /Safari 16\.4/.test(thrown.message),
    );
  } finally {
    validate.mock.restore();
  }
});
