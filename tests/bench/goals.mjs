// The goals, each with what was measured for it and whether it is met.
// It deliberately rounds nothing before it judges, and a goal without a measurement is not met.

import { median, pairedDifference, pairedRatio, short } from "./numbers.mjs";

/** The engine of these with the least median wall time on a file. */
export function bestOf(file, names) {
  const measured = names.filter((name) => {
    const engine = file?.engines[name];
    return engine?.failure === undefined && median(engine?.wall ?? []) !== null;
  });
  const wall = (name) => median(file.engines[name].wall);
  return measured.toSorted((a, b) => wall(a) - wall(b))[0] ?? null;
}

/** Ways to use one peer; per file, the best counts. */
export const PAPAPARSE = ["papaparse-fast", "papaparse"];
export const SCAN = ["scan-stream", "scan-slices"];

const SHAPES = [
  ["tx1m", "transactions"],
  ["subs", "subscriptions"],
  ["mrr", "monthly revenue"],
];

/** Rows of the table of goals. */
export function goalsOf(results) {
  const { files, memory, firstResult, mainThread, choices, cancel, size } = results;
  return [
    ...faster(files, "PapaParse, its best mode", PAPAPARSE, [12, 20], [9, 13]),
    ...faster(files, "uDSV", ["udsv"], [7, 12], [4.5, 8]),
    ...faster(files, "DuckDB-WASM (eh), started", ["duckdb-eh"], [6, 10], [4, 8]),
    native(files),
    ...limit(files),
    growth(files),
    peak(memory),
    below(
      "longest task of the main thread while a file loads",
      "ms",
      [50, 16],
      mainThread && {
        number: Math.max(...mainThread.map((one) => one.loading.wall)),
        text: `${short(Math.max(...mainThread.map((one) => one.loading.wall)))} ms (${short(
          Math.max(...mainThread.map((one) => one.loading.cpu)),
        )} ms of CPU)`,
      },
    ),
    ...answered(choices),
    below("cancel, from the click until nothing works", "ms", [100, 50], cancelled(cancel)),
    below(
      "script and wasm for the first typed figure, Brotli",
      "KB",
      [120, 80],
      loaded(size?.typed),
    ),
    below(
      "script and wasm for the first figure of a file, Brotli",
      "KB",
      [120, 80],
      loaded(size?.file),
    ),
    below(
      "first result on 20 rows, over the least page with wasm in a worker",
      "ms",
      [50, 20],
      firstResult && {
        number: pairedDifference(firstResult.ours, firstResult.empty),
        text: `+${short(pairedDifference(firstResult.ours, firstResult.empty))} ms`,
      },
    ),
  ];
}

function faster(files, what, names, wall, cpu) {
  return SHAPES.map(([name, title]) => {
    const file = files[name];
    const peer = bestOf(file, names);
    const [ours, theirs] = [file?.engines["ours"], file?.engines[peer]];
    const agrees = ours?.agrees === true && theirs?.agrees === true;
    const ratios = agrees
      ? [pairedRatio(theirs.wall, ours.wall), pairedRatio(theirs.cpu, ours.cpu)]
      : null;
    const reaches = (at) => ratios !== null && wall[at] <= ratios[0] && cpu[at] <= ratios[1];
    return {
      what: `faster than ${what}: ${title}`,
      least: `${wall[0]}x wall, ${cpu[0]}x CPU`,
      strive: `${wall[1]}x wall, ${cpu[1]}x CPU`,
      measured: ratios === null ? null : `${short(ratios[0])}x wall, ${short(ratios[1])}x CPU`,
      met: verdict(reaches(0), reaches(1)),
    };
  });
}

function native(files) {
  const engines = files["tx1m"]?.engines ?? {};
  const [ours, theirs] = [engines["ours"], engines["duckdb-native"]];
  const agrees = ours?.agrees === true && theirs?.agrees === true;
  const ratio = agrees ? pairedRatio(ours.cpu, theirs.cpu) : null;
  return below("CPU against native DuckDB on one thread: transactions", "x", [0.5, 0.35], {
    number: ratio,
    text: `${short(ratio)}x`,
  });
}

function limit(files) {
  return SHAPES.map(([name, title]) => {
    const file = files[name];
    const scan = bestOf(file, SCAN);
    const ours = file?.engines["ours"];
    const ratio = scan && ours?.agrees ? pairedRatio(ours.cpu, file.engines[scan].cpu) : null;
    const what = `CPU against reading and scanning the same file: ${title}`;
    return below(what, "x", [name === "subs" ? 3 : 2.5, 1.5], {
      number: ratio,
      text: `${short(ratio)}x`,
    });
  });
}

function growth(files) {
  const [few, many] = [files["tx1m"], files["tx10m"]];
  const perRow = (file, of) => median(file?.engines["ours"]?.[of] ?? []) / file?.rows;
  const ratio = (of) => perRow(many, of) / perRow(few, of);
  const [wall, cpu] = [ratio("wall"), ratio("cpu")];
  const isKnown = Number.isFinite(wall) && Number.isFinite(cpu) && 0 < wall;
  return below("time per row with ten times the rows and customers", "x", [1.6, 1.2], {
    number: isKnown ? Math.max(wall, cpu) : null,
    text: `${short(wall)}x wall, ${short(cpu)}x CPU`,
  });
}

function peak(memory) {
  const above = Object.values(memory?.ours ?? {}).map((one) => one - memory.idle);
  const number = above.length === 0 ? null : Math.max(...above);
  const what = "renderer's peak over an idle one, ten times the rows, any order of rows";
  return below(what, "MB", [250, 150], { number, text: `+${short(number)} MB` });
}

function answered(choices) {
  return (choices ?? []).map(({ name, took }) => {
    const number = median(took);
    const what = `${name}, of 1M transactions of 100,000 customers, until the report is there`;
    return below(what, "ms", [100, 50], { number, text: `${short(number)} ms` });
  });
}

function cancelled(cancel) {
  if (!cancel || cancel.length === 0) return null;
  const number = median(cancel.map((one) => Math.max(one.page, one.quiet)));
  return { number, text: `${short(number)} ms` };
}

function loaded(loads) {
  if (!loads) return null;
  const parts = loads.filter(({ file }) => /\.(js|wasm)$/.test(file));
  const number = parts.reduce((sum, part) => sum + part.brotli, 0) / 1000;
  return { number, text: `${short(number)} KB` };
}

/** A goal that is met by a number at or below it. */
function below(what, unit, [least, strive], measured) {
  const number = measured?.number ?? null;
  const space = unit === "x" ? "" : " ";
  return {
    what,
    least: `${least}${space}${unit}`,
    strive: `${strive}${space}${unit}`,
    measured: number === null ? null : measured.text,
    met: verdict(number !== null && number <= least, number !== null && number <= strive),
  };
}

function verdict(isLeast, isStrive) {
  if (isStrive) return "yes, and what is striven for";
  return isLeast ? "yes" : "no";
}
