/**
 * The bytes of a WebAssembly module out of the text that `build/packed.ts` made of it.
 *
 * It checks nothing: the build has, and the text lies in the same script.
 */

/** What stands between two streams. */
export const SEPARATOR = "\u0001";

/** Characters that are one byte in a script, but end something there or are written with escapes. */
const TAKEN: readonly number[] = [7, 8, 10, 11, 12, 13, 27, 34, 36, 39, 47, 92, 96];

/** The characters of the first numbers: one byte each, as they are. */
export const SHORT: readonly number[] = Array.from({ length: 125 }, (_, at) => at + 2).filter(
  (code) => !TAKEN.includes(code),
);

/** The character of the first number behind them. */
export const LONG_FROM = 0xa1;

/** Numbers from here on are two: this one says so, then come the quotient by the radix and the rest. */
export const LARGE = 0xcfff;
export const LARGE_RADIX = 0x8000;

/** The streams of a packed module. */
export const STREAMS = [
  "head",
  "tail",
  "symbols",
  "code",
  "locals",
  "local",
  "offset",
  "address",
  "call",
  "branch",
  "small",
  "leb",
  "raw",
] as const;

/** A stream by its name. */
export type Stream = (typeof STREAMS)[number];

/** The streams of plain bytes; the others are numbers. */
export const BYTES: readonly Stream[] = ["head", "tail", "leb", "raw"];

/** What follows an instruction. A number is the count of raw bytes. */
export const FOLLOWS = {
  local: 32,
  offset: 33,
  address: 34,
  call: 35,
  branch: 36,
  table: 37,
  small: 38,
  signedAddress: 39,
  leb: 40,
} as const;

/** The least number that is packed as a small one. */
export const SMALL_FROM = -20;

/** How many bytes a symbol takes while it is unpacked, and how many instructions it may be long. */
export const SYMBOL_ROOM = 32;
export const SYMBOL_MAX = 16;

/** Where the numbers of the short characters and the places of the streams are put. */
const NUMBERS_AT = 0;
const STREAMS_AT = 0x100;
const TEXT_AT = 0x200;

const PAGE_BYTES = 0x1_0000;

/** What `unpacked.wat` exports. */
interface Unpacker {
  memory: WebAssembly.Memory;
  unpack(free: number): [from: number, until: number];
}

/**
 * The bytes of the module.
 *
 * The text begins with the module that unpacks it and with the room that this needs: JavaScript would
 * take five times as long, since all of it is run once and none of it is compiled by then.
 */
export function unpacked(text: string): Uint8Array<ArrayBuffer> {
  const endOfUnpacker = text.indexOf(SEPARATOR);
  const endOfRoom = text.indexOf(SEPARATOR, endOfUnpacker + 1);
  const module = new WebAssembly.Module(plainBytes(text.slice(0, endOfUnpacker)));
  const { exports } = new WebAssembly.Instance(module);
  const { memory, unpack } = exports as unknown as Unpacker;

  const streams = text.slice(endOfRoom + 1);
  const room = Number(text.slice(endOfUnpacker + 1, endOfRoom));
  // Three bytes are the most that one of the characters takes.
  const bytes = TEXT_AT + 3 * streams.length + room;
  memory.grow(Math.ceil(bytes / PAGE_BYTES));
  const all = new Uint8Array(memory.buffer);
  SHORT.forEach((code, number) => {
    all[NUMBERS_AT + code] = number;
  });
  const { written } = new TextEncoder().encodeInto(streams, all.subarray(TEXT_AT));
  const places = new Uint32Array(memory.buffer, STREAMS_AT, STREAMS.length);
  let at = TEXT_AT;
  for (const index of places.keys()) {
    places[index] = at;
    at = all.indexOf(SEPARATOR.charCodeAt(0), at) + 1;
  }
  const [from, until] = unpack(TEXT_AT + written);
  return all.subarray(from, until);
}

/** Bytes that stand in a text one by one. */
function plainBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    return code === 0x7f ? 0 : code & 0xff;
  });
}
