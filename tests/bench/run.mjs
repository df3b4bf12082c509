// Runs the benchmark: every engine on every file, interleaved, then what is measured on the page.
// `cargo xtask bench` calls it with all that it needs; it deliberately installs and builds nothing.

import { execFileSync } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { KeptPages, launch, runJob } from "./browser.mjs";
import { bundle } from "./bundle.mjs";
import { goalsOf } from "./goals.mjs";
import { describe } from "./machine.mjs";
import { startNative } from "./native.mjs";
import {
  cancelling,
  firstResults,
  longestTasks,
  otherChoices,
  peakAfter,
  sizesToFirstFigures,
} from "./page-measures.mjs";
import { serveFolders } from "./server.mjs";
import { brief, markdownOf, writeInto } from "./table.mjs";
import { FILES, fromReport, hashOf } from "./tasks.mjs";

/** In every round of every file. */
const FIRST = [
  "ours",
  "ours-whole",
  "scan-stream",
  "scan-slices",
  "papaparse-fast",
  "papaparse",
  "udsv",
  "duckdb-eh",
  "duckdb-native",
];
/** In the first rounds only, and not on the largest file: they are slower than those above. */
const OTHERS = ["d3-dsv", "csv-parse", "arquero", "duckdb-mvp"];
/** This project, with two questions. */
const OURS = ["ours", "ours-whole"];
/** Timed on the first file of a page, too. */
const FRESH = [...OURS, "papaparse-fast", "papaparse", "udsv", "duckdb-eh"];
const LIMITS = ["scan-stream", "scan-slices"];
const MEMORY_PEERS = ["udsv", "papaparse-fast", "duckdb-eh"];
/** After so many failed jobs on one file an engine has no further part in it. */
const FAILURES_MAX = 2;
const PAGE_PARTS = ["memory", "main-thread", "choices", "cancel", "first", "size"];

const say = (line) => process.stdout.write(`${line}\n`);
const given = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run \`cargo xtask bench\``);
  return value;
};

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    only: { type: "string" },
    peers: { type: "string" },
    json: { type: "string" },
    "no-write": { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 3 : 15));
const parts = options.only?.split(",") ?? null;
const peers = options.peers?.split(",") ?? null;
const begun = performance.now();

/** What a job needs besides its engine. */
const job = (name) => ({
  address,
  shape: FILES.find((file) => name.startsWith(file.name)).shape,
  path: `${given("RETENTION_BENCH_DATA")}/${name}.csv`,
});
const wants = (part) => parts === null || parts.includes(part);
const folder = given("RETENTION_BENCH_FOLDER");
const root = fileURLToPath(new URL("../..", import.meta.url));
checkNames();
const machine = describe();
say("bench: bundling the peers");
await bundle(`${folder}/site`);
const server = await serveFolders({ "": `${folder}/site`, dist: `${root}dist` });
const { address } = server;
const native = startNative();
const results = {
  date: new Date().toISOString(),
  isQuick: options.quick,
  rounds,
  machine,
  versions: {},
  files: {},
  memory: null,
  firstResult: null,
  mainThread: null,
  choices: null,
  cancel: null,
  size: null,
};
const kept = new KeptPages();
let running = await launch();
try {
  results.versions = await versions();
  for (const file of FILES.filter(({ name }) => wants(name))) {
    results.files[file.name] = await measureFile(file);
  }
  await measurePage();
} finally {
  await running.close();
  native.close();
  server.close();
}
results.goals = goalsOf(results);
const markdown = markdownOf(results);
const isWhole = !options.quick && parts === null && peers === null;
await writeFile(options.json ?? `${folder}/results.json`, `${JSON.stringify(results, null, 1)}\n`);
if (isWhole && !options["no-write"]) await writeInto(`${root}BENCHMARKS.md`, markdown);
say(`\n${markdown}\n\nbench: done in ${minutes()}`);
if (!isWhole) say("bench: BENCHMARKS.md is as it was: only a whole run is written into it");
const disagreeing = Object.values(results.files).flatMap(({ engines, fresh }) =>
  [...Object.values(engines), ...Object.values(fresh)].filter(
    (one) => one.agrees === false || one.failure !== undefined,
  ),
);
process.exitCode = disagreeing.length === 0 ? 0 : 1;

function minutes() {
  return `${((performance.now() - begun) / 60_000).toFixed(1)} min`;
}

