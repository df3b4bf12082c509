// What was understood, and where a figure comes from, in words.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Figure, FormulaInfo, Input } from "../engine/core.ts";
import { formatFor } from "./format.ts";
import { exclusions, expressionWords, type Piece, understood, worked } from "./sentence.ts";

const format = formatFor("en-US", "USD");

const input: Input = {
  shape: "subscriptions",
  shapeWhy: "",
  asOf: "2024-12-31",
  firstDate: "2023-01-01",
  currency: "USD",
  customers: 500,
  amountTotalMinor: null,
  decimals: 2,
  dialect: { encoding: "utf-8", delimiter: ",", decimal: ".", dateOrder: "ymd" },
  columns: [
    { name: "account_id", index: 0, role: "customer", why: "" },
    { name: "mrr_amount", index: 1, role: "amount", why: "" },
  ],
  rows: { read: 5000, used: 4222, excluded: 778 },
  notes: [],
  questions: [],
  preview: [],
};

const text = (pieces: readonly Piece[]) =>
  pieces.map((piece) => (piece.kind === "words" ? piece.text : `[${piece.name}]`)).join("");

test("a file is summed up in one sentence", () => {
  assert.equal(
    text(understood(input, format)),
    "5,000 subscription rows of 500 customers, Jan 1, 2023 to Dec 31, 2024, revenue from [mrr_amount] in USD, customers by [account_id]. 778 rows left out.",
  );
});

test("what the file does not have is not spoken of", () => {
  const accounts: Input = {
    ...input,
    shape: "accounts",
    asOf: "",
    firstDate: null,
    columns: [],
    rows: { read: 1, used: 1, excluded: 0 },
  };
  assert.equal(text(understood(accounts, format)), "1 account row.");
});

test("the names of columns come apart from our words", () => {
  const evil = "<b>\u202e</b>";
  const pieces = understood(
    { ...input, columns: [{ name: evil, index: 0, role: "customer", why: "" }] },
    format,
  );
  assert.deepEqual(
    pieces.filter(({ kind }) => kind === "column"),
    [{ kind: "column", name: evil }],
  );
});

const crr: FormulaInfo = {
  id: "customer_retention_rate",
  name: "Customer retention rate",
  abbreviation: "CRR",
  expression: "({end} − {new}) ÷ {start}",
  result: "share",
  inputs: [
    { name: "start", label: "Customers at the start", unit: "count", example: 500 },
    { name: "new", label: "New customers", unit: "count", example: 80 },
    { name: "end", label: "Customers at the end", unit: "count", example: 540 },
  ],
  definition: "",
  undefinedWhen: "",
  source: "",
};

const figure = (value: number | null, inputs: Record<string, number>, why?: string): Figure => ({
  value,
  formula: "customer_retention_rate",
  inputs,
  ...(why === undefined ? {} : { why }),
});

test("a figure shows its arithmetic", () => {
  assert.equal(
    worked(crr, figure(0.92, { start: 500, new: 80, end: 540 }), format),
    "(540 − 80) ÷ 500 = 92.0%",
  );
});

test("an undefined figure says why", () => {
  assert.equal(
    worked(crr, figure(null, { start: 0, new: 0, end: 0 }, "no-customers-at-start"), format),
    "(0 − 0) ÷ 0, not defined: no customers at the start, so no rate",
  );
  assert.equal(
    worked(crr, figure(null, {}, "some-new-code"), format),
    "(… − …) ÷ …, not defined: some new code",
  );
});

test("an expression can be said without numbers", () => {
  assert.equal(
    expressionWords(crr),
    "(customers at the end − new customers) ÷ customers at the start",
  );
});

test("reasons for leaving rows out come by frequency", () => {
  const note = (code: string, count: number, excludes: boolean) => ({
    code,
    count,
    excludes,
    severity: "info",
    message: "",
    rows: [],
  });
  assert.deepEqual(
    exclusions([note("a", 2, true), note("b", 9, false), note("c", 5, true)]).map(
      ({ code }) => code,
    ),
    ["c", "a"],
  );
});
