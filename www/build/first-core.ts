// Which functions of the core a first report calls, found out by running it.
// It deliberately lists no function: what is called changes with the core, and is found anew.

import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { type Parts, split, watched } from "./split.ts";

/** Files of each kind: the samples, and what billing systems and shops export. From `www` on. */
const FOLDERS = ["public/samples/", "../tests/cases/vendor/"];

/** The files that are reported on to find out. */
export function firstReports(www: string): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(www + folder)
      .filter((name) => name.endsWith(".csv"))
      .sort()
      .map((name) => www + folder + name),
  );
}

/** A file is read whole, and its first rows as a file of their own: few customers are another case. */
const FIRST_ROWS: readonly number[] = [2, 20, 100, Number.POSITIVE_INFINITY];

/** What is used here of `pkg/files.js`. */
interface Bindings {
  initSync(given: { module: Uint8Array }): WebAssembly.Exports;
  Session: new (
    options: object,
  ) => {
    push(bytes: Uint8Array): void;
    rows(): number;
    finish(): { kind: string };
    free(): void;
  };
}

let made: Promise<Parts> | null = null;

/** The core that reads files in two parts, made once. `www` is that folder, with its slash. */
export function filesInParts(www: string): Promise<Parts> {
  made ??= make(www);
  return made;
}

async function make(www: string): Promise<Parts> {
  const file = `${www}pkg/files_bg.wasm`;
  const wasm = await readFile(file);
  const { wasm: module, names } = watched(wasm);
  const bindings = (await import(pathToFileURL(file.replace("_bg.wasm", ".js")).href)) as Bindings;
  const exports = bindings.initSync({ module });
  for (const sample of firstReports(www)) {
    const lines = (await readFile(sample, "utf8")).split("\n");
    for (const rows of FIRST_ROWS) report(bindings, lines.slice(0, 1 + rows).join("\n"));
  }
  return split(wasm, (at) => (exports[names[at] ?? ""] as WebAssembly.Global).value === 1);
}

function report({ Session }: Bindings, text: string): void {
  const bytes = new TextEncoder().encode(text);
  const session = new Session({});
  try {
    session.push(bytes);
    session.rows();
    while (session.finish().kind === "readAgain") session.push(bytes);
  } catch (thrown) {
    // That a file lacks a column is said first, too; a core that has ended is none to go by.
    if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
  } finally {
    session.free();
  }
}
