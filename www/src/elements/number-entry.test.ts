// What is typed, as a number or as words on what to do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { asEntry, readEntry } from "./number-entry.ts";

const value = (text: string, kind: Parameters<typeof readEntry>[1], locale = "en-US") => {
  const entry = readEntry(text, kind, locale);
  return entry !== null && "value" in entry ? entry.value : entry;
};
const problem = (text: string, kind: Parameters<typeof readEntry>[1], locale = "en-US") => {
  const entry = readEntry(text, kind, locale);
  return entry !== null && "problem" in entry ? entry.problem : null;
};

test("nothing typed is nothing, not zero", () => {
  assert.equal(readEntry("", "count"), null);
  assert.equal(readEntry("  ", "money"), null);
});

test("groups and decimals are read as the language writes them", () => {
  assert.equal(value("1,234", "money"), 1234);
  assert.equal(value("1.234", "money"), 1.234);
  assert.equal(value("1.234", "money", "de-DE"), 1234);
  assert.equal(value("1,5", "money", "de-DE"), 1.5);
  assert.equal(value("1.234.567", "money"), 1_234_567);
});

test("where both signs stand, the last one is the decimal sign", () => {
  assert.equal(value("1,234.56", "money", "de-DE"), 1234.56);
  assert.equal(value("1.234,56", "money", "en-US"), 1234.56);
});

test("spaces, apostrophes and currencies are no obstacle", () => {
  assert.equal(value("1\u202f234,50 €", "money", "fr-FR"), 1234.5);
  assert.equal(value("CHF 1’234.50", "money", "de-CH"), 1234.5);
  assert.equal(value("$49", "money"), 49);
  assert.equal(value("\u221220", "money"), -20);
});

test("a share is typed in percent, and stays the number it is", () => {
  assert.equal(value("92", "share"), 0.92);
  assert.equal(value("92%", "share"), 0.92);
  assert.equal(value("28.7", "share"), 0.287);
  assert.equal(value("0.5", "share"), 0.005);
});

test("what is no number says so", () => {
  assert.match(problem("many", "count") ?? "", /is not a number/);
  assert.match(problem("1,2,3", "money") ?? "", /is not a number/);
  assert.match(problem("1e5", "money") ?? "", /is not a number/);
  assert.match(problem("12.5", "count") ?? "", /not a whole number/);
  assert.match(problem("1.234", "count") ?? "", /two ways/);
});

test("an example stands in its field as it would be typed", () => {
  assert.equal(asEntry(0.05, "share", "en-US"), "5");
  assert.equal(asEntry(50_000, "money", "en-US"), "50000");
  assert.equal(asEntry(0.287, "share", "de-DE"), "28,7");
});

test("what is shown can be read back", () => {
  for (const locale of ["en-US", "de-DE", "fr-FR", "de-CH"]) {
    for (const [number, kind] of [
      [0.287, "share"],
      [1234.5, "money"],
      [540, "count"],
    ] as const) {
      assert.equal(value(asEntry(number, kind, locale), kind, locale), number);
    }
  }
});