function checkNames() {
  const known = [...FILES.map(({ name }) => name), ...PAGE_PARTS];
  const unknownPart = parts?.find((part) => !known.includes(part));
  if (unknownPart) throw new Error(`--only knows ${known.join(", ")}, not ${unknownPart}`);
  const unknownPeer = peers?.find((peer) => ![...FIRST, ...OTHERS].includes(peer));
  if (unknownPeer) {
    throw new Error(`--peers knows ${[...FIRST, ...OTHERS].join(", ")}, not ${unknownPeer}`);
  }
}

async function versions() {
  const found = { chromium: running.browser.version(), node: process.version.slice(1) };
  const packages = [
    "papaparse",
    "udsv",
    "d3-dsv",
    "csv-parse",
    "arquero",
    "@duckdb/duckdb-wasm",
    "playwright-core",
  ];
  for (const name of packages) {
    const text = await readFile(new URL(`node_modules/${name}/package.json`, import.meta.url));
    found[name] = JSON.parse(text).version;
  }
  const ask = "import duckdb, platform; print(duckdb.__version__, platform.python_version())";
  const answer = execFileSync(given("RETENTION_BENCH_PYTHON"), ["-c", ask], { encoding: "utf8" });
  [found["duckdb (native)"], found["python"]] = answer.trim().split(" ");
  return found;
}

/** Who takes part in a round on a file. */
function enginesIn(round, file) {
  const hasOthers = file.isLarge ? false : round < (file.isVariant ? 1 : Math.ceil(rounds / 5));
  return takingPart(hasOthers ? [...FIRST, ...OTHERS] : FIRST, file);
}

function takingPart(engines, { shape }) {
  return engines.filter((engine) => {
    const isAsked = OURS.includes(engine) || peers === null || peers.includes(engine);
    // Its fast mode knows no quotes, so it has no right result for a file that has them.
    return isAsked && !(engine === "papaparse-fast" && shape === "subscriptions");
  });
}

function roundsOf({ isVariant, isLarge }) {
  if (isLarge) return Math.min(rounds, 3);
  return isVariant ? Math.ceil(rounds / 5) : rounds;
}

/** Every engine on one file: in a page that stays open, then as the first file of a page. */
async function measureFile(file) {
  const { path } = job(file.name);
  const found = { bytes: (await stat(path)).size, rows: null, hash: null, engines: {}, fresh: {} };
  say(`\nbench: ${file.name}, ${(found.bytes / 1e6).toFixed(1)} MB, wall/CPU in ms (${minutes()})`);
  // As the engines in the browser, it has read the file once before it is measured.
  if (enginesIn(0, file).includes("duckdb-native")) await native.run(file.shape, path);
  await inTurns(roundsOf(file), found.engines, file, {
    enginesIn: (round) => enginesIn(round, file),
    run: (one) => kept.run(running, one),
  });
  await kept.close();
  if (!file.isVariant && !file.isLarge) {
    say("  the first file of a page:");
    await inTurns(Math.ceil(rounds / 2), found.fresh, file, {
      enginesIn: () => takingPart(FRESH, file),
      run: (one) => runJob(running, one),
    });
  }
  judge(found);
  const inOrder = (engines) =>
    Object.fromEntries(
      [...FIRST, ...OTHERS].flatMap((name) =>
        engines[name] === undefined ? [] : [[name, engines[name]]],
      ),
    );
  found.engines = inOrder(found.engines);
  found.fresh = inOrder(found.fresh);
  return found;
}

/** Engines on one file, round by round, each round beginning with another one. */
async function inTurns(nRounds, found, file, { enginesIn, run }) {
  for (let round = 0; round < nRounds; round += 1) {
    const engines = enginesIn(round);
    const from = round % engines.length;
    const line = [];
    for (const engine of [...engines.slice(from), ...engines.slice(0, from)]) {
      found[engine] ??= { wall: [], cpu: [], busiest: [], rows: null, hashes: [], failed: [] };
      line.push(`${engine} ${await measureOnce(found[engine], engine, file.name, round, run)}`);
    }
    say(`  ${round + 1}/${nRounds}  ${line.join("  ")}`);
  }
}

