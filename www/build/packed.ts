// Writes a WebAssembly module as text that compresses well: what is alike stands together.
// It deliberately compresses nothing itself; whoever sends the script does, and the text has fewer
// bytes on the way than the module's own bytes have.

import binaryen from "binaryen";
import {
  BYTES,
  FOLLOWS,
  LARGE,
  LARGE_RADIX,
  LONG_FROM,
  SEPARATOR,
  SHORT,
  SMALL_FROM,
  STREAMS,
  type Stream,
  SYMBOL_MAX,
  SYMBOL_ROOM,
  unpacked,
} from "../src/engine/unpacked.ts";

/** Constants up to here are small. */
const SMALL_MAX = 1500;
/** Where the linker puts data, behind the stack; a multiple of 0x1000. */
const DATA_FROM = 0x10_0000;
/** What is an address for packing; whether it is one for the module does not matter. */
const DATA_UNTIL = DATA_FROM + 0x80 * 0x2000;

/** `unpacked.wat` as a module. */
export function unpacker(wat: string): Uint8Array {
  const module = binaryen.parseText(wat);
  module.setFeatures(
    binaryen.Features.BulkMemory |
      binaryen.Features.BulkMemoryOpt |
      binaryen.Features.Multivalue |
      binaryen.Features.SIMD128,
  );
  if (module.validate() === 0) throw new Error("the unpacker is no valid module");
  // What is small goes into what calls it. A function of the packed module is a call of its own: a
  // loop in one call would never get the version that browsers make of what is hot.
  binaryen.setOptimizeLevel(3);
  binaryen.setOneCallerInlineMaxSize(1);
  binaryen.setAlwaysInlineMaxSize(30);
  binaryen.setFlexibleInlineMaxSize(60);
  module.optimize();
  const wasm = module.emitBinary();
  module.dispose();
  return wasm;
}

/** The text of the module; `unpacked` makes the same bytes of it, by the unpacker that goes with it. */
export function packed(wasm: Uint8Array, unpacking: Uint8Array): string {
  const text = Array.from(unpacking, byteCharacter).join("") + SEPARATOR + new Packing(wasm).text();
  if (Buffer.compare(unpacked(text), wasm) !== 0) {
    throw new Error("the module does not come out of its text as it went in");
  }
  return text;
}

/** A module as it is taken apart. */
class Packing {
  readonly #wasm: Uint8Array;
  #at = 8;
  readonly #streams = Object.fromEntries(STREAMS.map((name) => [name, []])) as unknown as Record<
    Stream,
    number[]
  >;
  /** Each symbol, by its bytes and what follows it, in the order of its first use. */
  readonly #symbols = new Map<string, { bytes: number[]; follows: number; index: number }>();

  constructor(wasm: Uint8Array) {
    this.#wasm = wasm;
  }

