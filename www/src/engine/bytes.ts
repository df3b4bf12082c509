/**
 * A file as chunks of bytes: unpacked where it is gzip, and as UTF-8 where the reader named one of
 * the encodings that only the browser knows.
 *
 * It never holds the whole file, and it does not guess: encodings and dialects are the core's.
 */

import { blobChunks, type Chunk } from "./blob-chunks.ts";
import { RetentionError } from "./retention-error.ts";

export type { Chunk };

/** The most that a packed file may unpack to. */
export const UNPACKED_BYTES_MAX = 4 * 1024 * 1024 * 1024;

const GZIP_MAGIC = [0x1f, 0x8b];

/** The encodings that the core reads by itself. */
const OWN_ENCODINGS = new Set(["utf-8", "utf-16le", "utf-16be", "windows-1252"]);

/** Whether the file begins as gzip does. */
export async function isGzip(source: Blob): Promise<boolean> {
  const head = new Uint8Array(await source.slice(0, GZIP_MAGIC.length).arrayBuffer());
  return GZIP_MAGIC.every((byte, index) => head[index] === byte);
}

/** Whether the core leaves this encoding to the browser. */
export function isForeignEncoding(encoding: string | undefined): encoding is string {
  return encoding !== undefined && !OWN_ENCODINGS.has(encoding.toLowerCase());
}

/** The file in chunks, from its beginning. Each chunk is good until the next is asked for. */
export async function* readChunks(
  source: Blob,
  options: { gzip: boolean; encoding?: string | undefined },
): AsyncGenerator<Chunk, void, undefined> {
  const chunks = options.gzip ? unpacked(source) : blobChunks(source);
  yield* isForeignEncoding(options.encoding) ? asUtf8(chunks, options.encoding) : chunks;
}

/** What is being unpacked: nothing else need hold on to it, and it must not be collected. */
const beingUnpacked = new Set<ReadableStreamDefaultReader<Uint8Array>>();

/** The file unpacked, up to {@link UNPACKED_BYTES_MAX}. */
async function* unpacked(source: Blob): AsyncGenerator<Chunk, void, undefined> {
  let position = 0;
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      position += chunk.byteLength;
      controller.enqueue(chunk);
    },
  });
  const reader = source
    .stream()
    .pipeThrough(counted)
    .pipeThrough(new DecompressionStream("gzip"))
    .getReader();
  let nUnpacked = 0;
  beingUnpacked.add(reader);
  try {
    for (;;) {
      const { done, value } = await readPacked(reader);
      if (done) {
        return;
      }
      nUnpacked += value.byteLength;
      if (UNPACKED_BYTES_MAX < nUnpacked) {
        throw new RetentionError(
          "gzip-too-large",
          "The gzip file unpacks to more than 4 GB. Unpack it, split it by date, and read the parts.",
        );
      }
      yield { bytes: value, position };
    }
  } finally {
    beingUnpacked.delete(reader);
    // Also when the reader of the chunks stops early.
    await reader.cancel().catch(() => undefined);
  }
}

async function readPacked(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read();
  } catch (thrown) {
    // A file that cannot be read throws a DOMException; all else comes from unpacking it.
    if (!(thrown instanceof DOMException)) {
      throw new RetentionError(
        "gzip-broken",
        "The file begins as a gzip file but cannot be unpacked: it is cut short or damaged. Download it again, or unpack it first.",
      );
    }
    throw thrown;
  }
}

/** The same text as UTF-8. */
async function* asUtf8(
  chunks: AsyncGenerator<Chunk, void, undefined>,
  encoding: string,
): AsyncGenerator<Chunk, void, undefined> {
  const decoder = decoderOf(encoding);
  const encoder = new TextEncoder();
  let last = 0;
  for await (const { bytes, position } of chunks) {
    last = position;
    yield { bytes: encoder.encode(decoder.decode(bytes, { stream: true })), position };
  }
  const rest = decoder.decode();
  if (rest !== "") {
    yield { bytes: encoder.encode(rest), position: last };
  }
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new RetentionError(
      "encoding-not-known",
      `This browser does not know the encoding "${encoding}". Choose another, or save the file as UTF-8.`,
    );
  }
}
