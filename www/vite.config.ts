// Three outputs of one source: `--mode site`, `--mode embed` and `--mode file`.
// It deliberately has no dev-only path: what is served while developing is the site.

import { rename, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin, type UserConfig } from "vite";
import { core, target } from "./build/core.ts";
import { policy, SCRIPTS } from "./build/policy.ts";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

/** To write the core as text takes its time. */
const checks = { pluginTimings: false };

const shared: UserConfig = {
  base: "./",
  logLevel: "warn",
  publicDir: false,
  build: {
    target,
    emptyOutDir: true,
    reportCompressedSize: false,
    // The core is inside on purpose.
    chunkSizeWarningLimit: 4000,
    modulePreload: false,
    assetsInlineLimit: 0,
  },
};

/** The hosted page: `index.html` and its scripts, whose names carry their hashes. */
const site: UserConfig = {
  ...shared,
  plugins: [withoutPreloading(), core("comment"), policy("beside")],
  build: {
    ...shared.build,
    outDir: `${dist}site`,
    rolldownOptions: {
      checks,
      output: {
        entryFileNames: "retention-[hash].js",
        chunkFileNames: ({ facadeModuleId }) => `${scriptName(facadeModuleId)}-[hash].js`,
      },
    },
  },
};

/** The page as one document that also opens from a folder. */
const file: UserConfig = {
  ...shared,
  plugins: [core(), policy("inside"), moveTo(`${dist}retention-calculator.html`)],
  build: {
    ...shared.build,
    outDir: `${dist}.file`,
    rolldownOptions: { checks, output: { codeSplitting: false } },
  },
};

/** The custom element as one ES module that works from another origin. */
const embed: UserConfig = {
  ...shared,
  plugins: [core()],
  build: {
    ...shared.build,
    outDir: `${dist}embed`,
    lib: {
      entry: "src/embed.ts",
      formats: ["es"],
      fileName: () => "retention-calculator.js",
    },
    rolldownOptions: { checks, output: { codeSplitting: false, minify: true } },
  },
};

const outputs: Record<string, UserConfig> = { site, file, embed };

export default defineConfig(({ mode }) => outputs[mode] ?? { ...shared, plugins: [core()] });

/** Imports without what Vite wraps around them: each script stands in the document already. */
function withoutPreloading(): Plugin {
  const helper = "\0vite/preload-helper.js";
  return {
    name: "retention-without-preloading",
    enforce: "pre",
    load(id) {
      return id === helper ? "export const __vitePreload = (load) => load();" : null;
    },
  };
}

/** The name of a script after the module that it begins with. */
function scriptName(module: string | null): string {
  const known = SCRIPTS.find(({ entry }) => module?.endsWith(`/${entry}`));
  if (known === undefined) throw new Error(`${module} may not have a script of its own`);
  return known.name;
}

/** Leaves of a one-document build the document alone, at `target`. */
function moveTo(to: string): Plugin {
  return {
    name: "retention-one-document",
    async closeBundle() {
      await rename(`${dist}.file/index.html`, to);
      await rm(`${dist}.file`, { recursive: true });
    },
  };
}
