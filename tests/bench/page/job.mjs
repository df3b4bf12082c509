// The page's side of a job: makes one engine ready, runs one job in it, keeps the result.
// It measures time only; CPU and memory are read from outside.

import { queryOf, resultOf } from "../engines/duckdb-sql.mjs";
import { PARTS } from "../engines/parts.mjs";

let job = null;
let result = null;

const fileOf = () => document.querySelector("input").files[0];

/** Loads an engine: ours, one of the workers, or DuckDB. */
async function prepare(engine) {
  job = await (makers[engine] ?? workerOf)(engine);
}

const makers = {
  /** The parts of the report that hold the common result. */
  ours: () => oursWith((shape) => ({ parts: PARTS[shape] })),
  /** All of it. */
  "ours-whole": () => oursWith(() => ({})),
  "duckdb-eh": () => duckdbOf("eh"),
  "duckdb-mvp": () => duckdbOf("mvp"),
  /** The page alone, for what it costs to be one. */
  idle: async () => async () => null,
};

async function oursWith(optionsOf) {
  const address = "/dist/embed/retention-calculator.js";
  const { analyze } = await import(/* @vite-ignore */ address);
  return (shape, file) => analyze(file, optionsOf(shape));
}

async function workerOf(engine) {
  const worker = new Worker(`/${engine}.worker.js`);
  const next = () =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data.error === undefined) resolve(data.result);
        else reject(new Error(data.error));
      };
      worker.onerror = (event) => reject(new Error(event.message));
    });
  await next();
  return (shape, file) => {
    const answer = next();
    worker.postMessage({ shape, file });
    return answer;
  };
}

async function duckdbOf(bundle) {
  const duckdb = await import("@duckdb/duckdb-wasm");
  const database = new duckdb.AsyncDuckDB(
    new duckdb.VoidLogger(),
    new Worker(`/duckdb/duckdb-browser-${bundle}.worker.js`),
  );
  await database.instantiate(`/duckdb/duckdb-${bundle}.wasm`);
  const connection = await database.connect();
  let nFiles = 0;
  return async (shape, file) => {
    const protocol = duckdb.DuckDBDataProtocol.BROWSER_FILEREADER;
    nFiles += 1;
    const name = `file${nFiles}.csv`;
    await database.registerFileHandle(name, file, protocol, true);
    const table = await connection.query(queryOf(shape, name));
    return resultOf(
      shape,
      table.toArray().map((row) => row.toJSON()),
    );
  };
}

/**
 * Runs the job on the beginning of the file, a few dozen rows.
 *
 * So every engine has done each of its steps once: what it loads, compiles or plans on first use is
 * part of starting and not of the job.
 */
async function warm(shape) {
  const file = fileOf();
  const head = await file.slice(0, 4096).text();
  const rows = head.slice(0, head.lastIndexOf("\n") + 1);
  await job(shape, new File([rows], file.name));
}

/** Runs the job on the file in the input, and gives how many milliseconds it took. */
async function run(shape) {
  const file = fileOf();
  const start = performance.now();
  result = await job(shape, file);
  return performance.now() - start;
}

globalThis.bench = { prepare, warm, run, result: () => result };
