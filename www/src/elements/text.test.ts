// Text of cells: cut, isolated, visible. It deliberately tests no markup; the browser tests do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cell, cut, isolated, visible } from "./text.ts";

test("control characters become pictures", () => {
  assert.equal(visible("a\u0000b\tc\nd\u007f"), "a\u2400b\u2409c\u240ad\u2421");
});

test("characters that hide or reorder text are shown by their code points", () => {
  assert.equal(visible("a\u202eb"), "a\u2039202E\u203ab");
  assert.equal(visible("\u2067x\u2069"), "\u20392067\u203ax\u20392069\u203a");
  assert.equal(visible("zero\u200bwidth\ufeff"), "zero\u2039200B\u203awidth\u2039FEFF\u203a");
});

test("joiners that scripts and emoji need stay", () => {
  const family = "\u{1f469}\u200d\u{1f467}";
  assert.equal(visible(family), family);
});

test("markup stays text", () => {
  assert.equal(cell("<img src=x onerror=alert(1)>"), "<img src=x onerror=alert(1)>");
});

test("a long cell is cut at 80 characters, never inside one", () => {
  const long = "\u{1f600}".repeat(200);
  const shown = cell(long);
  assert.equal(Array.from(shown).length, 80);
  assert.ok(shown.endsWith("…"));
  assert.doesNotThrow(() => encodeURIComponent(shown));
});

test("a short text is left alone", () => {
  assert.equal(cut("x".repeat(80)), "x".repeat(80));
  assert.equal(cut("x".repeat(81)), `${"x".repeat(79)}…`);
});

test("a cell in a label is isolated", () => {
  assert.equal(isolated("\u05d0"), "\u2068\u05d0\u2069");
});
