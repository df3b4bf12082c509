// The shared aggregator, and the numbers made of measurements, on cases small enough to do by hand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregator, centsOf, dayOf, monthOf } from "./engines/aggregate.mjs";
import { bestOf, goalsOf } from "./goals.mjs";
import { median, pairedDifference, pairedRatio, spread } from "./numbers.mjs";
import { fromReport, hashOf } from "./tasks.mjs";

const resultOf = (shape, rows) => {
  const found = aggregator(shape);
  for (const row of rows) found.take(row);
  return found.result();
};

test("dates and amounts are read from their digits", () => {
  assert.equal(centsOf("1234.05"), 123_405);
  assert.equal(monthOf("2023-02"), 13);
  assert.equal(dayOf("2022-01-01"), 0);
  assert.equal(dayOf("2022-12-31"), 364);
  assert.equal(dayOf("2024-03-01"), 365 + 365 + 31 + 29);
});

test("customers count in the month of their first purchase, whatever the order of rows", () => {
  const rows = [
    ["a", "2022-03-09", "1.00"],
    ["a", "2022-01-05", "10.00"],
    ["b", "2022-03-31", "7.50"],
    ["a", "2022-03-10", "2.00"],
  ];
  for (const order of [rows, rows.toReversed()]) {
    const result = resultOf("transactions", order);
    const { rows: nRows, customers, repeatCustomers, cents, cohorts } = result;
    assert.deepEqual([nRows, customers, repeatCustomers, cents], [4, 2, 1, 2050]);
    assert.deepEqual(
      cohorts.map((row) => [row.month, row.size, row.customers.slice(0, 3), row.cents.slice(0, 3)]),
      [
        ["2022-01", 1, [1, 0, 1], [1000, 0, 300]],
        ["2022-03", 1, [1, 0, 0], [750, 0, 0]],
      ],
    );
  }
});

test("months of revenue move as they are defined", () => {
  const { months } = resultOf("mrr", [
    ["a", "2022-01", "10.00"],
    ["a", "2022-02", "12.00"],
    ["b", "2022-02", "5.00"],
    ["a", "2022-03", "11.00"],
    ["b", "2022-04", "4.00"],
    ["a", "2022-04", "11.00"],
  ]);
  // Start, new, come back, lost, end.
  assert.deepEqual(months[1].customers, [1, 1, 0, 0, 2]);
  assert.deepEqual(months[2].customers, [2, 0, 0, 1, 1]);
  assert.deepEqual(months[3].customers, [1, 0, 1, 0, 2]);
  // Start, new, come back, expansion, contraction, churned, end.
  assert.deepEqual(months[1].cents, [1000, 500, 0, 200, 0, 0, 1700]);
  assert.deepEqual(months[2].cents, [1700, 0, 0, 0, 100, 500, 1100]);
  assert.deepEqual(months[3].cents, [1100, 0, 400, 0, 0, 0, 1500]);
});

test("subscriptions of one customer add up, and lifetimes run through gaps", () => {
  const { months, lost } = resultOf("subscriptions", [
    ["a", "2022-01-10", "2022-02-10", "10.00"],
    ["a", "2022-04-01", "2022-04-11", "3.00"],
    ["b", "2022-01-31", "", "5.00"],
    ["b", "2022-02-01", "2022-03-02", "1.00"],
    // Comes and goes inside one month, and comes back later: never new.
    ["c", "2022-01-01", "2022-01-02", "9.00"],
    ["c", "2022-03-05", "", "9.00"],
  ]);
  assert.deepEqual(months[0].customers, [0, 2, 0, 0, 2]);
  assert.deepEqual(months[1].customers, [2, 0, 0, 1, 1]);
  assert.deepEqual(months[1].cents, [1500, 0, 0, 100, 0, 1000, 600]);
  assert.deepEqual(months[2].customers, [1, 0, 1, 0, 2]);
  assert.deepEqual(months[2].cents, [600, 0, 900, 0, 100, 0, 1400]);
  // `a` was lost after the 91 days from 10 January to 11 April, when all three were at risk.
  assert.deepEqual(lost, [[91, 3, 1]]);
});

test("a hash does not see the order of keys, and sees all else", () => {
  assert.equal(hashOf({ a: 1, b: [2, 3] }), hashOf({ b: [2, 3], a: 1 }));
  assert.notEqual(hashOf({ a: 1, b: [2, 3] }), hashOf({ a: 1, b: [3, 2] }));
});

test("a report with excluded rows or questions is no result", () => {
  const input = { shape: "mrr", rows: { read: 1, excluded: 0 }, notes: [], questions: [] };
  assert.deepEqual(fromReport({ input, periods: [] }), { rows: 1, months: [] });
  const notes = [{ code: "bad-date", excludes: true }];
  const excluding = { ...input, rows: { read: 1, excluded: 1 }, notes };
  assert.throws(() => fromReport({ input: excluding, periods: [] }), /bad-date/);
  const asking = { ...input, questions: [{ code: "ambiguous-date" }] };
  assert.throws(() => fromReport({ input: asking, periods: [] }), /ambiguous-date/);
});

test("medians and ratios pair the rounds that both took part in", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(median([]), null);
  // biome-ignore lint/suspicious/noSparseArray: a round without a measurement
  assert.equal(pairedRatio([10, , 30], [1, 100, 2]), 12.5);
  assert.equal(pairedRatio([10], []), null);
  assert.equal(pairedDifference([5, 9], [1, 2]), 5.5);
  assert.equal(spread([3, 100, 200]), "100 [3.00–200]");
  assert.equal(spread([]), "–");
});

const engine = (wall, cpu, agrees = true) => ({ wall, cpu, agrees });
const nothing = { memory: null, firstResult: null, mainThread: null, cancel: null, size: null };
const goal = (results, pattern) =>
  goalsOf({ ...nothing, ...results }).find(({ what }) => pattern.test(what));

test("the better mode of a peer counts, by wall and by CPU", () => {
  const engines = {
    ours: engine([10, 10], [10, 10]),
    "papaparse-fast": engine([130, 130], [95, 95]),
    papaparse: engine([900, 900], [900, 900]),
  };
  const files = { tx1m: { engines, rows: 1 } };
  assert.equal(bestOf(files.tx1m, ["papaparse", "papaparse-fast"]), "papaparse-fast");
  assert.equal(goal({ files }, /PapaParse.*transactions/).met, "yes");
  engines["papaparse-fast"].cpu = [89, 89];
  assert.equal(goal({ files }, /PapaParse.*transactions/).met, "no");
});

test("a goal without an agreeing measurement is not met", () => {
  for (const one of goalsOf({ ...nothing, files: {} })) {
    assert.equal(one.met, "no", one.what);
    assert.equal(one.measured, null, one.what);
  }
  const engines = { ours: engine([1], [1], false), udsv: engine([99], [99]) };
  assert.equal(goal({ files: { tx1m: { engines } } }, /uDSV.*transactions/).met, "no");
});

test("what may not exceed a number is met at it, and not above", () => {
  const memory = (peak) => ({ idle: 100, ours: { tx10m: 120, "tx10m-shuffled": peak }, peers: {} });
  const pattern = /renderer's peak/;
  assert.equal(
    goal({ files: {}, memory: memory(250) }, pattern).met,
    "yes, and what is striven for",
  );
  assert.equal(goal({ files: {}, memory: memory(350) }, pattern).met, "yes");
  assert.equal(goal({ files: {}, memory: memory(350.1) }, pattern).met, "no");
});
