// A file in chunks, by whatever way the browser offers, and when that way fails. No time passes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { blobChunks, CHUNK_BYTES, type Clock, STALLED_AFTER_MS } from "./blob-chunks.ts";

/** Bytes of which no two stretches look alike. */
function someBytes(length: number): Uint8Array<ArrayBuffer> {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

/** A clock that the test winds. */
class Wound implements Clock {
  readonly #calls = new Map<() => void, number>();
  #ms = 0;

  after(ms: number, call: () => void): () => void {
    this.#calls.set(call, this.#ms + ms);
    return () => this.#calls.delete(call);
  }

  /** How many calls are still to come. */
  get nWaiting(): number {
    return this.#calls.size;
  }

  wind(ms: number): void {
    this.#ms += ms;
    for (const [call, at] of [...this.#calls]) {
      if (at <= this.#ms) {
        this.#calls.delete(call);
        call();
      }
    }
  }
}

/** A blob whose stream is the test's own; its slices are honest. */
function streaming(bytes: Uint8Array<ArrayBuffer>, stream: () => ReadableStream): Blob {
  const blob = new Blob([bytes]);
  blob.stream = stream as Blob["stream"];
  return blob;
}

/** A stream that gives these bytes in pieces and then does what `end` says. */
function byteStream(
  bytes: Uint8Array,
  pieceBytes: number,
  end: (controller: ReadableByteStreamController) => Promise<void> | void,
): ReadableStream {
  let at = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      if (at === bytes.length) {
        return end(controller);
      }
      controller.enqueue(bytes.slice(at, at + pieceBytes));
      at = Math.min(at + pieceBytes, bytes.length);
      return undefined;
    },
  });
}

const never = () => new Promise<void>(() => undefined);

function close(controller: ReadableByteStreamController): void {
  controller.close();
  // A read that waits for bytes ends only with this.
  controller.byobRequest?.respond(0);
}

async function all(chunks: AsyncIterable<{ bytes: Uint8Array; position: number }>, from = 0) {
  const parts: Uint8Array[] = [];
  let position = from;
  for await (const chunk of chunks) {
    parts.push(chunk.bytes.slice());
    position += chunk.bytes.length;
    assert.equal(chunk.position, position);
  }
  return Buffer.concat(parts);
}

const bytes = someBytes(3 * CHUNK_BYTES + 17);

test("a file comes out as it went in, from its beginning or from an offset", async () => {
  assert.ok((await all(blobChunks(new Blob([bytes])))).equals(bytes));
  const from = CHUNK_BYTES + 5;
  assert.ok((await all(blobChunks(new Blob([bytes]), from), from)).equals(bytes.subarray(from)));
  assert.equal((await all(blobChunks(new Blob([bytes]), bytes.length), bytes.length)).length, 0);
});

test("small pieces of a stream are handed over as full chunks", async () => {
  const sizes: number[] = [];
  const source = streaming(bytes, () => byteStream(bytes, 65_536, close));
  for await (const chunk of blobChunks(source)) {
    sizes.push(chunk.bytes.length);
  }
  assert.deepEqual(sizes.slice(0, 3), [CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES]);
});

test("a stream that takes no buffers is read as well", async () => {
  const source = streaming(bytes, () => {
    let at = 0;
    return new ReadableStream({
      pull(controller) {
        controller.enqueue(bytes.slice(at, at + 100_000));
        at += 100_000;
        if (bytes.length <= at) {
          controller.close();
        }
      },
    });
  });
  assert.ok((await all(blobChunks(source))).equals(bytes));
});

for (const atByte of [0, 1000, CHUNK_BYTES, CHUNK_BYTES + 70_000]) {
  test(`a stream that stalls after ${atByte} bytes is gone on from by slices`, async () => {
    const clock = new Wound();
    const source = streaming(bytes, () => byteStream(bytes.subarray(0, atByte), 65_536, never));
    const read = all(blobChunks(source, 0, clock));
    let isRead = false;
    void read.then(() => {
      isRead = true;
    });
    let nTurns = 0;
    while (!isRead) {
      assert.ok(nTurns < 10_000, "it waits for ever");
      nTurns += 1;
      await new Promise(setImmediate);
      clock.wind(STALLED_AFTER_MS);
    }
    assert.ok((await read).equals(bytes));
    assert.equal(clock.nWaiting, 0);
  });
}

test("a slow stream is not given up while bytes come", async () => {
  const clock = new Wound();
  let isSliced = false;
  let give: (() => void) | null = null;
  let at = 0;
  const source = streaming(
    bytes,
    () =>
      new ReadableStream({
        type: "bytes",
        async pull(controller) {
          await new Promise<void>((resolve) => {
            give = resolve;
          });
          if (at === bytes.length) {
            close(controller);
            return;
          }
          const until = Math.min(at + 400_000, bytes.length);
          controller.enqueue(bytes.slice(at, until));
          at = until;
        },
      }),
  );
  const slice = source.slice.bind(source);
  source.slice = (...range) => {
    isSliced = true;
    return slice(...range);
  };
  const read = all(blobChunks(source, 0, clock));
  let isRead = false;
  void read.then(() => {
    isRead = true;
  });
  while (!isRead) {
    await new Promise(setImmediate);
    if (give !== null) {
      // Two pieces come before any time is up.
      (give as () => void)();
      give = null;
      await new Promise(setImmediate);
      clock.wind(STALLED_AFTER_MS * 0.6);
    }
  }
  assert.ok((await read).equals(bytes));
  assert.equal(isSliced, false, "it was given up");
});

test("a stream that fails or ends early is gone on from by slices", async () => {
  const half = bytes.subarray(0, CHUNK_BYTES + 9);
  const ends: ((controller: ReadableByteStreamController) => void)[] = [
    (controller) => controller.error(new DOMException("", "NotReadableError")),
    close,
  ];
  for (const end of ends) {
    const source = streaming(bytes, () => byteStream(half, 65_536, end));
    assert.ok((await all(blobChunks(source))).equals(bytes));
  }
});

test("a file that is gone says so by its slices", async () => {
  const source = streaming(bytes, () =>
    byteStream(new Uint8Array(), 1, (controller) => controller.error(new TypeError("network"))),
  );
  source.slice = () => {
    const gone = new Blob([]);
    gone.arrayBuffer = () => Promise.reject(new DOMException("", "NotReadableError"));
    return gone;
  };
  await assert.rejects(all(blobChunks(source)), { name: "NotReadableError" });
});

test("a reading that is given up cancels its stream", async () => {
  let isCancelled = false;
  const source = streaming(
    bytes,
    () =>
      new ReadableStream({
        type: "bytes",
        pull: (controller) => controller.enqueue(new Uint8Array(1000)),
        cancel() {
          isCancelled = true;
        },
      }),
  );
  for await (const _chunk of blobChunks(source)) {
    break;
  }
  assert.equal(isCancelled, true);
});
