// A lab survives its way through an address, and nothing else comes out of one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Lab, MOST_CASES, plainCase, readLab, writeLab } from "./lab.ts";

const lab: Lab = {
  typed: { customers: 500, revenuePerCustomer: 50, retention: 0.92 },
  periodMonths: 3,
  assumptions: { periods: 12 },
  choice: { curve: "sbg", segment: "Größe \u00b7 XL" },
  cases: [
    { name: "Ünter ☂", moved: { retention: 0.95, cac: 300 }, programme: null },
    { name: "B", moved: {}, programme: { cost: 10, startPeriod: 2, churnReduction: 0.1 } },
  ],
  chosen: 1,
};

/** Any value as the text of a link. */
function textOf(value: unknown): string {
  const base64 = Buffer.from(JSON.stringify(value), "utf8").toString("base64url");
  return `1.${base64}`;
}

test("what is written is read again", () => {
  const text = writeLab(lab);
  assert.match(text, /^1\.[A-Za-z0-9_-]+$/);
  assert.deepEqual(readLab(text), lab);
});

test("a lab in which nothing was done is no text", () => {
  const plain = { ...lab, typed: {}, cases: [plainCase(1)], chosen: 0 };
  assert.equal(writeLab(plain), "");
  assert.equal(readLab(""), null);
});

test("what is not understood is left out", () => {
  for (const text of [
    "2.abc",
    "1.",
    "1.%%%",
    "1.bm90IGpzb24",
    textOf(null),
    textOf([]),
    textOf({ cases: "x" }),
  ]) {
    assert.equal(readLab(text), null, text);
  }
  const odd = readLab(
    textOf({
      typed: { customers: "500", retention: 0.9, secret: 1 },
      periodMonths: 5,
      assumptions: { periods: Number.NaN, discountRate: 0.2 },
      choice: { curve: "luck", segment: 7 },
      cases: [
        {
          name: "",
          moved: { retention: 0.9, toString: 3, __proto__: { cac: 1 } },
          programme: { cost: 1 },
        },
        ...Array.from({ length: 9 }, () => ({ name: "n".repeat(500) })),
      ],
      chosen: 99,
    }),
  );
  assert.deepEqual(odd?.typed, { retention: 0.9 });
  assert.equal(odd?.periodMonths, 1);
  assert.deepEqual(odd?.assumptions, { discountRate: 0.2 });
  assert.deepEqual(odd?.choice, { curve: "average", segment: null });
  assert.equal(odd?.cases.length, MOST_CASES);
  assert.deepEqual(odd?.cases[0], {
    name: "Scenario 1",
    moved: { retention: 0.9 },
    programme: null,
  });
  assert.equal(odd?.cases[1]?.name.length, 60);
  assert.equal(odd?.chosen, MOST_CASES - 1);
});
