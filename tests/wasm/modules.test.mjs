// The modules of the core agree, with the native core and with each other: what one finds in a file
// is what another makes of the same numbers.
// It needs www/pkg to be built; the numbers themselves are tested natively.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

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
/** What those inputs are measured in. */
const UNITS = new Map(formulas().map(({ id, inputs }) => [id, inputs.map(({ unit }) => unit)]));

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

/**
 * The figure as the small core computes it from the same inputs; nothing where it cannot. Inputs that
 * it refuses have no figure in a report either, but for sums of movements: they hold what was lost of
 * customers who joined after the start, and may exceed it.
 */
function again({ formula, inputs, value }) {
  const names = INPUTS.get(formula);
  const given = Object.keys(inputs);
  const isSame = names?.length === given.length && names.every((name) => given.includes(name));
  if (!isSame) return null;
  try {
    return calculate(formula, inputs);
  } catch (refused) {
    const isOfMovements = refused.code === "lost-over-start";
    assert.ok(
      value === null || isOfMovements,
      `${formula} of ${JSON.stringify(inputs)}: ${refused}`,
    );
    return null;
  }
}

const samples = new URL("www/public/samples/", root);
const vendors = new URL("tests/cases/vendor/", root);
const files = [samples, vendors].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".csv"))
    .map((name) => new URL(name, folder)),
);

/** Whether the inputs are counts: money is summed in minor units, and typed in major ones. */
function isOfCounts({ formula }) {
  return UNITS.get(formula).every((unit) => unit === "count");
}

function read(file, options = {}) {
  try {
    return reportOn(readFileSync(file), options);
  } catch (error) {
    assert.equal(typeof error.code, "string", `${file}: ${error}`);
    return null;
  }
}

test("wasm and native reports agree bit by bit", () => {
  let nRead = 0;
  for (const file of files) {
    const path = fileURLToPath(file);
    const command = ["run", "--quiet", "--locked", "--profile=test", "--example=analyze"];
    const native = spawnSync(process.env.CARGO ?? "cargo", [...command, "--", path], {
      cwd: fileURLToPath(root),
      maxBuffer: 1 << 28,
      encoding: "utf8",
    });
    const report = read(file);
    assert.equal(report === null, native.status !== 0, `${path}: ${native.stderr}`);
    if (report === null) continue;
    nRead += 1;
    // Text and back drops what is undefined, as JSON does natively.
    assert.deepEqual(JSON.parse(JSON.stringify(report)), JSON.parse(native.stdout), path);
  }
  assert.ok(12 < nRead, `${nRead} files`);
});

test("figures of files are figures of typed numbers", () => {
  let nExact = 0;
  const compared = new Set();
  for (const file of files) {
    for (const figure of figuresIn(read(file))) {
      const typed = again(figure);
      if (typed === null) continue;
      compared.add(figure.formula);
      const what = `${file}: ${JSON.stringify(figure)} is typed ${typed.value}`;
      if (isOfCounts(figure)) {
        nExact += 1;
        assert.ok(Object.is(typed.value, figure.value), what);
      } else {
        // What is left of a difference is as exact as what it is left of.
        const tolerance = 4 * Number.EPSILON * Math.max(1, Math.abs(figure.value ?? 0));
        assert.equal(typed.value === null, figure.value === null, what);
        assert.ok(Math.abs(typed.value - figure.value) <= tolerance, what);
      }
    }
  }
  assert.ok(500 < nExact, `${nExact} figures`);
  for (const formula of ["customer_retention_rate", "net_revenue_retention", "quick_ratio"]) {
    assert.ok(compared.has(formula), [...compared].join(" "));
  }
});
