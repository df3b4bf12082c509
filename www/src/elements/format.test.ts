// Numbers and dates as text. It deliberately tests no arithmetic: there is none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFor } from "./format.ts";

const us = formatFor("en-US", "USD");
const de = formatFor("de-DE", "EUR");
const bare = formatFor("en-US", null);

test("shares have one decimal, differences of shares are points", () => {
  assert.equal(us.share(0.92), "92.0%");
  assert.equal(us.points(-0.012), "\u22121.2\u00a0pp");
  assert.equal(us.points(0.012), "+1.2\u00a0pp");
  assert.equal(us.points(0), "0.0\u00a0pp");
  assert.equal(us.change(-0.05), "\u22125.0%");
});

test("a share that is not nothing is not written as nothing, nor one that is not all as all", () => {
  assert.equal(us.share(4999 / 5000), "99.98%");
  assert.equal(us.share(0.000375), "0.04%");
  assert.equal(us.share(-0.0001), "\u22120.01%");
  assert.equal(us.share(1.0002), "100.02%");
  assert.equal(us.share(0), "0.0%");
  assert.equal(us.share(1), "100.0%");
  // A sum of parts may miss the whole by what floating point leaves.
  assert.equal(us.share(1 - 1e-12), "100.0%");
  assert.equal(us.share(1e-12), "0.0%");
  assert.equal(us.share(0.9996, 0), "100%");
});

test("money is the reader's, and compact only from five digits on", () => {
  assert.equal(us.money(1234.5), "$1,234.50");
  assert.equal(de.money(1234.5), "1.234,50\u00a0€");
  assert.equal(us.compactMoney(9999.99), "$9,999.99");
  assert.equal(us.compactMoney(12_345), "$12.3K");
  assert.equal(us.signedMoney(-20), "\u2212$20.00");
  assert.equal(formatFor("en-US", "JPY").money(1200), "¥1,200");
});

test("without a currency money is a plain number", () => {
  assert.equal(bare.money(1234.5), "1,234.50");
  assert.equal(bare.money(1234), "1,234");
  assert.equal(formatFor("en-US", "not a code").currency, null);
});

test("periods and dates are named", () => {
  assert.equal(us.period("2026-03"), "March 2026");
  assert.equal(us.shortPeriod("2026-03"), "Mar 2026");
  assert.equal(us.period("2026-Q1"), "Q1 2026");
  assert.equal(us.period("2026"), "2026");
  assert.equal(us.period("all"), "all");
  assert.equal(us.date("2024-02-29"), "Feb 29, 2024");
  assert.equal(us.date(""), "");
});

test("a locale that does not exist is the browser's", () => {
  assert.equal(formatFor("not a locale").locale, undefined);
  assert.equal(formatFor("").locale, undefined);
});

test("counts come with their noun", () => {
  assert.equal(us.counted(1, "row"), "1 row");
  assert.equal(us.counted(5000, "row"), "5,000 rows");
});

test("bytes are in the unit that reads best", () => {
  assert.equal(us.bytes(999), "999 bytes");
  assert.equal(us.bytes(4_200_000), "4.2 MB");
  assert.equal(us.bytes(42_000_000), "42 MB");
});

test("a value is written as its formula says", () => {
  assert.equal(us.value(0.92, "share"), "92.0%");
  assert.equal(us.value(540, "count"), "540");
  assert.equal(us.value(12.5, "periods"), "12.5");
  assert.equal(us.value(1, "months"), "1 month");
  assert.equal(us.interval(0.893, 0.941, "share"), "89.3% to 94.1%");
});
