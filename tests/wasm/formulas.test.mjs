// The formulas in WebAssembly give the same bits as natively, and the worked examples hold there too.
// It needs www/pkg to be built; it does not test the page.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root));

const { initSync, calculate, formulas } = await import(new URL("www/pkg/formulas.js", root));
initSync({ module: read("www/pkg/formulas_bg.wasm") });

/** The bits of a number in hexadecimal, as the native example prints them. */
function bits(value) {
  if (value === null || value === undefined) return null;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

function outcome({ formula, inputs }) {
  try {
    const figure = calculate(formula, inputs);
    return {
      value: bits(figure.value),
      low: bits(figure.low),
      high: bits(figure.high),
      n: figure.n ?? null,
      why: figure.why ?? null,
    };
  } catch (error) {
    assert.ok(error instanceof Error, `${formula} threw ${error}`);
    return { code: error.code, column: error.column ?? null };
  }
}

test("wasm and native formulas agree bit by bit", () => {
  // The profile of `cargo test`, which has built it already.
  const command = ["run", "--quiet", "--locked", "--profile=test", "--example=formula_bits"];
  const options = { cwd: fileURLToPath(root), maxBuffer: 1 << 28, encoding: "utf8" };
  const native = JSON.parse(execFileSync(process.env.CARGO ?? "cargo", command, options));
  assert.ok(native.length > 4000);
  for (const { call, outcome: expected } of native) {
    assert.deepEqual(outcome(call), expected, JSON.stringify(call));
  }
});

test("worked examples hold in wasm", () => {
  const { examples } = JSON.parse(read("tests/cases/worked-examples.json"));
  const withFormula = examples.filter(({ formula }) => formula);
  assert.equal(withFormula.length, 33);
  for (const { id, formula, inputs, expected, tolerance = 1e-12 } of withFormula) {
    const { value } = calculate(formula, inputs);
    assert.ok(Math.abs(value - expected) <= tolerance * Math.abs(expected), `${id}: ${value}`);
  }
});

test("the catalogue is complete and every formula in it can be calculated", () => {
  const catalogue = formulas();
  assert.equal(catalogue.length, 26);
  for (const { id, inputs } of catalogue) {
    const example = Object.fromEntries(inputs.map(({ name, example }) => [name, example]));
    const figure = calculate(id, example);
    assert.equal(figure.formula, id);
    assert.equal(typeof figure.value, "number", id);
    assert.deepEqual(figure.inputs, example);
  }
});

test("what cannot be calculated throws an error with its code and input", () => {
  assert.throws(() => calculate("customer_churn_rate", { start: 5, lost: 6 }), {
    code: "lost-over-start",
    column: "lost",
  });
  assert.throws(() => calculate("customer_churn_rate", { start: 5 }), {
    code: "missing-input",
    column: "lost",
  });
  assert.equal(calculate("average_lifespan", { churn: 0 }).why, "no-churn");
});
