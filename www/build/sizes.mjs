// What has to arrive before a figure is there, in bytes by Brotli, one line for each way.
// Which scripts a figure waits for is not claimed here: tests/browser/outputs.spec.ts withholds all
// others, and the figures come.

import { readdir, readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

/** The scripts of the page, without what their names carry of their contents. */
export const NEEDED = {
  "a typed figure": ["retention"],
  "a file's figure": ["retention", "report", "worker", "core"],
};

/** The bytes as a server sends them at its best. */
export function brotliBytes(content) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  return brotliCompressSync(content, { params }).length;
}

/** `core` of `core-D-q1TKDM.js`. */
export const partOf = (file) => file.replace(/-[\w-]{8}\.js$/, "");

async function measured(dist) {
  const sizeOf = async (file) => brotliBytes(await readFile(new URL(file, dist)));
  const page = await sizeOf("site/index.html");
  const scripts = new Map();
  for (const file of await readdir(new URL("site/", dist))) {
    if (file.endsWith(".js")) scripts.set(partOf(file), await sizeOf(`site/${file}`));
  }
  const sum = (parts) =>
    parts.reduce((bytes, part) => bytes + (scripts.get(part) ?? Number.NaN), page);
  return {
    "site-typed-figure": sum(NEEDED["a typed figure"]),
    "site-file-figure": sum(NEEDED["a file's figure"]),
    "site-whole": sum([...scripts.keys()]),
    // One script each, which runs once all of it is there.
    "embed-any-figure": await sizeOf("embed/retention-calculator.js"),
    "single-file-any-figure": await sizeOf("retention-calculator.html"),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const sizes = await measured(new URL("../../dist/", import.meta.url));
  for (const [name, bytes] of Object.entries(sizes)) console.log(`${name} ${bytes}`);
}
