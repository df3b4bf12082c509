// Cohorts, reasons and renewals in WebAssembly, with the options of the page, as the oracle has them.
// It needs www/pkg to be built; every cell and every share is tested natively.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const at = (path) => new URL(`../../${path}`, import.meta.url);
const core = await import(at("www/pkg/retention_calculator.js"));
core.initSync({ module: readFileSync(at("www/pkg/retention_calculator_bg.wasm")) });

const cases = JSON.parse(readFileSync(at("tests/cases/causes.json"), "utf8"));

/** A session that has read a file, and its report. */
function read(path, options = {}) {
  const session = new core.Session(options);
  for (;;) {
    session.push(readFileSync(at(path)));
    const outcome = session.finish();
    if (outcome.kind === "report") return [session, outcome.report];
  }
}

test("cells of every table are those of the oracle", () => {
  for (const { file, granularity, days, asOf, rows } of cases.cohorts) {
    const cohorts = { granularity, clock: days === null ? "calendar" : "days" };
    if (days !== null) cohorts.days = days;
    const [, report] = read(file, { asOf, cohorts });
    const known = (list) => list.filter((one) => one !== null);
    assert.deepEqual(
      report.cohorts.rows.map(({ cohort, size, customers }) => [cohort, size, known(customers)]),
      rows.map(({ cohort, size, customers }) => [cohort, size, customers]),
      `${file} by ${granularity}, ${days}`,
    );
    assert.equal(report.cohorts.days, days);
  }
});

test("reasons are those of the oracle, and mean what the reader says", () => {
  const [{ file, windows }] = cases.reasons;
  const [session, report] = read(file);
  const whole = windows.at(-1).reasons;
  assert.deepEqual(
    Object.fromEntries(report.reasons.map(({ reason, customers }) => [reason, customers])),
    Object.fromEntries(Object.entries(whole).map(([reason, [n]]) => [reason, n])),
  );
  const { reason } = report.reasons.find(({ kind }) => kind === "involuntary");
  const outcome = session.reanalyze({ reasonKinds: { [reason]: "voluntary" } });
  assert.equal(outcome.kind, "report");
  const chosen = outcome.report.reasons.find((one) => one.reason === reason);
  assert.deepEqual([chosen.kind, chosen.chosen], ["voluntary", true]);
  const list = session.customers({ of: { kind: "reason", reason } });
  assert.equal(list.total, chosen.customers);
});

test("what is due is what the oracle says, and who it is", () => {
  const [{ file, windows }] = cases.renewals;
  const [session, report] = read(file);
  for (const { days, customers } of windows) {
    assert.equal(
      report.renewalOutlook.windows.find((one) => one.days === days).customers,
      customers,
    );
    const list = session.customers({ of: { kind: "renewal", withinDays: days } });
    assert.equal(list.total, customers);
  }
});

test("what is no way to count is refused", () => {
  assert.throws(() => new core.Session({ cohorts: { clock: "lunar" } }), {
    code: "invalid-option",
  });
  assert.throws(() => new core.Session({ reasonKinds: { x: "maybe" } }), {
    code: "invalid-option",
  });
});
