/**
 * The bytes of a WebAssembly module out of the text that `build/packed.ts` made of it.
 *
 * It checks nothing: the build has, and the text lies in the same script.
 */

/** What stands between two streams. */
export const SEPARATOR = "\u0001";

/** Characters that are one byte in a script, but end something there or are written with escapes. */
const TAKEN: readonly number[] = [7, 8, 10, 11, 12, 13, 27, 34, 36, 39, 92, 96];

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

/** The bytes of the module. */
export function unpacked(text: string): Uint8Array<ArrayBuffer> {
  return new Unpacking(text).bytes();
}

/** Bytes that are appended one by one. */
class Output {
  #bytes = new Uint8Array(1 << 16);
  length = 0;

  byte(value: number): void {
    if (this.length === this.#bytes.length) {
      this.#grow(this.length + 1);
    }
    this.#bytes[this.length] = value;
    this.length += 1;
  }

  unsigned(value: number): void {
    let rest = value;
    while (0x7f < rest) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  signed(value: number): void {
    let rest = value;
    while (rest < -0x40 || 0x3f < rest) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.byte(rest & 0x7f);
  }

  all(bytes: Uint8Array): void {
    const length = this.length + bytes.length;
    if (this.#bytes.length < length) {
      this.#grow(length);
    }
    this.#bytes.set(bytes, this.length);
    this.length = length;
  }

  taken(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }

  #grow(length: number): void {
    const larger = new Uint8Array(2 * length);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** A stream that is read from its beginning on. */
class Reading {
  readonly #text: string;
  #at: number;
  readonly #end: number;

  constructor(text: string, from: number, end: number) {
    this.#text = text;
    this.#at = from;
    this.#end = end;
  }

  get isOver(): boolean {
    return this.#at === this.#end;
  }

  number(): number {
    const number = this.#character();
    return number === LARGE ? this.#character() * LARGE_RADIX + this.#character() : number;
  }

  #character(): number {
    const code = this.#text.charCodeAt(this.#at);
    this.#at += 1;
    return code < LONG_FROM ? (NUMBERS[code] ?? 0) : code - (code < 0x2028 ? 0 : 2) - LONG_OVER;
  }

  byte(): number {
    const code = this.#text.charCodeAt(this.#at);
    this.#at += 1;
    return code === 0x7f ? 0 : code & 0xff;
  }

  bytes(out: Output): void {
    while (!this.isOver) {
      out.byte(this.byte());
    }
  }
}

/** How far a long character is from its number. */
const LONG_OVER = LONG_FROM - SHORT.length;

/** The number of each short character. */
const NUMBERS = new Uint8Array(LONG_FROM);
SHORT.forEach((code, number) => {
  NUMBERS[code] = number;
});

/** The module, function by function. */
class Unpacking {
  readonly #streams: Record<Stream, Reading>;
  /** The bytes of each symbol, and what follows it. */
  readonly #symbols: Uint8Array[] = [];
  readonly #follows: number[] = [];
  readonly #base: number;

  constructor(text: string) {
    let from = 0;
    this.#streams = Object.fromEntries(
      STREAMS.map((name) => {
        const end = text.indexOf(SEPARATOR, from);
        const stream = new Reading(text, from, end);
        from = end + 1;
        return [name, stream];
      }),
    ) as Record<Stream, Reading>;
    const { symbols } = this.#streams;
    this.#base = symbols.number() * 0x1000;
    while (!symbols.isOver) {
      this.#follows.push(symbols.number());
      const bytes = new Uint8Array(symbols.number());
      this.#symbols.push(bytes.map(() => symbols.number()));
    }
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const { head, tail, locals } = this.#streams;
    const code = new Output();
    const body = new Output();
    const nFunctions = locals.number();
    code.unsigned(nFunctions);
    for (let at = 0; at < nFunctions; at += 1) {
      body.length = 0;
      this.#function(body);
      code.unsigned(body.length);
      code.all(body.taken());
    }
    const all = new Output();
    head.bytes(all);
    all.byte(10);
    all.unsigned(code.length);
    all.all(code.taken());
    tail.bytes(all);
    return all.taken();
  }

  #function(out: Output): void {
    const { locals, code } = this.#streams;
    const nGroups = locals.number();
    out.unsigned(nGroups);
    for (let at = 0; at < nGroups; at += 1) {
      out.unsigned(locals.number());
      out.byte(locals.number());
    }
    for (let depth = 1; 0 < depth; ) {
      const number = code.number();
      const bytes = this.#symbols[number];
      if (bytes === undefined) {
        throw new RangeError("no such symbol");
      }
      const opcode = bytes[0] ?? 0;
      if (bytes.length === 1) {
        out.byte(opcode);
      } else {
        out.all(bytes);
      }
      this.#follow(out, this.#follows[number] ?? 0);
      if (opcode === 0x0b) {
        depth -= 1;
      } else if (0x02 <= opcode && opcode <= 0x04) {
        depth += 1;
      }
    }
  }

  #follow(out: Output, follows: number): void {
    const { address, branch, call, leb, local, offset, raw, small } = this.#streams;
    switch (follows) {
      case 0:
        break;
      case FOLLOWS.local:
        out.unsigned(local.number());
        break;
      case FOLLOWS.offset:
        out.unsigned(offset.number());
        break;
      case FOLLOWS.address:
        out.unsigned(this.#base + address.number() * 0x80 + address.number());
        break;
      case FOLLOWS.call:
        out.unsigned(call.number());
        break;
      case FOLLOWS.branch:
        out.unsigned(branch.number());
        break;
      case FOLLOWS.table: {
        const nTargets = branch.number();
        out.unsigned(nTargets);
        for (let at = 0; at <= nTargets; at += 1) {
          out.unsigned(branch.number());
        }
        break;
      }
      case FOLLOWS.small:
        out.signed(small.number() + SMALL_FROM);
        break;
      case FOLLOWS.signedAddress:
        out.signed(this.#base + address.number() * 0x80 + address.number());
        break;
      case FOLLOWS.leb: {
        let byte = leb.byte();
        while (0x80 <= byte) {
          out.byte(byte);
          byte = leb.byte();
        }
        out.byte(byte);
        break;
      }
      default:
        for (let at = 0; at < follows; at += 1) {
          out.byte(raw.byte());
        }
    }
  }
}
