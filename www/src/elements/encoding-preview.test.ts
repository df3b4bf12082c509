// What a file reads like in some encodings.

import assert from "node:assert/strict";
import { test } from "node:test";
import { encodingPreviews } from "./encoding-preview.ts";

test("the first letters beyond A to Z are shown with the rest of their cell", async () => {
  // "id,name" and "1,<テスト in Shift JIS>,x"
  const source = new Blob([
    "id,name\n1,a",
    Uint8Array.of(0x83, 0x65, 0x83, 0x58, 0x83, 0x67),
    "b,x\n",
  ]);
  assert.deepEqual(await encodingPreviews(source, ["shift_jis", "windows-1251", "no such"]), {
    shift_jis: "aテストb",
    "windows-1251": "aѓeѓXѓgb",
  });
});

test("a file without such letters has none to show", async () => {
  assert.deepEqual(await encodingPreviews(new Blob(["id,name\n"]), ["shift_jis"]), {});
});
