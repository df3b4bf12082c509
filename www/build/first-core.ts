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

/**
 * Tables of the least columns that each kind of file has, which no export is: what is kept of their rows
 * takes other ways. The rows come in the order of their days and the other way round.
 */
function leastTables(): string[] {
  const sizes = [1, 3, 20, 300];
  return sizes.flatMap((nRows) =>
    LEAST.flatMap(({ columns, row }) => {
      const rows = Array.from({ length: nRows }, (_, at) => row(at).join(","));
      return [rows, rows.toReversed()].map((all) => [columns, ...all, ""].join("\n"));
    }),
  );
}

/** The day so many days behind the first. */
function day(days: number): string {
  return new Date(Date.UTC(2024, 0, 1 + days)).toISOString().slice(0, 10);
}

const LEAST: readonly { columns: string; row: (at: number) => (string | number)[] }[] = [
  {
    columns: "customer_id,date,amount",
    row: (at) => [`cus_Sample${at % 17}`, day(2 * at), `${10 + (at % 50)}.50`],
  },
  {
    // Money is paid back now and then, and some names look alike.
    columns: "customer,date,amount",
    row: (at) => [at % 2 ? "Sample Shop" : `shop ${at % 5}`, day(at), at % 7 ? 20 : -5],
  },
  {
    columns: "customer_id,start_date,end_date,mrr",
    row: (at) => [`S${at % 29}`, day(at), at % 3 ? day(2 * at + 31) : "", `${20 + (at % 9)}.00`],
  },
  {
    columns: "customer_id,start_date,end_date",
    row: (at) => [`${1000 + at}`, day(at), at % 2 ? day(at + 200) : ""],
  },
  {
    columns: "customer_id,month,mrr",
    row: (at) => [`M${at % 13}`, day(31 * Math.floor(at / 13)).slice(0, 7), 100 + (at % 11)],
  },
  {
    columns: "month,start_customers,new_customers,lost_customers",
    row: (at) => [day(31 * (at % 40)).slice(0, 7), 500 + at, 20, 10 + (at % 3)],
  },
  {
    columns: "account,tenure,churned,mrr",
    row: (at) => [`a${at}`, 1 + (at % 48), at % 4 ? "no" : "yes", 30 + at],
  },
];

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
  for (const table of leastTables()) report(bindings, table);
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
