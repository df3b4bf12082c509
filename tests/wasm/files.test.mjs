// Several files through WebAssembly: the core asks for each in turn, and the report is the one that
// the oracle expects. It needs www/pkg to be built.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const { Files, initSync } = await import(new URL("www/pkg/files.js", root));
initSync({ module: readFileSync(new URL("www/pkg/files_bg.wasm", root)) });

const expected = JSON.parse(readFileSync(new URL("tests/cases/files/expected.json", root)));
const names = ["churn_events.csv", "customers.csv", "subscriptions.csv"];
const bytes = names.map((name) => readFileSync(new URL(`tests/cases/files/chance/${name}`, root)));

function readAll(files) {
  for (let index = files.nextFile(); index !== undefined; index = files.nextFile()) {
    for (let at = 0; at < bytes[index].length; at += 1000) {
      if (!files.push(bytes[index].subarray(at, at + 1000))) break;
    }
    files.end();
  }
}

test("three files come out as the oracle says, under each rule", () => {
  const options = { files: names.map((name) => ({ name })), analyze: {} };
  const files = new Files(options);
  readAll(files);
  const outcome = files.report();
  assert.equal(outcome.kind, "report");
  const { joins, contradictions } = outcome.report.files;
  assert.deepEqual(
    joins.map(({ kind, matched }) => [kind, matched]),
    [
      ["customers", expected.chance.customers.matched],
      ["events", expected.chance.events.matched],
    ],
  );
  for (const { code, customers } of contradictions) {
    assert.equal(customers, expected.chance.contradictions[code].customers.length, code);
  }
  for (const rules of ["subscriptions", "events", "flag"]) {
    const again = files.reanalyze({ ...options, rules });
    assert.equal(again.kind, "report");
    assert.equal(
      again.report.periods.at(-1).customers.end,
      expected.chance.months[rules].at(-1)[1],
      rules,
    );
  }
  const { code } = contradictions.find(({ choices }) => choices.includes("events"));
  assert.equal(files.reanalyze({ ...options, rules: { [code]: "events" } }).kind, "report");
  assert.throws(() => files.reanalyze({ ...options, rules: "nobody" }), { code: "invalid-option" });
});

test("customers behind a figure are those of the joined history", () => {
  const files = new Files({ files: names.map((name) => ({ name })), analyze: {} });
  readAll(files);
  files.report();
  const list = files.customers({ of: { kind: "all" }, limit: 5 });
  assert.equal(list.rows.length, 5);
});
