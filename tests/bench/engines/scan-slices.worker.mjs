// The limit, by slices, the next being fetched while one is looked at.

import { serveScan } from "./scan.mjs";

const SLICE = 2 * 1024 * 1024;

serveScan(async (file, take) => {
  const slice = (from) => file.slice(from, from + SLICE).arrayBuffer();
  let next = slice(0);
  for (let from = 0; from < file.size; from += SLICE) {
    const bytes = new Uint8Array(await next);
    if (from + SLICE < file.size) next = slice(from + SLICE);
    take(bytes);
  }
});
