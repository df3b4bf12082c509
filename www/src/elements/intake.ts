/**
 * What a drop, a paste or a file dialog brings, as something to read or as words on why not.
 *
 * It reads no file; it only looks at what kinds of things there are.
 */

/** What there is to read, or why there is nothing. */
export type Intake =
  | { kind: "source"; source: Blob; name: string }
  | { kind: "several"; files: readonly File[] }
  | { kind: "refused"; code: string; message: string }
  | { kind: "nothing" };

/** The files of a dialog, a drop or the clipboard. */
export function takeFiles(files: readonly File[]): Intake {
  const [file, ...more] = files;
  if (file === undefined) {
    return { kind: "nothing" };
  }
  if (0 < more.length) {
    return { kind: "several", files };
  }
  return { kind: "source", source: file, name: file.name };
}

/** What was dropped. */
export function takeDrop(transfer: DataTransfer): Intake {
  const isFolder = [...transfer.items].some(
    (item) => item.kind === "file" && item.webkitGetAsEntry()?.isDirectory === true,
  );
  if (isFolder) {
    return {
      kind: "refused",
      code: "folder-dropped",
      message: "A folder was dropped. Open it and drop the CSV files to read.",
    };
  }
  const files = takeFiles([...transfer.files]);
  return files.kind === "nothing"
    ? takeText(transfer.getData("text/plain"), "Dropped text")
    : files;
}

/** What was pasted. */
export function takePaste(clipboard: DataTransfer): Intake {
  const files = [...clipboard.files].filter(({ type }) => !type.startsWith("image/"));
  const text = clipboard.getData("text/plain");
  // A spreadsheet also puts a picture of the cells on the clipboard; the text is what counts.
  return text === "" && 0 < files.length ? takeFiles(files) : takeText(text, "Pasted text");
}

/** A table as text. */
export function takeText(text: string, name: string): Intake {
  const trimmed = text.trim();
  if (trimmed === "") {
    return {
      kind: "refused",
      code: "nothing-pasted",
      message: "There was no text to read. Copy the cells with their header row, then paste again.",
    };
  }
  if (!/[\r\n]/.test(trimmed)) {
    return {
      kind: "refused",
      code: "one-line-pasted",
      message:
        "There was only one line of text. Copy the header row together with the rows below it.",
    };
  }
  return { kind: "source", source: new Blob([text], { type: "text/csv" }), name };
}
