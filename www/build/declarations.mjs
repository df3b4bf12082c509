// Lays out the declarations of the embedded module so that they need nothing but themselves.
// It deliberately writes no type: the compiler made them, and the core's come with its bindings.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path/posix";

const made = "node_modules/.cache/embed-types";
const out = "../dist/embed/types";
const core = "pkg/files.d.ts";
const element = "src/elements/retention-calculator.d.ts";
const events = "src/elements/events.d.ts";

/** Where each file comes from; the core's declarations are not the compiler's. */
const read = (file) => readFile(file === core ? core : join(made, file), "utf8");

/** The data of the core, without the bindings that the module keeps to itself. */
function withoutBindings(text) {
  const at = text.search(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*)?export class /);
  if (at < 0) throw new Error("the core's declarations have no bindings to leave out");
  return text.slice(0, at);
}

/** The element as its host sees it: an element, without what Lit and inner parts do with it. */
function asHostsSeeIt(text) {
  const kept = [];
  let comment = [];
  let isDropping = false;
  for (const line of text.split("\n")) {
    const isDropped = isDropping || /^ {4}(protected|private|static) /.test(line);
    isDropping = isDropped && !line.endsWith(";");
    if (isDropped) {
      comment = [];
    } else if (/^ {4} ?(\/\*\*|\*)/.test(line)) {
      comment.push(line);
    } else {
      kept.push(...comment, line);
      comment = [];
    }
  }
  return kept
    .join("\n")
    .replace(
      "extends LitElement {",
      "extends HTMLElement {\n    readonly updateComplete: Promise<boolean>;",
    )
    .replace(/^import .* from "lit";\n/m, "");
}

const specifiers = /(?<=(?:from|import\() ?")\.{1,2}\/[^"]*(?=")/g;
/** The declarations that `text`, in `file`, takes names from. */
function imported(file, text) {
  return [...text.matchAll(specifiers)].map(([path]) =>
    join(dirname(file), path).replace(/\.[jt]s$/, ".d.ts"),
  );
}

await rm(out, { recursive: true, force: true });
const files = new Map();
const wanted = ["src/embed.d.ts"];
for (const file of wanted) {
  if (files.has(file)) continue;
  let text = await read(file);
  if (file === core) text = withoutBindings(text);
  if (file === element) text = asHostsSeeIt(text);
  // What is imported for its effect only declares nothing; beside a declaration stands a script.
  text = text.replace(/^import "[^"]*";\n/gm, "");
  text = text.replace(specifiers, (path) => path.replace(/\.ts$/, ".js"));
  files.set(file, text);
  wanted.push(...imported(file, text));
}
for (const [file, text] of files) {
  const path = join(out, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const named = [
  ...(files.get(events) ?? "").matchAll(
    /class (\w+) extends Event \{\s+static readonly type = "([^"]+)"/g,
  ),
];
if (named.length === 0) throw new Error("no event of the element was found");
const from = `./types/${relative(".", "src/embed.js")}`;
await writeFile(
  "../dist/embed/retention-calculator.d.ts",
  `export * from "${from}";
import type { RetentionCalculator, ${named.map(([, name]) => name).join(", ")} } from "${from}";
declare global {
  interface HTMLElementTagNameMap {
    "retention-calculator": RetentionCalculator;
  }
  interface HTMLElementEventMap {
${named.map(([, name, type]) => `    "${type}": ${name};`).join("\n")}
  }
}
`,
);
