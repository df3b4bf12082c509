/**
 * A file's own bytes in chunks, the next one being fetched while this one is worked on.
 *
 * It neither unpacks nor decodes, and it holds two chunks at most.
 */

/** How much is handed over at a time: small enough to be still in the processor's cache. */
export const CHUNK_BYTES = 1024 * 1024;

/** How much is fetched at a time without a stream: each fetch costs far more than a read. */
const SLICE_BYTES = 4 * CHUNK_BYTES;

/** After this long without a byte, a stream is given up. */
export const STALLED_AFTER_MS = 2000;

/** Some bytes, and how far into the file they reach. */
export interface Chunk {
  /** Good until the next chunk is asked for: the buffer is used again. */
  bytes: Uint8Array;
  position: number;
}

/** What waits, so that a test need not. */
export interface Clock {
  /** Calls after a time; the answer calls it off. */
  after(ms: number, call: () => void): () => void;
}

const timers: Clock = {
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * What is being read.
 *
 * A browser may collect a stream as garbage while a read of it is under way, and then the read never
 * ends: nothing but the read itself holds on to the stream. This does.
 */
const beingRead = new Set<Filler>();

/** The file from an offset on, by a stream where that goes, and by slices from where it ends. */
export async function* blobChunks(
  source: Blob,
  from = 0,
  clock: Clock = timers,
): AsyncGenerator<Chunk, void, undefined> {
  // A stream that stalls or fails early has still handed over all before its last position.
  const position = yield* streamed(source, from, clock);
  yield* slices(source, position);
}

async function* streamed(
  source: Blob,
  from: number,
  clock: Clock,
): AsyncGenerator<Chunk, number, undefined> {
  let position = from;
  if (source.size <= from) {
    return position;
  }
  const filler = new Filler(from === 0 ? source : source.slice(from));
  beingRead.add(filler);
  try {
    let next = filler.fill();
    for (;;) {
      const bytes = await unlessStalled(filler, next, clock);
      if (bytes === null) {
        return position;
      }
      next = filler.fill();
      position += bytes.byteLength;
      yield { bytes, position };
    }
  } finally {
    beingRead.delete(filler);
    filler.cancel();
  }
}

/** What a fill comes to; nothing where no byte comes any more. */
function unlessStalled(
  filler: Filler,
  fill: Promise<Uint8Array | null>,
  clock: Clock,
): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    let callOff: () => void = () => undefined;
    const watch = (nReads: number) => {
      callOff = clock.after(STALLED_AFTER_MS, () =>
        filler.nReads === nReads ? resolve(null) : watch(filler.nReads),
      );
    };
    watch(filler.nReads);
    void fill.then((bytes) => {
      callOff();
      resolve(bytes);
    });
  });
}

/** A stream, read into two buffers by turns where it can write into ours. */
class Filler {
  /** Reads that have come back. */
  nReads = 0;
  readonly #into: ReadableStreamBYOBReader | null;
  readonly #reader: ReadableStreamBYOBReader | ReadableStreamDefaultReader<Uint8Array>;
  readonly #buffers = [new ArrayBuffer(CHUNK_BYTES), new ArrayBuffer(CHUNK_BYTES)];
  #turn = 0;
  #hasEnded = false;

  constructor(source: Blob) {
    const stream = source.stream();
    this.#into = byobReader(stream);
    this.#reader = this.#into ?? stream.getReader();
  }

  /** The next bytes; nothing at the end, and nothing where the stream fails. It never throws. */
  async fill(): Promise<Uint8Array | null> {
    if (this.#hasEnded) {
      return null;
    }
    try {
      return await (this.#into === null ? this.#readOnce() : this.#readFull(this.#into));
    } catch {
      // The slices find out what is wrong with the file, and say it better.
      this.#hasEnded = true;
      return null;
    }
  }

  cancel(): void {
    this.#hasEnded = true;
    // One that stalls does not answer this either.
    this.#reader.cancel().catch(() => undefined);
  }

  async #readOnce(): Promise<Uint8Array | null> {
    const reader = this.#reader as ReadableStreamDefaultReader<Uint8Array>;
    const { done, value } = await reader.read();
    this.nReads += 1;
    this.#hasEnded = done;
    return value ?? null;
  }

  async #readFull(reader: ReadableStreamBYOBReader): Promise<Uint8Array | null> {
    const turn = this.#turn;
    this.#turn = 1 - turn;
    let buffer = this.#buffers[turn] ?? new ArrayBuffer(CHUNK_BYTES);
    let length = 0;
    while (length < CHUNK_BYTES && !this.#hasEnded) {
      const { done, value } = await reader.read(new Uint8Array(buffer, length));
      this.nReads += 1;
      this.#hasEnded = done;
      if (value === undefined) {
        break;
      }
      // The memory is the same, but it has moved to another object.
      buffer = value.buffer;
      length += value.byteLength;
    }
    this.#buffers[turn] = buffer;
    return length === 0 ? null : new Uint8Array(buffer, 0, length);
  }
}

function byobReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
  try {
    return stream.getReader({ mode: "byob" });
  } catch {
    return null;
  }
}

async function* slices(source: Blob, from: number): AsyncGenerator<Chunk, void, undefined> {
  const sliceAt = (at: number) => source.slice(at, at + SLICE_BYTES).arrayBuffer();
  if (source.size <= from) {
    return;
  }
  let next = sliceAt(from);
  for (let at = from; at < source.size; at += SLICE_BYTES) {
    const bytes = new Uint8Array(await next);
    const position = at + bytes.byteLength;
    if (position < source.size) {
      next = sliceAt(position);
      // A failure is thrown where it is awaited, and nowhere else.
      next.catch(() => undefined);
    }
    yield { bytes, position };
  }
}
