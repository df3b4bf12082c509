// The results as Markdown, and their place in BENCHMARKS.md.

import { readFile, writeFile } from "node:fs/promises";
import { goalsOf } from "./goals.mjs";
import { pairedDifference, pairedRatio, short, spread } from "./numbers.mjs";
import { FILES } from "./tasks.mjs";

const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

const TITLES = {
  ours: "**this project**",
  "ours-whole": "**this project**, the whole report",
  "scan-stream": "limit: read as a stream, scan",
  "scan-slices": "limit: read in slices, scan",
  "papaparse-fast": "PapaParse, fast mode",
  papaparse: "PapaParse",
  udsv: "uDSV",
  "d3-dsv": "d3-dsv",
  "csv-parse": "csv-parse",
  arquero: "Arquero",
  "duckdb-eh": "DuckDB-WASM (eh)",
  "duckdb-mvp": "DuckDB-WASM (mvp)",
  "duckdb-native": "DuckDB, native, one thread",
};

/** All of the results. */
export function markdownOf(results) {
  const { machine, versions, date, rounds } = results;
  const known = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const sections = [
    `Measured on ${date.slice(0, 10)} on ${machine.cores} cores of ${machine.cpu} with ${machine.memoryGiB} GiB (load at the start ${machine.load.join(", ")}), ${rounds} rounds.\n` +
      `Versions: ${known.join(", ")}.`,
    `### Goals\n\n${table(
      ["goal", "at least", "strive for", "measured", "met"],
      goalsOf(results).map((goal) => [
        goal.what,
        goal.least,
        goal.strive,
        goal.measured ?? "not measured",
        goal.met,
      ]),
    )}`,
  ];
  for (const { name, title } of FILES) {
    const file = results.files[name];
    if (file !== undefined) sections.push(fileSection(title, file));
  }
  sections.push(...pageSections(results));
  return sections.join("\n\n");
}

function fileSection(title, file) {
  const agreeing = Object.values(file.engines).filter((one) => one.agrees === true).length;
  const fresh =
    Object.keys(file.fresh).length === 0
      ? ""
      : `\n\nThe first file of a page:\n\n${enginesTable(file.fresh)}`;
  return (
    `### ${title}: ${count(file.rows)} rows, ${(file.bytes / 1e6).toFixed(1)} MB\n\n` +
    `${agreeing} engines with the same result, SHA-256 \`${file.hash.slice(0, 12)}\`.\n\n${enginesTable(file.engines)}${fresh}`
  );
}

function enginesTable(engines) {
  const ours = engines["ours"];
  const rows = Object.entries(engines).map(([name, one]) => {
    const nFailed = one.failed?.length ?? 0;
    const label = `${TITLES[name] ?? name}${nFailed === 0 ? "" : ` (${nFailed} jobs failed)`}`;
    if (one.failure !== undefined) return [label, one.failure, "", "", ""];
    if (one.agrees === false) return [label, "another result: does not count", "", "", ""];
    // What native code takes by the clock is not paired with a browser's.
    const isNative = name === "duckdb-native";
    return [
      label,
      isNative ? "–" : spread(one.wall),
      spread(one.cpu),
      isNative || ours === undefined ? "–" : `${short(pairedRatio(one.wall, ours.wall))}`,
      ours === undefined ? "–" : `${short(pairedRatio(one.cpu, ours.cpu))}`,
    ];
  });
  return table(["engine", "wall ms", "CPU ms", "wall ÷ ours", "CPU ÷ ours"], rows);
}

function pageSections({ memory, firstResult, mainThread, choices, cancel, size }) {
  const sections = [];
  if (memory) {
    const rows = [["idle", short(memory.idle), ""]];
    const add = (label, peak) => rows.push([label, short(peak), `+${short(peak - memory.idle)}`]);
    for (const [name, peak] of Object.entries(memory.ours)) {
      add(`${TITLES["ours-whole"]}, ${name.endsWith("shuffled") ? "shuffled" : "by date"}`, peak);
    }
    for (const [name, peak] of Object.entries(memory.peers)) add(TITLES[name], peak);
    sections.push(
      `### Peak memory of the renderer, ten times the rows\n\n${table(["engine", "MB", "over idle"], rows)}`,
    );
  }
  const rows = [];
  if (firstResult) {
    rows.push(
      ["navigation to first result on 20 rows, ms", spread(firstResult.ours)],
      ["the same of the least page with wasm in a worker, ms", spread(firstResult.empty)],
      [
        "median of the paired differences, ms",
        short(pairedDifference(firstResult.ours, firstResult.empty)),
      ],
    );
  }
  for (const one of mainThread ?? []) {
    rows.push([
      `longest task of the main thread, ${one.file}: until the report is there, after it; ms (of them CPU)`,
      `${short(one.loading.wall)} (${short(one.loading.cpu)}), ${short(one.after.wall)} (${short(one.after.cpu)})`,
    ]);
  }
  for (const { name, took } of choices ?? []) {
    rows.push([`${name}, until the report is there, 100,000 customers, ms`, spread(took)]);
  }
  if (cancel && 0 < cancel.length) {
    rows.push(
      [
        "cancel: click until the page offers files again, ms",
        spread(cancel.map((one) => one.page)),
      ],
      ["cancel: click until nothing works, ms", spread(cancel.map((one) => one.quiet))],
    );
  }
  for (const { file, raw, brotli } of size?.whole ?? []) {
    const name = file === "" ? "the document" : file.replace(/-[\w-]{8}\./, ".");
    rows.push([`size of ${name}, KB (Brotli)`, `${short(raw / 1000)} (${short(brotli / 1000)})`]);
  }
  if (0 < rows.length) sections.push(`### The page\n\n${table(["what", "measured"], rows)}`);
  return sections;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function count(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Puts the results in place of those that stand in the file. */
export async function writeInto(path, markdown) {
  const text = await readFile(path, "utf8");
  const [from, until] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || until < from) throw new Error(`${path} has no place for the results`);
  const before = text.slice(0, from + BEGIN.length);
  await writeFile(path, `${before}\n\n${markdown}\n\n${text.slice(until)}`);
}

/** What one job took, for whoever waits. */
export function brief(wall, cpu) {
  return `${short(wall)}/${short(cpu)}`;
}
