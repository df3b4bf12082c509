// The virtual modules that put the core and its workers into the page's own scripts.
// It deliberately fetches nothing at run time: a worker or a wasm file loaded by its address would
// escape the policy in the page's <meta>, and `connect-src 'none'` would refuse it.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Plugin, type Rolldown } from "vite";
import { filesInParts, firstReports } from "./first-core.ts";
import { packed, unpacker } from "./packed.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A module of the core, as text. */
const WASM: Readonly<Record<string, string>> = {
  "virtual:formulas-wasm": here("../pkg/formulas_bg.wasm"),
  "virtual:models-wasm": here("../pkg/models_bg.wasm"),
};

/** The core that reads files, in two parts. */
const FILES = here("../pkg/files_bg.wasm");
const WWW = here("../");
const PARTS: Readonly<Record<string, "first" | "rest">> = {
  "virtual:files-wasm": "first",
  "virtual:files-rest": "rest",
};

/** What unpacks them. */
const UNPACKER = here("../src/engine/unpacked.wat");

/** A worker, as the text of one script. */
const WORKERS: Readonly<Record<string, string>> = {
  "virtual:files-worker": here("../src/engine/worker.ts"),
  "virtual:models-worker": here("../src/engine/models-worker.ts"),
};

/** Oldest browsers that the outputs are written for. */
export const target = ["chrome111", "firefox115", "safari16.4"];

/**
 * How the text of a module stands in its script.
 *
 * `"string"` survives whatever a host does to scripts. `"comment"` is for scripts that nobody alters:
 * a browser passes over a comment in a tenth of the time that it takes to read a string, and does not
 * keep it twice.
 */
type Standing = "string" | "comment";

/** Serves the modules that `virtual.d.ts` declares, each with one string. */
export function core(standing: Standing = "string"): Plugin {
  const commented = new Map<string, string>();
  return {
    name: "retention-core",
    enforce: "pre",
    resolveId(id) {
      return id in WASM || id in PARTS || id in WORKERS ? `\0${id}` : null;
    },
    async load(id) {
      const wasm = WASM[id.slice(1)];
      if (wasm !== undefined) {
        this.addWatchFile(wasm);
        this.addWatchFile(UNPACKER);
        return wasmModule(await readFile(wasm));
      }
      const part = PARTS[id.slice(1)];
      if (part !== undefined) {
        for (const source of [FILES, UNPACKER, ...firstReports(WWW)]) this.addWatchFile(source);
        const parts = await filesInParts(WWW);
        return wasmModule(parts[part]);
      }
      const worker = WORKERS[id.slice(1)];
      if (worker !== undefined) {
        const { text, sources } = await bundleWorker(worker);
        for (const source of sources) this.addWatchFile(source);
        return textModule(text);
      }
      return null;
    },
    // Comments do not outlive what makes the scripts small, so they come in behind that.
    generateBundle: { order: "pre", handler: putComments },
  };

  async function wasmModule(wasm: Uint8Array) {
    const text = packed(wasm, unpacker(await readFile(UNPACKER, "utf8")));
    if (standing === "string") return textModule(text);
    // The name of a script goes by what stands in it before its comments do.
    const mark = `retention-text-${createHash("sha256").update(text).digest("hex")}`;
    commented.set(mark, text);
    return textModule(mark);
  }

  function putComments(_options: unknown, bundle: Rolldown.OutputBundle): void {
    for (const one of Object.values(bundle)) {
      if (one.type !== "chunk") continue;
      one.code = one.code.replace(
        /(["'`])(retention-text-[0-9a-f]{64})\1/g,
        (_all, _quote, mark) => {
          const text = commented.get(mark);
          commented.delete(mark);
          return inComment(text ?? "");
        },
      );
    }
    if (commented.size > 0) throw new Error("a module of the core has come into no script");
  }
}

/** An expression that is this text: a function's source, which is one comment. */
function inComment(text: string): string {
  if (text === "" || text.includes("/")) throw new Error("a text cannot stand in a comment");
  const [before, behind] = ["()=>{/*", "*/}"];
  return `String(${before}${text}${behind}).slice(${before.length},-${behind.length})`;
}

function textModule(text: string): { code: string; moduleSideEffects: false } {
  return { code: `export default ${JSON.stringify(text)};`, moduleSideEffects: false };
}

/** Bundles the worker into one classic script, which is what a blob worker runs everywhere. */
async function bundleWorker(entry: string): Promise<{ text: string; sources: string[] }> {
  const built = await build({
    configFile: false,
    root: fileURLToPath(new URL("..", import.meta.url)),
    logLevel: "warn",
    publicDir: false,
    build: {
      write: false,
      target,
      modulePreload: false,
      lib: { entry, formats: ["iife"], name: "retentionWorker", fileName: "worker" },
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
