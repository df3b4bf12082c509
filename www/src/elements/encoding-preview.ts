/**
 * What the first letters beyond A to Z of a file become in each of some encodings.
 *
 * It chooses none of them; it only lets the reader see.
 */

/** How much of the file is looked at. */
const LOOKED_AT_BYTES = 256 * 1024;

/** How much is shown around the first such letter. */
const BEFORE_BYTES = 16;
const AFTER_BYTES = 48;

/** Line ends, comma, semicolon, tab and quote: none of them is ever the second half of a letter. */
const CELL_ENDS = new Set([0x0a, 0x0d, 0x2c, 0x3b, 0x09, 0x22]);

/** The reading under each encoding; an encoding that this browser does not know has none. */
export async function encodingPreviews(
  source: Blob,
  encodings: readonly string[],
): Promise<Record<string, string>> {
  const bytes = new Uint8Array(await source.slice(0, LOOKED_AT_BYTES).arrayBuffer());
  const at = bytes.findIndex((byte) => 0x80 <= byte);
  if (at === -1) {
    return {};
  }
  const isBreak = (byte: number | undefined) => byte !== undefined && CELL_ENDS.has(byte);
  let from = at;
  while (0 < from && at - from < BEFORE_BYTES && !isBreak(bytes[from - 1])) {
    from -= 1;
  }
  let until = at;
  while (until < bytes.length && until - at < AFTER_BYTES && !isBreak(bytes[until])) {
    until += 1;
  }
  const sample = bytes.subarray(from, until);
  return Object.fromEntries(
    encodings.flatMap((encoding) => {
      const text = decoded(sample, encoding);
      return text === null ? [] : [[encoding, text]];
    }),
  );
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return null;
  }
}
