// Takes a WebAssembly module apart into what a first report calls and the rest of it.
// It deliberately changes no function: each stands in one of the two as it was, and in the place of
// one that stands in the rest there is a call through a table, which the rest fills when it comes.

import { isPlain } from "./packed.ts";

/** A module in two. */
export interface Parts {
  /** Works by itself; a function of the rest ends it with a trap. */
  first: Uint8Array<ArrayBuffer>;
  /** Imports what it needs from the exports of the first. */
  rest: Uint8Array<ArrayBuffer>;
}

/** The sections of a module that are looked into. */
const SECTION = {
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  element: 9,
  code: 10,
} as const;

/** What is imported or exported. */
const KIND = { function: 0, table: 1, memory: 2, global: 3 } as const;

const FUNCREF = 0x70;
const I32 = 0x7f;
const END = 0x0b;

/** The name under which the rest finds a thing of the first part. */
const nameOf = (kind: number, index: number) => `${"ftmg"[kind]}${index.toString(36)}`;

/** The module that `rest` imports from. */
export const FIRST = "first";

/** The same module, with a global exported for each function that says whether it was called. */
export function watched(wasm: Uint8Array): { wasm: Uint8Array<ArrayBuffer>; names: string[] } {
  const module = new Taken(wasm);
  const globals = module.items(SECTION.global);
  const names = module.bodies.map((_, at) => `called${at}`);
  return {
    wasm: module.written({
      [SECTION.global]: [...globals, ...names.map(() => [I32, 1, 0x41, 0, END])],
      [SECTION.export]: [
        ...module.items(SECTION.export),
        ...names.map((name, at) => [...text(name), KIND.global, ...leb(globals.length + at)]),
      ],
      [SECTION.code]: module.bodies.map((body, at) => {
        const { locals, code } = partsOf(body);
        return sized([...locals, 0x41, 1, 0x24, ...leb(globals.length + at), ...code]);
      }),
    }),
    names,
  };
}

/** The module in two: `isFirst` says which functions of its own stand in the first part. */
export function split(wasm: Uint8Array, isFirst: (at: number) => boolean): Parts {
  const module = new Taken(wasm);
  const { bodies, imported } = module;
  const later = bodies.flatMap((_, at) => (isFirst(at) ? [] : [at]));
  const nTables = module.items(SECTION.table).length + imported.tables.length;
  const nGlobals = module.items(SECTION.global).length + imported.globals.length;
  if (imported.tables.length + imported.memories.length + imported.globals.length > 0) {
    throw new Error("a module that is split may import functions only");
  }

  // What the rest calls of the first part, in order; behind them stand its own functions.
  const slots = new Map(later.map((at, slot) => [at, slot]));
  const called: number[] = [];
  const places = new Map<number, number>();
  for (const at of later) {
    for (const { index } of callsIn(bodies[at] ?? [])) {
      if (slots.has(index - imported.functions.length) || places.has(index)) continue;
      places.set(index, called.length);
      called.push(index);
    }
  }
  const placeOf = (index: number) => {
    const slot = slots.get(index - imported.functions.length);
    return slot === undefined ? (places.get(index) ?? Number.NaN) : called.length + slot;
  };

  const shared: [kind: number, index: number][] = [
    ...called.map((index): [number, number] => [KIND.function, index]),
    ...range(nTables + 1).map((index): [number, number] => [KIND.table, index]),
    [KIND.memory, 0],
    ...range(nGlobals).map((index): [number, number] => [KIND.global, index]),
  ];
  const table = [FUNCREF, 1, ...leb(later.length), ...leb(later.length)];
  const first = module.written({
    [SECTION.table]: [...module.items(SECTION.table), table],
    [SECTION.export]: [
      ...module.items(SECTION.export),
      ...shared.map(([kind, index]) => [...text(nameOf(kind, index)), kind, ...leb(index)]),
    ],
    [SECTION.code]: bodies.map((body, at) => {
      const slot = slots.get(at);
      return slot === undefined ? sized(body) : sized(module.through(at, slot, nTables));
    }),
  });

  const typesOf = (kind: number, index: number): number[] => {
    switch (kind) {
      case KIND.function:
        return leb(module.typeOf(index));
      case KIND.table:
        return index === nTables ? table : (module.items(SECTION.table)[index] ?? []);
      case KIND.memory:
        return module.items(SECTION.memory)[0] ?? [];
      default:
        return module.items(SECTION.global)[index]?.slice(0, 2) ?? [];
    }
  };
  const rest = [
    ...wasm.subarray(0, 8),
    ...section(SECTION.type, module.items(SECTION.type)),
    ...section(
      SECTION.import,
      shared.map(([kind, index]) => [
        ...text(FIRST),
        ...text(nameOf(kind, index)),
        kind,
        ...typesOf(kind, index),
      ]),
    ),
    ...section(
      SECTION.function,
      later.map((at) => leb(module.typeOf(imported.functions.length + at))),
    ),
    ...section(SECTION.element, [
      [
        ...[2, ...leb(nTables), 0x41, 0, END, 0],
        ...leb(later.length),
        ...later.flatMap((_, slot) => leb(called.length + slot)),
      ],
    ]),
  ];
  const code = section(
    SECTION.code,
    later.map((at) => sized(calledElsewhere(bodies[at] ?? [], placeOf))),
  );
  return { first, rest: Uint8Array.from([...rest, ...code]) };
}

