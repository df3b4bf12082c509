// What is saved as a table opens as data in a spreadsheet, whatever the names in it are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { csvField, guardText, toCsv } from "./csv.ts";

test("text that a spreadsheet would evaluate gets an apostrophe", () => {
  for (const text of [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    "＝1+1",
    "－1",
  ]) {
    assert.equal(guardText(text), `'${text}`);
    assert.ok(csvField(text).startsWith(`"'`), text);
  }
});

test("text that is only text stays as it is", () => {
  for (const text of ["", "Anna", "1=1", "a@b.example", "2026-03", "'quoted", " =1"]) {
    assert.equal(guardText(text), text);
  }
});

test("numbers stay numbers, negative ones too", () => {
  assert.equal(csvField(-12.5), "-12.5");
  assert.equal(csvField(0), "0");
  assert.equal(csvField(null), "");
  assert.equal(csvField(Number.NaN), "");
  assert.equal(csvField(Number.POSITIVE_INFINITY), "");
});

test("fields are quoted by RFC 4180", () => {
  assert.equal(csvField('say "hi"'), '"say ""hi"""');
  assert.equal(csvField("a,b"), '"a,b"');
  assert.equal(csvField("a\nb"), '"a\nb"');
  assert.equal(csvField('=HYPERLINK("x")'), `"'=HYPERLINK(""x"")"`);
});

test("a table has a byte order mark and ends each line alike", () => {
  assert.equal(
    toCsv(
      ["Period", "Net"],
      [
        ["2026-03", -1.5],
        ["=x", null],
      ],
    ),
    `\uFEFFPeriod,Net\r\n2026-03,-1.5\r\n"'=x",\r\n`,
  );
});