  text(): string {
    const { head, tail } = this.#streams;
    let code = 0;
    head.push(...this.#wasm.subarray(0, 8));
    while (this.#at < this.#wasm.length) {
      const start = this.#at;
      const id = this.#byte();
      const length = this.#unsigned();
      if (id === 10) {
        code = this.#at;
      } else {
        const section = code === 0 ? head : tail;
        for (const byte of this.#wasm.subarray(start, this.#at + length)) section.push(byte);
      }
      this.#at += length;
    }
    this.#at = code;
    this.#code();
    return this.#written();
  }

  #code(): void {
    const { locals } = this.#streams;
    const nFunctions = this.#unsigned();
    locals.push(nFunctions);
    for (let at = 0; at < nFunctions; at += 1) {
      const length = this.#unsigned();
      const end = this.#at + length;
      const nGroups = this.#unsigned();
      locals.push(nGroups);
      for (let group = 0; group < nGroups; group += 1) {
        locals.push(this.#unsigned(), this.#byte());
      }
      while (this.#at < end) this.#instruction();
    }
  }

  #instruction(): void {
    const opcode = this.#byte();
    if (opcode === 0x02 || opcode === 0x03 || opcode === 0x04) {
      // A type is one byte, or a number of a type: both are few.
      this.#symbol([opcode, ...this.#leb()], 0);
    } else if (opcode === 0x0c || opcode === 0x0d) {
      this.#number(opcode, "branch");
    } else if (opcode === 0x0e) {
      this.#symbol([opcode], FOLLOWS.table);
      const nTargets = this.#unsigned();
      this.#put("branch", nTargets);
      for (let at = 0; at <= nTargets; at += 1) this.#put("branch", this.#unsigned());
    } else if (opcode === 0x10) {
      this.#number(opcode, "call");
    } else if (opcode === 0x11) {
      this.#symbol([opcode, ...this.#leb(), ...this.#leb()], 0);
    } else if (0x20 <= opcode && opcode <= 0x22) {
      this.#number(opcode, "local");
    } else if (opcode === 0x23 || opcode === 0x24 || opcode === 0x25 || opcode === 0x26) {
      this.#symbol([opcode, ...this.#leb()], 0);
    } else if (0x28 <= opcode && opcode <= 0x3e) {
      this.#place([opcode]);
    } else if (opcode === 0x3f || opcode === 0x40 || opcode === 0xd0 || opcode === 0xd2) {
      this.#symbol([opcode, ...this.#leb()], 0);
    } else if (opcode === 0x41) {
      this.#constant();
    } else if (opcode === 0x42) {
      this.#symbol([opcode], FOLLOWS.leb);
      this.#streams.leb.push(...this.#leb());
    } else if (opcode === 0x43 || opcode === 0x44) {
      this.#raw([opcode], opcode === 0x43 ? 4 : 8);
    } else if (opcode === 0x1c) {
      const nTypes = this.#byte();
      this.#symbol([opcode, nTypes, ...this.#bytes(nTypes)], 0);
    } else if (opcode === 0xfc) {
      this.#bulk();
    } else if (opcode === 0xfd) {
      this.#vector();
    } else if (isPlain(opcode)) {
      this.#symbol([opcode], 0);
    } else {
      throw new Error(`instruction ${opcode.toString(16)} is unknown here`);
    }
  }

  #bulk(): void {
    const kind = this.#leb();
    const [number = 0] = kind;
    // Conversions have nothing behind them; copies two memories, fills one; of tables, one or two.
    const nOperands = number < 8 ? 0 : [9, 11, 13, 15, 16, 17].includes(number) ? 1 : 2;
    const operands = Array.from({ length: nOperands }, () => this.#leb()).flat();
    this.#symbol([0xfc, ...kind, ...operands], 0);
  }

  #vector(): void {
    const kind = this.#leb();
    const number = kind.reduce((sum, byte, at) => sum + (byte & 0x7f) * 0x80 ** at, 0);
    const bytes = [0xfd, ...kind];
    if (number <= 11 || number === 92 || number === 93) {
      this.#place(bytes);
    } else if (number === 12 || number === 13) {
      this.#raw(bytes, 16);
    } else if (21 <= number && number <= 34) {
      this.#symbol([...bytes, this.#byte()], 0);
    } else if (84 <= number && number <= 91) {
      // Which lane stands behind the place.
      const place = [...this.#leb(), ...this.#leb()];
      this.#symbol([...bytes, ...place, this.#byte()], 0);
    } else {
      this.#symbol(bytes, 0);
    }
  }

  #constant(): void {
    const bytes = this.#leb();
    const value = signedOf(bytes);
    if (DATA_FROM <= value && value < DATA_UNTIL) {
      this.#symbol([0x41], FOLLOWS.signedAddress);
      this.#address(value);
    } else if (SMALL_FROM <= value && value <= SMALL_MAX) {
      this.#symbol([0x41], FOLLOWS.small);
      this.#put("small", value - SMALL_FROM);
    } else {
      this.#symbol([0x41], FOLLOWS.leb);
      this.#streams.leb.push(...bytes);
    }
  }

  /** An instruction on memory: its alignment goes with it, where it acts stands apart. */
  #place(bytes: readonly number[]): void {
    const align = this.#leb();
    const offset = this.#unsigned();
    if (DATA_FROM <= offset && offset < DATA_UNTIL) {
      this.#symbol([...bytes, ...align], FOLLOWS.address);
      this.#address(offset);
    } else {
      this.#symbol([...bytes, ...align], FOLLOWS.offset);
      this.#put("offset", offset);
    }
  }