/** A body whose calls go to where the functions are now. */
function calledElsewhere(body: ArrayLike<number>, placeOf: (index: number) => number): number[] {
  const written: number[] = [];
  let from = 0;
  for (const { start, end, index } of callsIn(body)) {
    for (let at = from; at < start; at += 1) written.push(body[at] ?? 0);
    written.push(0x10, ...leb(placeOf(index)));
    from = end;
  }
  for (let at = from; at < body.length; at += 1) written.push(body[at] ?? 0);
  return written;
}

/** A module that is taken apart into its sections. */
class Taken {
  readonly #wasm: Uint8Array;
  readonly #sections: { id: number; start: number; end: number }[] = [];
  readonly #items = new Map<number, number[][]>();
  /** The functions of its own, without their lengths. */
  readonly bodies: Uint8Array[] = [];
  readonly imported = {
    functions: [] as number[],
    tables: [] as number[],
    memories: [] as number[],
    globals: [] as number[],
  };

  constructor(wasm: Uint8Array) {
    this.#wasm = wasm;
    const at = new Cursor(wasm, 8);
    while (at.position < wasm.length) {
      const id = at.byte();
      const length = at.number();
      this.#sections.push({ id, start: at.position, end: at.position + length });
      at.position += length;
    }
    this.#readImports();
    for (const id of [
      SECTION.type,
      SECTION.function,
      SECTION.table,
      SECTION.memory,
      SECTION.global,
      SECTION.export,
    ]) {
      this.#items.set(id, this.#readItems(id));
    }
    const code = this.#cursor(SECTION.code);
    for (let left = code?.number() ?? 0; code !== null && left > 0; left -= 1) {
      const length = code.number();
      this.bodies.push(wasm.subarray(code.position, code.position + length));
      code.position += length;
    }
  }

  items(id: number): number[][] {
    return this.#items.get(id) ?? [];
  }

  /** The type of a function by its index among all. */
  typeOf(index: number): number {
    const { functions } = this.imported;
    const own = this.items(SECTION.function)[index - functions.length];
    return own === undefined ? (functions[index] ?? Number.NaN) : numberOf(own);
  }

  /** In the place of a function: a call through the table. */
  through(at: number, slot: number, table: number): number[] {
    const type = this.typeOf(this.imported.functions.length + at);
    const parameters = new Cursor(
      Uint8Array.from(this.items(SECTION.type)[type] ?? []),
      1,
    ).number();
    return [
      0,
      ...range(parameters).flatMap((local) => [0x20, ...leb(local)]),
      ...[0x41, ...signed(slot), 0x11, ...leb(type), ...leb(table), END],
    ];
  }

