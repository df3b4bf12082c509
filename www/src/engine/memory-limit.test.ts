// What a file may take, and when it is refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryWatch, memoryBytesMax, outOfMemory, saysOutOfMemory } from "./memory-limit.ts";
import { RetentionError } from "./retention-error.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** The share of a file at which it is refused, where its memory grows like that; 1 where it is read. */
function refusedAt(total: number, max: number, memoryBytesAt: (bytes: number) => number): number {
  const watch = new MemoryWatch(max);
  for (let bytes = MIB; bytes <= total; bytes += MIB) {
    try {
      watch.look({ memoryBytes: memoryBytesAt(bytes), bytes, total, rows: bytes / 36 });
    } catch (thrown) {
      assert.ok(thrown instanceof RetentionError && thrown.code === "file-too-large");
      return bytes / total;
    }
  }
  return 1;
}

test("a device with little memory gives a tab half of it, and none more than can be addressed", () => {
  assert.equal(memoryBytesMax(2), GIB);
  assert.equal(memoryBytesMax(8), memoryBytesMax(undefined));
  assert.ok(memoryBytesMax(undefined) < 4 * GIB);
});

test("a file that fits is read, however large it is", () => {
  assert.equal(
    refusedAt(4 * GIB, GIB, (bytes) => bytes / 8),
    1,
  );
});

test("a file that takes too much is refused before the memory is used up", () => {
  assert.ok(refusedAt(4 * GIB, GIB, (bytes) => bytes / 2) < 0.51);
});

test("a file that takes far too much is refused early", () => {
  assert.ok(refusedAt(4 * GIB, GIB, (bytes) => bytes) < 0.13);
});

test("a file whose customers are all known soon is not refused for its beginning", () => {
  // Nearly all of the memory is taken in the first twentieth of the file.
  const saturating = (bytes: number) => 0.9 * GIB * (1 - Math.exp(-bytes / (100 * MIB)));
  assert.equal(refusedAt(4 * GIB, GIB, saturating), 1);
});

test("tables that double do not make a file look twice as large as it is", () => {
  const doubling = (bytes: number) => 2 ** Math.ceil(Math.log2(bytes / 4.1));
  assert.equal(refusedAt(4 * GIB, 2 * GIB, doubling), 1);
});

test("the words say how far it came, what there is and what to do", () => {
  const watch = new MemoryWatch(GIB);
  assert.throws(
    () => watch.look({ memoryBytes: GIB, bytes: 5e8, total: 2e9, rows: 13_800_000 }),
    (thrown: Error) =>
      /500 MB of 2\.0 GB, 13,800,000 rows/.test(thrown.message) &&
      /can have 1\.1 GB/.test(thrown.message) &&
      /one row per customer and month/.test(thrown.message),
  );
  assert.match(
    outOfMemory({ memoryBytes: GIB, bytes: 5e8, total: 2e9, rows: 13_800_000 }).message,
    /ran out after 500 MB of 2\.0 GB, 13,800,000 rows\. Your file is unchanged\./,
  );
});

test("an allocation that fails is known by its words", () => {
  assert.equal(saysOutOfMemory(new RangeError("Array buffer allocation failed")), true);
  assert.equal(saysOutOfMemory(new RangeError("Invalid array length")), false);
  assert.equal(saysOutOfMemory(new Error("memory")), false);
});
