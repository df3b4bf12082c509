// Lists the checksums of all that was built, for whoever hosts or embeds it.
// `SHA256SUMS` is for `sha256sum --check`, `INTEGRITY` for the `integrity` attribute of a script.

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const dist = "../dist";
const lists = { SHA256SUMS: "", INTEGRITY: "" };

const entries = await readdir(dist, { recursive: true, withFileTypes: true });
const files = entries
  .filter((entry) => entry.isFile() && !(entry.name in lists))
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(dist.length + 1)
      .replaceAll("\\", "/"),
  )
  .sort();
for (const file of files) {
  const bytes = await readFile(join(dist, file));
  lists.SHA256SUMS += `${createHash("sha256").update(bytes).digest("hex")}  ${file}\n`;
  if (file.endsWith(".js")) {
    lists.INTEGRITY += `sha384-${createHash("sha384").update(bytes).digest("base64")}  ${file}\n`;
  }
}
for (const [name, text] of Object.entries(lists)) {
  await writeFile(join(dist, name), text);
}
