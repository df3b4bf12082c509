// The limit: reads the File and counts its line ends by SIMD, and does nothing else.

import { serve } from "./serve.mjs";

const STEP = 64;

/** Serves with one of the ways to read a File; `each` calls its argument with every chunk. */
export async function serveScan(each) {
  const response = await fetch("/scan.wasm");
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer());
  const { memory, scan } = instance.exports;
  const bytes = new Uint8Array(memory.buffer);
  serve(async (_shape, file) => {
    let nLines = 0;
    await each(file, (chunk) => {
      for (let from = 0; from < chunk.length; from += bytes.length) {
        const part = chunk.subarray(from, from + bytes.length);
        bytes.set(part);
        const filled = Math.ceil(part.length / STEP) * STEP;
        bytes.fill(0, part.length, filled);
        nLines += scan(filled);
      }
    });
    return { rows: nLines - 1 };
  });
}
