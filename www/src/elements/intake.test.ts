// What a dialog, a drop or a paste brings. It deliberately fakes only what the browser hands over.

import assert from "node:assert/strict";
import { test } from "node:test";
import { takeDrop, takeFiles, takePaste, takeText } from "./intake.ts";

const file = (name: string, type = "text/csv") => new File(["a,b\n1,2\n"], name, { type });

function transfer(files: readonly File[], text = "", isFolder = false): DataTransfer {
  return {
    files,
    items: files.map(() => ({
      kind: "file",
      webkitGetAsEntry: () => ({ isDirectory: isFolder }),
    })),
    getData: () => text,
  } as unknown as DataTransfer;
}

const code = (intake: ReturnType<typeof takeText>) =>
  intake.kind === "refused" ? intake.code : intake.kind;

test("one file is taken by its name", () => {
  const intake = takeFiles([file("export.csv")]);
  assert.equal(intake.kind === "source" && intake.name, "export.csv");
});

test("several files are taken together", () => {
  const intake = takeFiles([file("a.csv"), file("b.csv")]);
  assert.deepEqual(intake.kind === "several" && intake.files.map(({ name }) => name), [
    "a.csv",
    "b.csv",
  ]);
});

test("folders are refused with words", () => {
  assert.equal(code(takeDrop(transfer([file("folder")], "", true))), "folder-dropped");
});

test("a closed dialog is no error", () => {
  assert.equal(code(takeFiles([])), "nothing");
});

test("pasted cells are text, also where a picture of them comes along", () => {
  const cells = transfer([file("image.png", "image/png")], "id\tmrr\nA\t1\n");
  assert.equal(code(takePaste(cells)), "source");
});

test("a pasted file is taken where there is no text", () => {
  assert.equal(code(takePaste(transfer([file("export.csv")]))), "source");
});

test("no text and a single line are refused", () => {
  assert.equal(code(takeText(" \n", "Pasted text")), "nothing-pasted");
  assert.equal(code(takeText("540", "Pasted text")), "one-line-pasted");
});
