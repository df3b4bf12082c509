// Names of files, and words that fit the width of a picture.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileNameOf, wrapWords } from "./download.ts";

test("a file is named by what it shows, with nothing that a file system refuses", () => {
  assert.equal(
    fileNameOf("Revenue fell in 1 of 27 periods", "csv"),
    "revenue-fell-in-1-of-27-periods.csv",
  );
  assert.equal(fileNameOf('../<b>"a"?*|', "png"), "b-a.png");
  assert.equal(fileNameOf("…", "svg"), "chart.svg");
  assert.ok(fileNameOf("word ".repeat(100), "svg").length <= 84);
});

test("words are broken between each other and nowhere else", () => {
  const measure = (text: string): number => text.length;
  assert.deepEqual(wrapWords("one two three four", 9, measure), ["one two", "three", "four"]);
  assert.deepEqual(wrapWords("extraordinarily long", 5, measure), ["extraordinarily", "long"]);
  assert.deepEqual(wrapWords("", 5, measure), []);
});
