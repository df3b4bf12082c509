// Writes the page's content security policy, and with it the exact script and style it allows.
// It deliberately knows no exception: what is not listed by its hash does not run.

import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/** The one policy object of ours; it passes nothing but the address of our own blob worker. */
const OUR_TRUSTED_TYPE = "retention-calculator";
/** Lit makes its templates through a policy of its own and keeps that object to itself. */
const LIT_TRUSTED_TYPE = "lit-html";

type Placement = "beside" | "inside";

/**
 * Puts the one script and the styles of the page into `index.html` and locks it.
 * `"beside"` keeps the script as a hashed file with its integrity; `"inside"` leaves one file only.
 */
export function policy(placement: Placement): Plugin {
  return {
    name: "retention-policy",
    enforce: "post",
    generateBundle(_options, bundle) {
      const outputs = Object.values(bundle);
      const chunks = outputs.filter((one) => one.type === "chunk");
      const page = outputs.find((one) => one.type === "asset" && one.fileName === "index.html");
      const [script, ...more] = chunks;
      if (page?.type !== "asset" || script === undefined || more.length > 0) {
        throw new Error("the page must be one document with one script");
      }
      let css = "";
      for (const one of outputs) {
        if (one.type !== "asset" || one === page) continue;
        if (!one.fileName.endsWith(".css")) {
          throw new Error(`${one.fileName}: the page may not load anything but its script`);
        }
        css += text(one.source);
        delete bundle[one.fileName];
      }

      let html = text(page.source)
        .replace(/\s*<script type="module"[^>]*><\/script>/, "")
        .replace(/\s*<link rel="stylesheet"[^>]*>/g, "")
        .replace(/\s*<style>([\s\S]*?)<\/style>/g, (_all, own: string) => {
          css = own + css;
          return "";
        });
      if (/<(script|style|link)\b/.test(html)) {
        throw new Error("index.html may hold one module script and styles, nothing else");
      }

      const style = css.trim();
      const code = placement === "inside" ? forScriptElement(script.code) : script.code;
      const tag =
        placement === "inside"
          ? `<script type="module">${code}</script>`
          : `<script type="module" src="./${script.fileName}" integrity="${digest("sha384", code)}"></script>`;
      const meta = `<meta http-equiv="Content-Security-Policy" content="${contentPolicy(
        placement === "inside" ? digest("sha256", code) : digest("sha384", code),
        style === "" ? "'none'" : `'${digest("sha256", style)}'`,
      )}">`;
      html = html.replace(/<meta charset="[^"]*"\s*\/?>/i, (charset) => `${charset}\n    ${meta}`);
      if (!html.includes(meta)) throw new Error("index.html must declare its character set");
      const head = style === "" ? "" : `  <style>${style}</style>\n  `;
      html = html.replace("</head>", () => `${head}</head>`);
      html = html.replace("</body>", () => `  ${tag}\n  </body>`);
      page.source = html;
      if (placement === "inside") delete bundle[script.fileName];
    },
  };
}

function contentPolicy(scriptHash: string, styleSource: string): string {
  return [
    "default-src 'none'",
    `script-src '${scriptHash}' 'wasm-unsafe-eval'`,
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
