// Files as chunks: cut, unpacked, decoded.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { CHUNK_BYTES } from "./blob-chunks.ts";
import { isForeignEncoding, isGzip, readChunks } from "./bytes.ts";
import { RetentionError } from "./retention-error.ts";

async function all(source: Blob, options: { gzip?: boolean; encoding?: string } = {}) {
  const parts: Uint8Array[] = [];
  const positions: number[] = [];
  for await (const { bytes, position } of readChunks(source, {
    gzip: options.gzip ?? false,
    encoding: options.encoding,
  })) {
    // The buffer is used again.
    parts.push(bytes.slice());
    positions.push(position);
  }
  return { bytes: Buffer.concat(parts), positions };
}

test("a file comes out as it went in, in chunks", async () => {
  const bytes = Buffer.alloc(CHUNK_BYTES * 2 + 5, "row,1\n");
  const read = await all(new Blob([bytes]));
  assert.ok(read.bytes.equals(bytes));
  assert.equal(read.positions.at(-1), bytes.length);
});

test("an empty file has no chunk", async () => {
  assert.deepEqual((await all(new Blob([]))).positions, []);
});

test("gzip is known by its first bytes, not by its name", async () => {
  assert.equal(await isGzip(new Blob([gzipSync("a,b\n")])), true);
  assert.equal(await isGzip(new Blob(["a,b\n"])), false);
  assert.equal(await isGzip(new Blob([])), false);
});

test("gzip is unpacked, and its progress is that of the packed file", async () => {
  const packed = gzipSync("customer,mrr\n".repeat(1000));
  const read = await all(new Blob([packed]), { gzip: true });
  assert.equal(read.bytes.toString(), "customer,mrr\n".repeat(1000));
  assert.equal(read.positions.at(-1), packed.length);
});

test("a gzip file that is cut short says what to do", async () => {
  const packed = gzipSync("customer,mrr\n".repeat(1000));
  await assert.rejects(
    all(new Blob([packed.subarray(0, packed.length - 9)]), { gzip: true }),
    (thrown: unknown) => thrown instanceof RetentionError && thrown.code === "gzip-broken",
  );
});

test("encodings that only the browser knows become UTF-8", async () => {
  // "テスト" in Shift JIS.
  const bytes = Uint8Array.of(0x83, 0x65, 0x83, 0x58, 0x83, 0x67);
  const read = await all(new Blob([bytes]), { encoding: "shift_jis" });
  assert.equal(read.bytes.toString("utf8"), "テスト");
});

test("a character cut by a chunk is whole again", async () => {
  const before = CHUNK_BYTES - 1;
  const bytes = new Uint8Array(before + 2).fill(0x61);
  bytes.set([0x83, 0x65], before);
  const read = await all(new Blob([bytes]), { encoding: "shift_jis" });
  assert.equal(read.bytes.toString("utf8").slice(before), "テ");
});

test("the core's own encodings are left to the core", () => {
  assert.equal(isForeignEncoding("UTF-16LE"), false);
  assert.equal(isForeignEncoding(undefined), false);
  assert.equal(isForeignEncoding("koi8-r"), true);
});

test("an encoding that does not exist says so", async () => {
  await assert.rejects(
    all(new Blob(["x"]), { encoding: "klingon" }),
    (thrown: unknown) => thrown instanceof RetentionError && thrown.code === "encoding-not-known",
  );
});
