// Writes the page's content security policy, and with it the exact scripts and style it allows.
// It deliberately knows no exception: what is not listed by its hash does not run.

import { createHash } from "node:crypto";
import type { Plugin, Rolldown } from "vite";

/** The one policy object of ours; it passes nothing but the address of our own blob worker. */
const OUR_TRUSTED_TYPE = "retention-calculator";
/** Lit makes its templates through a policy of its own and keeps that object to itself. */
const LIT_TRUSTED_TYPE = "lit-html";

type Placement = "beside" | "inside";

/**
 * The scripts behind the page's own, in the order in which they are wanted. They run as they come:
 * none of them waits for one that is listed before it, and the document waits for none of them.
 * The last ones are held back until those before them are there (`letLastCome`).
 */
export const SCRIPTS = [
  { name: "report", entry: "src/elements/report-elements.ts", isLast: false },
  { name: "worker", entry: "src/engine/host.ts", isLast: false },
  { name: "core", entry: "src/engine/files-core.ts", isLast: false },
  { name: "rest", entry: "src/engine/files-rest.ts", isLast: true },
  { name: "views", entry: "src/elements/further-elements.ts", isLast: true },
  { name: "models", entry: "src/engine/models-core.ts", isLast: true },
] as const;

/**
 * Puts the scripts and the styles of the page into `index.html` and locks it.
 * `"beside"` keeps the scripts as hashed files with their integrity; `"inside"` leaves one file only.
 */
export function policy(placement: Placement): Plugin {
  return {
    name: "retention-policy",
    enforce: "post",
    // After whatever else still writes to the scripts: their hashes are those of the files.
    generateBundle: { order: "post", handler: lock },
  };

  function lock(_options: unknown, bundle: Rolldown.OutputBundle): void {
    const outputs = Object.values(bundle);
    const chunks = outputs.filter((one) => one.type === "chunk");
    const page = outputs.find((one) => one.type === "asset" && one.fileName === "index.html");
    const own = chunks.find(({ isEntry }) => isEntry);
    const found = (isLast: boolean) =>
      SCRIPTS.filter((script) => script.isLast === isLast)
        .map(({ entry }) =>
          chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/${entry}`)),
        )
        .filter((one) => one !== undefined);
    const next = found(false);
    const last = found(true);
    const later = [...next, ...last];
    const nLater = placement === "inside" ? 0 : SCRIPTS.length;
    if (page?.type !== "asset" || own === undefined || later.length !== nLater) {
      throw new Error("the page must be one document with its scripts");
    }
    for (const one of chunks) {
      if (one === own || later.includes(one)) continue;
      // Two scripts share these modules, and nothing that is loaded before both has them.
      throw new Error(`a script more than is listed in SCRIPTS holds ${one.moduleIds.join(", ")}`);
    }
    let css = "";
    for (const one of outputs) {
      if (one.type !== "asset" || one === page) continue;
      if (!one.fileName.endsWith(".css")) {
        throw new Error(`${one.fileName}: the page may not load anything but its scripts`);
      }
      css += text(one.source);
      delete bundle[one.fileName];
    }

    let html = text(page.source)
      .replace(/\s*<script type="module"[^>]*><\/script>/, "")
      .replace(/\s*<link rel="(stylesheet|modulepreload)"[^>]*>/g, "")
      .replace(/\s*<style>([\s\S]*?)<\/style>/g, (_all, ours: string) => {
        css = ours + css;
        return "";
      });
    if (/<(script|style|link)\b/.test(html)) {
      throw new Error("index.html may hold one module script and styles, nothing else");
    }

    const style = css.trim();
    const behind = ' async fetchpriority="low"';
    const scripts =
      placement === "inside"
        ? [inside(own.code)]
        : [beside(own, ""), ...next.map((one) => beside(one, behind))];
    const held = last.map((one) => beside(one, behind));
    const meta = `<meta http-equiv="Content-Security-Policy" content="${contentPolicy(
      [...scripts, ...held].map(({ hash }) => hash),
      style === "" ? "'none'" : `'${digest("sha256", style)}'`,
    )}">`;
    html = html.replace(/<meta charset="[^"]*"\s*\/?>/i, (charset) => `${charset}\n    ${meta}`);
    if (!html.includes(meta)) throw new Error("index.html must declare its character set");
    const head = style === "" ? "" : `  <style>${style}</style>\n  `;
    html = html.replace("</head>", () => `${head}</head>`);
    const tags = scripts.map(({ tag }) => `  ${tag}\n  `).join("");
    const template =
      held.length === 0
        ? ""
        : `  <template data-last-scripts>${held.map(({ tag }) => tag).join("")}</template>\n  `;
    html = html.replace("</body>", () => `${template}${tags}</body>`);
    page.source = html;
    if (placement === "inside") delete bundle[own.fileName];
  }
}

/** A script's element, and the hash by which the policy lets it run. */
interface Script {
  tag: string;
  hash: string;
}

function inside(code: string): Script {
  const safe = forScriptElement(code);
  return { tag: `<script type="module">${safe}</script>`, hash: digest("sha256", safe) };
}

/**
 * A script in a file of its own.
 *
 * Each one stands in the document, also those that another one imports: a policy by hashes lets no
 * file be loaded but by an element with its integrity, and what is loaded once is not loaded again.
 */
function beside({ fileName, code }: { fileName: string; code: string }, also: string): Script {
  const hash = digest("sha384", code);
  return {
    tag: `<script type="module" src="./${fileName}" integrity="${hash}"${also}></script>`,
    hash,
  };
}

function contentPolicy(scriptHashes: readonly string[], styleSource: string): string {
  return [
    "default-src 'none'",
    `script-src ${scriptHashes.map((hash) => `'${hash}'`).join(" ")} 'wasm-unsafe-eval'`,
    `style-src ${styleSource}`,
    "img-src data: blob:",
    "worker-src blob:",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${OUR_TRUSTED_TYPE} ${LIT_TRUSTED_TYPE}`,
  ].join("; ");
}

/** Keeps the HTML parser from seeing the end or the start of a script inside the script. */
function forScriptElement(code: string): string {
  return code.replace(/<(\/?script)/gi, "\\x3C$1");
}

function digest(algorithm: "sha256" | "sha384", content: string): string {
  return `${algorithm}-${createHash(algorithm).update(content, "utf8").digest("base64")}`;
}

function text(source: string | Uint8Array): string {
  return typeof source === "string" ? source : new TextDecoder().decode(source);
}
