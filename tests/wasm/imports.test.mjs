// What the core can reach from inside WebAssembly: plain data in and out, and nothing else.
// It needs www/pkg to be built; a new name here is a new way out of the core and wants a reason.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const pkg = new URL("../../www/pkg/", import.meta.url);

/** Reading and making numbers, texts, arrays, objects, maps, bytes and errors. */
const ALLOWED = new Set([
  "Error",
  "Number",
  "String",
  "call",
  "done",
  "entries",
  "error",
  "get",
  "get_unchecked",
  "get_with_ref_key",
  "instanceof_ArrayBuffer",
  "instanceof_Map",
  "instanceof_Uint8Array",
  "isArray",
  "isSafeInteger",
  "iterator",
  "length",
  "new",
  "next",
  "prototypesetcall",
  "push",
  "set",
  "value",
]);

/** The name without what the generator adds: `__wbg_get_d7176cfb76d71114` is `get`. */
function plainName(name) {
  return name.replace(/^__wbg_/, "").replace(/_[0-9a-f]{16}$/, "");
}

function isAllowed(core, { module, name, kind }) {
  const plain = plainName(name);
  // `__wbindgen_…` are the generator's own: casts, tables of references, throwing.
  const isOwn = plain.startsWith("__wbindgen_");
  return module === `./${core}_bg.js` && kind === "function" && (isOwn || ALLOWED.has(plain));
}

for (const core of ["formulas", "files", "models"]) {
  test(`the core of ${core} imports nothing but plain data`, () => {
    const wasm = readFileSync(new URL(`${core}_bg.wasm`, pkg));
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(wasm));
    assert.ok(imports.length > 0);
    const others = imports.filter((one) => !isAllowed(core, one));
    assert.deepEqual(
      others.map(({ module, name }) => `${module} ${name}`),
      [],
    );
  });
}

test("an import of anything else is found", () => {
  const module = "./files_bg.js";
  for (const name of [
    "__wbg_fetch_d7176cfb76d71114",
    "__wbg_now_d7176cfb76d71114",
    "__wbg_random_d7176cfb76d71114",
  ]) {
    assert.equal(isAllowed("files", { module, name, kind: "function" }), false, name);
  }
  assert.equal(
    isAllowed("files", { module: "env", name: "__wbindgen_throw", kind: "function" }),
    false,
  );
  assert.equal(
    isAllowed("files", { module, name: "__wbg_get_d7176cfb76d71114", kind: "function" }),
    true,
  );
});