  /** The module, with these sections in place of its own. */
  written(
    changed: Readonly<Record<number, readonly (readonly number[])[]>>,
  ): Uint8Array<ArrayBuffer> {
    const pieces: Uint8Array[] = [this.#wasm.subarray(0, 8)];
    for (const { id, start, end } of this.#sections) {
      const items = changed[id];
      pieces.push(
        Uint8Array.from(
          items === undefined
            ? [id, ...leb(end - start), ...this.#wasm.subarray(start, end)]
            : section(id, items),
        ),
      );
    }
    return joined(pieces);
  }

  #cursor(id: number): Cursor | null {
    const found = this.#sections.find((one) => one.id === id);
    return found === undefined ? null : new Cursor(this.#wasm, found.start);
  }

  #readImports(): void {
    const at = this.#cursor(SECTION.import);
    for (let left = at?.number() ?? 0; at !== null && left > 0; left -= 1) {
      at.skip(at.number());
      at.skip(at.number());
      const kind = at.byte();
      const list = Object.values(this.imported)[kind];
      if (list === undefined) throw new Error(`an import of kind ${kind} is unknown here`);
      if (kind === KIND.function) {
        list.push(at.number());
      } else {
        list.push(0);
        if (kind === KIND.global) at.skip(2);
        else at.limits(kind === KIND.table);
      }
    }
  }

  #readItems(id: number): number[][] {
    const at = this.#cursor(id);
    const items: number[][] = [];
    for (let left = at?.number() ?? 0; at !== null && left > 0; left -= 1) {
      const { position } = at;
      switch (id) {
        case SECTION.type:
          at.skip(1);
          at.skip(at.number());
          at.skip(at.number());
          break;
        case SECTION.function:
          at.number();
          break;
        case SECTION.table:
        case SECTION.memory:
          at.limits(id === SECTION.table);
          break;
        case SECTION.global:
          at.skip(2);
          while (this.#wasm[at.position] !== END)
            at.position = instructionEnd(this.#wasm, at.position);
          at.skip(1);
          break;
        default:
          at.skip(at.number());
          at.skip(1);
          at.number();
      }
      items.push([...this.#wasm.subarray(position, at.position)]);
    }
    return items;
  }
}

/** A place in a module. */
class Cursor {
  readonly #bytes: Uint8Array;
  position: number;

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.position = position;
  }

  byte(): number {
    const byte = this.#bytes[this.position];
    if (byte === undefined) throw new Error("the module ends too early");
    this.position += 1;
    return byte;
  }

  number(): number {
    let number = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.byte();
      number += (byte & 0x7f) * factor;
      if (byte < 0x80) return number;
    }
  }

  skip(nBytes: number): void {
    this.position += nBytes;
  }

  /** How large a table or a memory is. */
  limits(isTable: boolean): void {
    if (isTable) this.skip(1);
    const hasMost = this.byte() % 2 === 1;
    this.number();
    if (hasMost) this.number();
  }
}

interface Call {
  start: number;
  end: number;
  index: number;
}

/** The calls of a body by the index of a function. */
function callsIn(body: ArrayLike<number>): Call[] {
  const bytes = Uint8Array.from(body);
  const calls: Call[] = [];
  const { locals } = partsOf(bytes);
  for (let start = locals.length; start < bytes.length; ) {
    const end = instructionEnd(bytes, start);
    if (bytes[start] === 0x10)
      calls.push({ start, end, index: new Cursor(bytes, start + 1).number() });
    start = end;
  }
  return calls;
}

/** What a body declares, and its instructions. */
function partsOf(body: Uint8Array): { locals: number[]; code: number[] } {
  const at = new Cursor(body, 0);
  for (let left = at.number(); left > 0; left -= 1) {
    at.number();
    at.skip(1);
  }
  return { locals: [...body.subarray(0, at.position)], code: [...body.subarray(at.position)] };
}

/** Where an instruction ends. */
function instructionEnd(bytes: Uint8Array, start: number): number {
  const at = new Cursor(bytes, start);
  const opcode = at.byte();
  const numbers = (n: number) => {
    for (let left = n; left > 0; left -= 1) at.number();
  };
  if (opcode === 0x0e) {
    numbers(at.number() + 1);
  } else if (opcode === 0x11) {
    numbers(2);
  } else if (opcode === 0x1c) {
    at.skip(at.number());
  } else if (opcode === 0x43 || opcode === 0x44) {
    at.skip(opcode === 0x43 ? 4 : 8);
  } else if (0x28 <= opcode && opcode <= 0x3e) {
    numbers(2);
  } else if (opcode === 0xfc) {
    const kind = at.number();
    // Segments of data and elements would be those of another module.
    if (kind > 7 && kind !== 10 && kind !== 11)
      throw new Error(`bulk instruction ${kind} is unknown here`);
    numbers(kind === 10 ? 2 : kind === 11 ? 1 : 0);
  } else if (opcode === 0xfd) {
    const kind = at.number();
    if (kind <= 11 || kind === 92 || kind === 93) numbers(2);
    else if (kind === 12 || kind === 13) at.skip(16);
    else if (21 <= kind && kind <= 34) at.skip(1);
    else if (84 <= kind && kind <= 91) {
      numbers(2);
      at.skip(1);
    }
  } else if ([0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x3f, 0x40, 0x41, 0x42, 0xd0].includes(opcode)) {
    numbers(1);
  } else if (0x20 <= opcode && opcode <= 0x26) {
    numbers(1);
  } else if (!isPlain(opcode)) {
    throw new Error(`instruction ${opcode.toString(16)} is unknown here`);
  }
  return at.position;
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  return [id, ...sized([...leb(items.length), ...items.flat()])];
}

function sized(bytes: ArrayLike<number>): number[] {
  return [...leb(bytes.length), ...Array.from(bytes)];
}

function text(name: string): number[] {
  return sized(new TextEncoder().encode(name));
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...leb(Math.floor(value / 0x80))];
}

/** A number that is not negative, as an instruction has it. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value % 0x80) + 0x80, ...signed(Math.floor(value / 0x80))];
}

function numberOf(bytes: readonly number[]): number {
  return new Cursor(Uint8Array.from(bytes), 0).number();
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, at) => at);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((bytes, piece) => bytes + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
