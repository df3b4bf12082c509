// The page's side of a job: makes one engine ready, runs one job in it, keeps the result.
// It deliberately warms nothing up beyond what has to be loaded before a file can be read.

import { queryOf, resultOf } from "../engines/duckdb-sql.mjs";

let job = null;
let result = null;

const fileOf = () => document.querySelector("input").files[0];

/** Loads an engine: `ours`, one of the workers, or DuckDB. */
async function prepare(engine) {
  job = await (makers[engine] ?? workerOf)(engine);
}

const makers = {
  async ours() {
    const address = "/dist/embed/retention-calculator.js";
    const { analyze, calculate } = await import(/* @vite-ignore */ address);
    // Any request starts the worker and compiles the core.
    await calculate("customer_churn_rate", { start: 10, lost: 1 });
    return (_shape, file) => analyze(file);
  },
  "duckdb-eh": () => duckdbOf("eh"),
  "duckdb-mvp": () => duckdbOf("mvp"),
  /** The page alone, for what it costs to be one. */
  idle: async () => async () => null,
};

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
  await connection.query("SELECT 1");
  return async (shape, file) => {
    const protocol = duckdb.DuckDBDataProtocol.BROWSER_FILEREADER;
    await database.registerFileHandle("file.csv", file, protocol, true);
    const table = await connection.query(queryOf(shape, "file.csv"));
    return resultOf(
      shape,
      table.toArray().map((row) => row.toJSON()),
    );
  };
}

/** Runs the job on the file in the input, and gives how many milliseconds it took. */
async function run(shape) {
  const file = fileOf();
  const start = performance.now();
  result = await job(shape, file);
  return performance.now() - start;
}

globalThis.bench = { prepare, run, result: () => result };
