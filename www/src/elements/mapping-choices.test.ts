// Choices and answers as options of the analysis.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answerAsOptions, roleOptions } from "./mapping-choices.ts";

const columns = [
  { name: "id", index: 0, role: "customer", why: "" },
  { name: "gross", index: 1, role: "amount", why: "" },
  { name: "net", index: 2, role: null, why: "" },
];

test("moving a role asks for it by the name of its new column", () => {
  const chosen = new Map([
    [1, ""],
    [2, "amount"],
  ]);
  assert.deepEqual(roleOptions(columns, chosen, {}), { amount: "net" });
});

test("a role without a column is asked for with none, so that it is not detected again", () => {
  assert.deepEqual(roleOptions(columns, new Map([[1, ""]]), {}), { amount: "" });
});

test("earlier choices stay", () => {
  assert.deepEqual(roleOptions(columns, new Map([[2, "segment"]]), { plan: "x" }), {
    plan: "x",
    segment: "net",
  });
});

test("an answer goes into its option", () => {
  assert.deepEqual(answerAsOptions("dateOrder", "dmy", {}), { dateOrder: "dmy" });
  assert.deepEqual(answerAsOptions("hasHeader", "false", {}), { hasHeader: false });
  assert.deepEqual(answerAsOptions("roles.customer", "email", { roles: { amount: "net" } }), {
    roles: { amount: "net", customer: "email" },
  });
});
