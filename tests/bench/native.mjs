// DuckDB outside the browser, as a process that is asked once per round.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { queryOf, resultOf } from "./engines/duckdb-sql.mjs";

/** Starts it; `run` gives wall and CPU milliseconds and the result. */
export function startNative() {
  const script = fileURLToPath(new URL("native.py", import.meta.url));
  const child = spawn(process.env["RETENTION_BENCH_PYTHON"], [script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(shape, path) {
      child.stdin.write(`${JSON.stringify({ query: queryOf(shape, path) })}\n`);
      const { done, value } = await lines.next();
      if (done) throw new Error("DuckDB ended");
      const answer = JSON.parse(value);
      return {
        wall: answer.wall_ms,
        cpu: answer.cpu_ms,
        busiest: answer.cpu_ms,
        result: resultOf(shape, answer.rows),
      };
    },
    close: () => child.stdin.end(),
  };
}