async function measureOnce(into, engine, name, round, run) {
  if (FAILURES_MAX <= into.failed.length) return "–";
  try {
    const one =
      engine === "duckdb-native"
        ? await native.run(job(name).shape, job(name).path)
        : await run({ ...job(name), engine });
    const result = OURS.includes(engine) ? fromReport(one.result) : one.result;
    // Rounds in which an engine has no part stay empty, so that ratios pair the same round.
    for (const key of ["wall", "cpu", "busiest"]) into[key][round] = one[key];
    into.rows = result.rows;
    const hash = hashOf(result);
    if (!into.hashes.includes(hash)) into.hashes.push(hash);
    return brief(one.wall, one.cpu);
  } catch (thrown) {
    const why = String(thrown.message ?? thrown).split("\n", 1)[0];
    into.failed.push(why);
    kept.forget();
    await running.close();
    running = await launch();
    return `failed: ${why}`;
  }
}

/** Holds every result against the one that most engines came to; no other counts. */
function judge(found) {
  const votes = new Map();
  const computing = Object.entries(found.engines).filter(([name]) => !LIMITS.includes(name));
  for (const [, { hashes }] of computing) {
    for (const hash of hashes) votes.set(hash, (votes.get(hash) ?? 0) + 1);
  }
  const [hash] = [...votes].toSorted((a, b) => b[1] - a[1])[0] ?? [null];
  found.hash = hash;
  const everyone = [...Object.values(found.engines), ...Object.values(found.fresh)];
  for (const one of everyone) {
    if (one.hashes.length === 0) one.failure = one.failed[0];
  }
  for (const one of [...computing.map(([, one]) => one), ...Object.values(found.fresh)]) {
    one.agrees = one.hashes.length === 1 && one.hashes[0] === hash;
    if (one.agrees) found.rows = one.rows;
  }
  for (const name of LIMITS) {
    const one = found.engines[name];
    // The limits compute nothing: that they saw each line is all there is to hold them to.
    if (one !== undefined && one.rows !== found.rows) one.failure ??= `saw ${one.rows} rows`;
  }
  const others = computing.filter(([, one]) => !one.agrees).map(([name]) => name);
  const nAgreeing = computing.length - others.length;
  const said = others.length === 0 ? "" : `; NOT: ${others.join(", ")}`;
  say(`  ${nAgreeing} of ${computing.length} agree on ${hash?.slice(0, 12)}${said}`);
}

async function measurePage() {
  const few = { address, path: `${given("RETENTION_BENCH_DATA")}/few.csv` };
  const attempt = async (part, measure) => {
    if (!wants(part)) return null;
    say(`\nbench: ${part} (${minutes()})`);
    try {
      return await measure();
    } catch (thrown) {
      say(`  failed: ${thrown.message}`);
      return null;
    }
  };
  results.size = await attempt("size", () => sizesToFirstFigures(running, few));
  results.firstResult = await attempt("first", () =>
    firstResults(running, few, options.quick ? 5 : 25, (round) => {
      if (round % 5 === 4) say(`  ${round + 1} pairs`);
    }),
  );
  results.mainThread = await attempt("main-thread", async () => {
    const found = [];
    for (const file of ["tx1m", "subs", "mrr"]) {
      found.push({ file, ...(await longestTasks(running, job(file))) });
    }
    return found;
  });
  results.choices = await attempt("choices", () =>
    otherChoices(running, job("tx1m"), options.quick ? 2 : 5),
  );
  results.cancel = await attempt("cancel", async () => {
    const found = [];
    for (let round = 0; round < (options.quick ? 3 : 7); round += 1) {
      found.push(await cancelling(running, job("tx10m")));
    }
    return found;
  });
  results.memory = await attempt("memory", measureMemory);
}

/** Each engine in a browser of its own, once. */
async function measureMemory() {
  const found = { idle: null, ours: {}, peers: {} };
  const peakOf = async (engine, name) => {
    const { peak, result } = await peakAfter({ ...job(name), engine });
    say(`  ${engine} ${name}: ${peak.toFixed(0)} MB`);
    const expected = results.files[name]?.hash;
    const own = () => hashOf(OURS.includes(engine) ? fromReport(result) : result);
    if (engine !== "idle" && expected && own() !== expected) {
      throw new Error(`${engine} came to another result`);
    }
    return peak;
  };
  found.idle = await peakOf("idle", "tx10m");
  for (const name of ["tx10m", "tx10m-shuffled"])
    found.ours[name] = await peakOf("ours-whole", name);
  for (const engine of MEMORY_PEERS.filter((one) => peers === null || peers.includes(one))) {
    found.peers[engine] = await peakOf(engine, "tx10m");
  }
  return found;
}
