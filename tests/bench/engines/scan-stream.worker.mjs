// The limit, by a stream into a buffer of its own.

import { serveScan } from "./scan.mjs";

serveScan(async (file, take) => {
  const reader = file.stream().getReader({ mode: "byob" });
  let buffer = new ArrayBuffer(2 * 1024 * 1024);
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    if (done) return;
    take(value);
    buffer = value.buffer;
  }
});
