// Bundles the unit tests beside the sources and runs them under Node's own runner.
// It deliberately has no browser: what needs one is in tests/browser.

import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "vite";

const out = "node_modules/.cache/tests";
const files = (await readdir("src", { recursive: true }))
  .filter((file) => file.endsWith(".test.ts"))
  .sort();
if (files.length === 0) {
  console.error("no unit test found below www/src");
  process.exit(1);
}

await rm(out, { recursive: true, force: true });
await build({
  configFile: false,
  logLevel: "warn",
  publicDir: false,
  build: {
    ssr: true,
    target: "node20",
    outDir: out,
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(
        files.map((file) => [
          file.replaceAll(/[/\\]/g, "-").slice(0, -".ts".length),
          join("src", file),
        ]),
      ),
      output: { entryFileNames: "[name].mjs", chunkFileNames: "shared/[name]-[hash].mjs" },
    },
  },
});

const tests = (await readdir(out)).filter((file) => file.endsWith(".test.mjs"));
const run = spawnSync(
  process.execPath,
  ["--test", "--test-reporter=spec", ...tests.map((file) => join(out, basename(file)))],
  {
    stdio: "inherit",
  },
);
process.exit(run.status ?? 1);
