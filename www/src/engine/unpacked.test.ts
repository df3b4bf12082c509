// Modules that go into their text and come out again, byte by byte.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { packed, unpacker } from "../../build/packed.ts";
import { unpacked } from "./unpacked.ts";

const unpacking = unpacker(readFileSync("src/engine/unpacked.wat", "utf8"));

/** A module of one function of no parameters with these instructions. */
function moduleOf(...instructions: number[]): Uint8Array<ArrayBuffer> {
  const body = [0, ...instructions, 0x0b];
  return Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
    ...[0x03, 0x02, 0x01, 0x00],
    ...[0x05, 0x03, 0x01, 0x00, 0x20],
    ...[0x0a, body.length + 2, 0x01, body.length],
    ...body,
    // What follows the code: a section of data, with every kind of byte that a script escapes.
    ...[0x0b, 0x10, 0x01, 0x00, 0x41, 0x00, 0x0b, 0x0a],
    ...[0x00, 0x0a, 0x0d, 0x22, 0x24, 0x5c, 0x60, 0x7f, 0x80, 0xff],
  );
}

const I32_CONST = 0x41;
const DROP = 0x1a;

const cases: [name: string, module: Uint8Array<ArrayBuffer>][] = [
  ["nothing", moduleOf()],
  ["a small number", moduleOf(I32_CONST, 0x2a, DROP)],
  ["the least small number and one below", moduleOf(I32_CONST, 0x6c, DROP, I32_CONST, 0x6b, DROP)],
  ["an address", moduleOf(I32_CONST, 0x80, 0x80, 0xc0, 0x00, DROP)],
  ["the largest number", moduleOf(I32_CONST, 0xff, 0xff, 0xff, 0xff, 0x07, DROP)],
  ["the least number", moduleOf(I32_CONST, 0x80, 0x80, 0x80, 0x80, 0x78, DROP)],
  [
    "a 64-bit number",
    moduleOf(0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, DROP),
  ],
  ["a float with any bytes", moduleOf(0x44, 0, 1, 10, 34, 92, 127, 128, 255, DROP)],
  [
    "a load at an offset that has no character",
    moduleOf(I32_CONST, 0, 0x28, 2, 0xff, 0x9f, 0x03, DROP),
  ],
  ["a load far away", moduleOf(I32_CONST, 0, 0x28, 2, 0xff, 0xff, 0xff, 0x7f, DROP)],
  [
    "blocks and branches",
    moduleOf(0x02, 0x40, 0x03, 0x40, I32_CONST, 0, 0x0d, 0, 0x0c, 1, 0x0b, 0x0b),
  ],
  ["a table of branches", moduleOf(0x02, 0x40, I32_CONST, 1, 0x0e, 2, 0, 0, 0, 0x0b)],
  ["a vector", moduleOf(0xfd, 0x0c, ...Array.from({ length: 16 }, (_, at) => at * 16), DROP)],
  ["a lane", moduleOf(I32_CONST, 0, 0xfd, 0x0f, 0xfd, 0x15, 15, DROP)],
  ["memory that is filled", moduleOf(I32_CONST, 0, I32_CONST, 0, I32_CONST, 0, 0xfc, 0x0b, 0)],
];

for (const [name, module] of cases) {
  test(`comes out as it went in: ${name}`, () => {
    assert.ok(WebAssembly.validate(module));
    assert.deepEqual(unpacked(packed(module, unpacking)), module);
  });
}

test("the modules of the core come out as they went in", () => {
  for (const name of ["formulas", "files", "models"]) {
    const module = readFileSync(`pkg/${name}_bg.wasm`);
    assert.equal(Buffer.compare(unpacked(packed(module, unpacking)), module), 0, name);
  }
});

test("a module that is written at greater length than it need be is refused", () => {
  // 0x80 0x00 is a zero, and comes out as one byte.
  assert.throws(() => packed(moduleOf(0x10, 0x80, 0x00), unpacking), /does not come out/);
});

test("an instruction that is not known is refused", () => {
  assert.throws(() => packed(moduleOf(0x06), unpacking), /unknown/);
});
