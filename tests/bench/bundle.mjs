// Bundles the engines' workers and the page into one folder, which is then served.
// Nothing of it is ever part of what the project ships.

import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import binaryen from "../../www/node_modules/binaryen/index.js";
import { build } from "../../www/node_modules/vite/dist/node/index.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Writes the folder `site` anew. */
export async function bundle(site) {
  await rm(site, { recursive: true, force: true });
  await mkdir(site, { recursive: true });
  await cp(here("page"), site, {
    recursive: true,
    filter: (path) => !path.endsWith(".mjs") && !path.endsWith(".wat"),
  });
  for (const file of await readdir(here("engines"))) {
    if (file.endsWith(".worker.mjs")) await pack(site, here(`engines/${file}`), "iife");
  }
  await pack(site, here("page/job.mjs"), "es");
  await pack(site, here("page/empty.mjs"), "es");
  await cp(here("node_modules/@duckdb/duckdb-wasm/dist"), `${site}/duckdb`, {
    recursive: true,
    filter: (path) => !/node|coi|\.map$|\.cjs$|types|img/.test(path.slice(path.lastIndexOf("/"))),
  });
  const module = binaryen.parseText(await readFile(here("engines/scan.wat"), "utf8"));
  module.setFeatures(binaryen.Features.All);
  module.optimize();
  await writeFile(`${site}/scan.wasm`, module.emitBinary());
}

async function pack(site, entry, format) {
  await build({
    configFile: false,
    root: here("."),
    logLevel: "warn",
    publicDir: false,
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      outDir: site,
      emptyOutDir: false,
      target: "chrome111",
      minify: true,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4000,
      lib: {
        entry,
        formats: [format],
        name: "bench",
        fileName: () => `${entry.slice(entry.lastIndexOf("/") + 1, -".mjs".length)}.js`,
      },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
}
