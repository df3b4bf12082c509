// The two virtual modules that put the core and the worker into the page's own script.
// It deliberately fetches nothing at run time: a worker or a wasm file loaded by its address would
// escape the policy in the page's <meta>, and `connect-src 'none'` would refuse it.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";

const wasmFile = fileURLToPath(new URL("../pkg/retention_calculator_bg.wasm", import.meta.url));
const workerEntry = fileURLToPath(new URL("../src/engine/worker.ts", import.meta.url));

const CORE = "virtual:core-wasm";
const WORKER = "virtual:engine-worker";

/** Oldest browsers that the outputs are written for. */
export const target = ["chrome111", "firefox115", "safari16.4"];

/** Serves `virtual:core-wasm` and `virtual:engine-worker`, each a module with one string. */
export function core(): Plugin {
  return {
    name: "retention-core",
    enforce: "pre",
    resolveId(id) {
      return id === CORE || id === WORKER ? `\0${id}` : null;
    },
    async load(id) {
      if (id === `\0${CORE}`) {
        this.addWatchFile(wasmFile);
        return textModule((await readFile(wasmFile)).toString("latin1"));
      }
      if (id === `\0${WORKER}`) {
        const { text, sources } = await bundleWorker();
        for (const source of sources) this.addWatchFile(source);
        return textModule(text);
      }
      return null;
    },
  };
}

function textModule(text: string): { code: string; moduleSideEffects: false } {
  return { code: `export default ${JSON.stringify(text)};`, moduleSideEffects: false };
}

/** Bundles the worker into one classic script, which is what a blob worker runs everywhere. */
async function bundleWorker(): Promise<{ text: string; sources: string[] }> {
  const built = await build({
    configFile: false,
    root: fileURLToPath(new URL("..", import.meta.url)),
    logLevel: "warn",
    publicDir: false,
    build: {
      write: false,
      target,
      modulePreload: false,
      lib: { entry: workerEntry, formats: ["iife"], name: "retentionWorker", fileName: "worker" },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) =>
    "output" in one ? one.output : [],
  );
  const [chunk, ...rest] = outputs;
  if (chunk?.type !== "chunk" || rest.length > 0) {
    throw new Error("the worker must be one script");
  }
  const sources = Object.keys(chunk.modules).filter((id) => !id.startsWith("\0"));
  return { text: chunk.code, sources };
}
