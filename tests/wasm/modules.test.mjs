// The modules of the core agree: what one finds in a file is what another makes of the same numbers.
// It needs www/pkg to be built; the numbers themselves are tested natively.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const load = async (name) => {
  const core = await import(new URL(`www/pkg/${name}.js`, root));
  core.initSync({ module: readFileSync(new URL(`www/pkg/${name}_bg.wasm`, root)) });
  return core;
};
const { Session } = await load("files");
const { calculate, formulas } = await load("formulas");

/** The inputs that the small core takes, of each formula that it knows. */
const INPUTS = new Map(formulas().map(({ id, inputs }) => [id, inputs.map(({ name }) => name)]));

function reportOn(bytes, options) {
  const session = new Session(options);
  for (;;) {
    session.push(bytes);
    const outcome = session.finish();
    if (outcome.kind === "report") return outcome.report;
  }
}

/** Every figure of a report, wherever it stands. */
function* figuresIn(value) {
  if (value instanceof Map) {
    yield* figuresIn([...value.values()]);
  } else if (value !== null && typeof value === "object") {
    if (typeof value.formula === "string" && "value" in value) yield value;
    for (const inner of Object.values(value)) yield* figuresIn(inner);
  }
}

/** The figure as the small core computes it from the same inputs; nothing where it cannot. */
function again({ formula, inputs }) {
  const names = INPUTS.get(formula);
  const given = Object.keys(inputs);
  const isSame = names?.length === given.length && names.every((name) => given.includes(name));
  return isSame ? calculate(formula, inputs) : null;
}

const samples = new URL("www/public/samples/", root);
const vendors = new URL("tests/cases/vendor/", root);
const files = [samples, vendors].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".csv"))
    .map((name) => new URL(name, folder)),
);

test("figures of files are figures of typed numbers, bit by bit", () => {
  let nCompared = 0;
  const compared = new Set();
  for (const file of files) {
    const name = file.pathname.split("/").at(-1);
    let report;
    try {
      report = reportOn(readFileSync(file), {});
    } catch (error) {
      assert.equal(typeof error.code, "string", `${name}: ${error}`);
      continue;
    }
    for (const figure of figuresIn(report)) {
      const typed = again(figure);
      if (typed === null) continue;
      nCompared += 1;
      compared.add(figure.formula);
      const what = `${name}: ${JSON.stringify(figure)}`;
      // Why there is none, an analysis can know better than the formula.
      assert.ok(Object.is(typed.value, figure.value), `${what}: ${typed.value}`);
    }
  }
  assert.ok(500 < nCompared, `${nCompared} figures`);
  for (const formula of ["customer_retention_rate", "net_revenue_retention", "quick_ratio"]) {
    assert.ok(compared.has(formula), [...compared].join(" "));
  }
});
