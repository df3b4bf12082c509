// Lays out the declarations of the embedded module so that they can be used without this repository.
// It deliberately writes no type itself: the compiler made them, the core's come with its bindings.

import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const made = "node_modules/.cache/embed-types";
const out = "../dist/embed/types";

await rm(out, { recursive: true, force: true });
for (const file of await readdir(made, { recursive: true })) {
  if (!file.endsWith(".d.ts")) continue;
  const text = await readFile(join(made, file), "utf8");
  const target = join(out, file);
  await mkdir(dirname(target), { recursive: true });
  // Beside a declaration file stands a script, not its source.
  await writeFile(target, text.replaceAll(/(["']\.{1,2}\/[^"']*)\.ts(["'])/g, "$1.js$2"));
}
await mkdir(join(out, "pkg"), { recursive: true });
await cp("pkg/retention_calculator.d.ts", join(out, "pkg/retention_calculator.d.ts"));
await writeFile(
  "../dist/embed/retention-calculator.d.ts",
  'export * from "./types/src/embed.js";\n',
);
