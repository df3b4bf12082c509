// The definitions of the sample made for them, through wasm: the six rates of one ledger, and who
// makes them differ.
// It needs www/pkg to be built.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { initSync, Session } from "../../www/pkg/files.js";

initSync({
  module: readFileSync(new URL("../../www/pkg/files_bg.wasm", import.meta.url)),
});

const sample = readFileSync(new URL("../../www/public/samples/definitions.csv", import.meta.url));

test("six definitions of churn give six rates on one ledger, and name who differs", () => {
  const session = new Session({});
  session.push(sample);
  const { report } = session.finish();
  const churn = report.definitions.filter(({ metric }) => metric === "customer_churn_rate");
  const rates = churn.map(({ name, figure }) => [name, Number(figure.value.toFixed(12))]);
  assert.deepEqual(Object.fromEntries(rates), {
    "start-cohort": 0.1,
    chartmogul: 0.1,
    stripe: 0.096,
    baremetrics: 0.12,
    profitwell: 0.11,
    articles: 0.11,
  });
  const of = { kind: "definition", metric: "customer_churn_rate", name: "baremetrics" };
  const { total, rows } = session.customers({ of });
  assert.equal(total, 2);
  assert.deepEqual(rows.map(({ customer }) => customer).sort(), ["c019", "c125"]);
  session.free();
});
