// Account health in WebAssembly: the sample comes out as the oracle has it, and another sheet needs
// no second reading.
// It needs www/pkg to be built; the rules themselves are tested natively.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const { initSync, ScoreSession } = await import(new URL("www/pkg/models.js", root));
initSync({ module: readFileSync(new URL("www/pkg/models_bg.wasm", root)) });

const sample = readFileSync(new URL("www/public/samples/health.csv", root));
const expected = JSON.parse(readFileSync(new URL("tests/cases/account-health.json", root), "utf8"));

function scored(options) {
  const session = new ScoreSession(options);
  session.push(sample);
  return { session, report: session.finish() };
}

function levelsOf({ levels }) {
  return levels.map(({ level, customers, revenue }) => ({
    level,
    customers,
    cents: Math.round(revenue * 100),
  }));
}

test("the sample is scored as in the oracle", () => {
  const { session, report } = scored({});
  assert.deepEqual(levelsOf(report), expected.levels);
  assert.equal(report.input.asOf, expected.asOf);
  assert.deepEqual(
    [report.playbook.savedCustomers.low, report.playbook.savedCustomers.high],
    expected.savedCustomersInterval,
  );
  assert.deepEqual(report.sheet, report.published);
  const weighted = session.rescore({ sheet: { method: "weighted" } });
  assert.equal(weighted.kind, "scored");
  assert.deepEqual(levelsOf(weighted.report), expected.weightedLevels);
  const again = session.rescore({ roles: { nps: "" } });
  assert.equal(again.kind, "readAgain");
});

test("the sheet that comes out can be changed and given back", () => {
  const { session, report } = scored({});
  const sheet = structuredClone(report.sheet);
  sheet.groups[0].rules[0].points = 0;
  const { report: other } = session.rescore({ sheet });
  assert.equal(other.attainable.points, 180 - 15);
  assert.deepEqual(other.sheet, sheet);
});

test("what cannot be meant is thrown with a code", () => {
  const code = (options) => {
    try {
      new ScoreSession(options);
    } catch (thrown) {
      return thrown.code;
    }
  };
  assert.equal(code({ sheet: { levels: { high: 99 } } }), "invalid-option");
  assert.equal(code({ sheet: { method: "guess" } }), "invalid-input");
});
