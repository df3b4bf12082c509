// Choices and answers as options of the analysis.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answerAsOptions, openQuestions, roleOptions } from "./mapping-choices.ts";

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

const question = (answerTo: string, options: string[], assumed: string | null = null) => ({
  code: "",
  message: "",
  options,
  readings: [],
  answerTo,
  assumed,
});

test("an answer goes into its option", () => {
  const order = question("dateOrder", ["dmy", "mdy"]);
  assert.deepEqual(answerAsOptions(order, "dmy", {}, columns), { dateOrder: "dmy" });
  const header = question("hasHeader", ["true", "false"]);
  assert.deepEqual(answerAsOptions(header, "false", {}, columns), { hasHeader: false });
});

test("an answer about columns of one name goes to the role that one of them has", () => {
  const which = question("roles", ["gross", "net"], "gross");
  assert.deepEqual(answerAsOptions(which, "net", { roles: { customer: "id" } }, columns), {
    roles: { customer: "id", amount: "net" },
  });
});

test("what is only to be confirmed changes nothing", () => {
  assert.equal(answerAsOptions(question("", ["yes"], "yes"), "yes", {}, columns), null);
});

test("an answered question is open no longer", () => {
  const order = question("dateOrder", ["dmy", "mdy"]);
  assert.deepEqual(openQuestions([order], {}, columns), [order]);
  assert.deepEqual(openQuestions([order], { dateOrder: "mdy" }, columns), []);
  const which = question("roles", ["gross", "net"], "gross");
  assert.deepEqual(openQuestions([which], {}, columns), [which]);
  assert.deepEqual(openQuestions([which], { roles: { amount: "net" } }, columns), []);
});

test("columns of one name that nothing uses are no question", () => {
  assert.deepEqual(openQuestions([question("roles", ["x", "x (2)"])], {}, columns), []);
});