  #number(opcode: number, stream: "branch" | "call" | "local"): void {
    this.#symbol([opcode], FOLLOWS[stream]);
    this.#put(stream, this.#unsigned());
  }

  #raw(bytes: readonly number[], nBytes: number): void {
    this.#symbol(bytes, nBytes);
    this.#streams.raw.push(...this.#bytes(nBytes));
  }

  #address(value: number): void {
    this.#put("address", Math.floor((value - DATA_FROM) / 0x80));
    this.#put("address", (value - DATA_FROM) % 0x80);
  }

  #put(stream: Stream, value: number): void {
    this.#streams[stream].push(value);
  }

  #symbol(bytes: readonly number[], follows: number): void {
    const key = `${follows}:${bytes.join(" ")}`;
    let symbol = this.#symbols.get(key);
    if (symbol === undefined) {
      symbol = { bytes: [...bytes], follows, index: this.#symbols.size };
      this.#symbols.set(key, symbol);
    }
    this.#streams.code.push(symbol.index);
  }

  #byte(): number {
    const byte = this.#wasm[this.#at];
    if (byte === undefined) throw new Error("the module ends too early");
    this.#at += 1;
    return byte;
  }

  #bytes(n: number): number[] {
    return Array.from({ length: n }, () => this.#byte());
  }

  #leb(): number[] {
    const bytes = [this.#byte()];
    while (0x80 <= (bytes.at(-1) ?? 0)) bytes.push(this.#byte());
    return bytes;
  }

  #unsigned(): number {
    return this.#leb().reduce((sum, byte, at) => sum + (byte & 0x7f) * 0x80 ** at, 0);
  }

  #written(): string {
    // The symbols by how often they are used: the most frequent ones have the short characters.
    const counts = new Array<number>(this.#symbols.size).fill(0);
    for (const index of this.#streams.code) counts[index] = (counts[index] ?? 0) + 1;
    const ranked = [...this.#symbols.values()].sort(
      (a, b) => (counts[b.index] ?? 0) - (counts[a.index] ?? 0) || a.index - b.index,
    );
    const ranks: number[] = [];
    ranked.forEach(({ index }, rank) => {
      ranks[index] = rank;
    });
    this.#streams.code.forEach((index, at, code) => {
      code[at] = ranks[index] ?? 0;
    });
    this.#streams.symbols.push(
      DATA_FROM / 0x1000,
      ...ranked.flatMap(({ bytes, follows }) => [follows, bytes.length, ...bytes]),
    );
    if (ranked.some(({ bytes }) => SYMBOL_MAX < bytes.length)) {
      throw new Error("an instruction is too long for the table of symbols");
    }
    // An unpacker writes further than it has got: five bytes of each length, and a whole symbol.
    const room = SYMBOL_ROOM * (ranked.length + 2) + this.#wasm.length;
    const streams = STREAMS.map((name) => {
      const write = BYTES.includes(name) ? byteCharacter : numberCharacter;
      return this.#streams[name].map(write).join("") + SEPARATOR;
    });
    return `${room}${SEPARATOR}${streams.join("")}`;
  }
}

/** Whether an opcode stands alone: control, choice, comparisons, arithmetic, conversions. */
export function isPlain(opcode: number): boolean {
  return (
    [0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b, 0xd1].includes(opcode) ||
    (0x45 <= opcode && opcode <= 0xc4)
  );
}

function signedOf(bytes: readonly number[]): number {
  let value = 0;
  bytes.forEach((byte, at) => {
    value |= (byte & 0x7f) << (7 * at);
  });
  const nBits = 7 * bytes.length;
  const isNegative = ((bytes.at(-1) ?? 0) & 0x40) !== 0;
  return isNegative && nBits < 32 ? value - 2 ** nBits : value;
}

function numberCharacter(value: number): string {
  if (LARGE <= value) {
    // Few are: three characters, of which the first says so.
    const [high, low] = [Math.floor(value / LARGE_RADIX), value % LARGE_RADIX];
    return [LARGE, high, low].map(plainCharacter).join("");
  }
  return plainCharacter(value);
}

function plainCharacter(value: number): string {
  if (LARGE < value) throw new Error(`${value} is too large for a character`);
  const code = SHORT[value] ?? value - SHORT.length + LONG_FROM;
  // Two characters end a line for old readers of scripts.
  return String.fromCharCode(code < 0x2028 ? code : code + 2);
}

/** A byte as itself; those that a script cannot hold as they are lie 256 further on. */
function byteCharacter(byte: number): string {
  if (byte === 0) return "\u007f";
  const isItself = SHORT.includes(byte) || LONG_FROM <= byte;
  return String.fromCharCode(isItself ? byte : 0x100 + byte);
}
