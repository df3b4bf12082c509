// The core that reads files in two parts: what the first answers alone, and both as one.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import binaryen from "binaryen";
import { filesInParts } from "../../build/first-core.ts";
import { split } from "../../build/split.ts";
import type { CustomerHistory, Outcome } from "./core.ts";

interface Session {
  push(bytes: Uint8Array): void;
  finish(): Outcome;
  customer(id: string): CustomerHistory;
}

interface Core {
  exports: WebAssembly.Exports;
  session(): Session;
}

/** The bindings with a module of their own. */
async function coreOf(module: Uint8Array, name: string): Promise<Core> {
  const { href } = pathToFileURL(resolve("pkg/files.js"));
  const { initSync, Session: Made } = (await import(`${href}?${name}`)) as {
    initSync(given: { module: Uint8Array }): WebAssembly.Exports;
    Session: new (options: object) => Session;
  };
  return { exports: initSync({ module }), session: () => new Made({}) };
}

const SUBSCRIPTIONS = new TextEncoder().encode(
  "account_id,start_date,end_date,mrr\nA,2024-01-01,,100.00\nB,2024-01-01,2024-03-15,50.00\n",
);

/** Files of a few columns, as people write them by hand. */
const BY_HAND: readonly [name: string, text: string][] = [
  [
    "orders",
    `customer_id,date,amount\n${range(45)
      .map((at) => `cus_${(at * 7) % 11},2025-0${1 + (at % 9)}-1${at % 10},${at + 5}.25`)
      .join("\n")}\n`,
  ],
  [
    "subscriptions",
    `id,start,end,mrr\n${range(60)
      .map((at) => `K${at % 41},2023-0${1 + (at % 8)}-03,${at % 4 ? "" : "2024-05-09"},${at + 9}`)
      .join("\n")}\n`,
  ],
  [
    "months",
    `customer,month,mrr\n${range(90)
      .map((at) => `k${at % 15},2024-0${1 + Math.floor(at / 15)},${40 + (at % 4)}.00`)
      .join("\n")}\n`,
  ],
  [
    "totals",
    `month,start_customers,new_customers,lost_customers\n${range(8)
      .map((at) => `2024-0${1 + at},${300 + 5 * at},15,10`)
      .join("\n")}\n`,
  ],
];

function range(length: number): number[] {
  return Array.from({ length }, (_, at) => at);
}

function link(rest: Uint8Array<ArrayBuffer>, first: WebAssembly.Exports): void {
  new WebAssembly.Instance(new WebAssembly.Module(rest), { first });
}

test("the first part alone reports on what people write by hand", async () => {
  const { first } = await filesInParts("./");
  const whole = await coreOf(readFileSync("pkg/files_bg.wasm"), "whole-by-hand");
  const alone = await coreOf(first, "first-by-hand");
  for (const [name, text] of BY_HAND) {
    const bytes = new TextEncoder().encode(text);
    const [expected, session] = [whole.session(), alone.session()];
    expected.push(bytes);
    session.push(bytes);
    const outcome = session.finish();
    assert.equal(outcome.kind, "report", name);
    assert.deepEqual(outcome, expected.finish(), name);
  }
});

test("the first part reports as the whole does, and both answer as the whole", async () => {
  const { first, rest } = await filesInParts("./");
  const whole = await coreOf(readFileSync("pkg/files_bg.wasm"), "whole");
  const parts = await coreOf(first, "parts");
  const [expected, session] = [whole.session(), parts.session()];
  expected.push(SUBSCRIPTIONS);
  session.push(SUBSCRIPTIONS);
  const outcome = session.finish();
  assert.equal(outcome.kind, "report");
  assert.deepEqual(outcome, expected.finish());
  assert.throws(() => session.customer("A"), WebAssembly.RuntimeError);

  link(rest, parts.exports);
  const anew = parts.session();
  anew.push(SUBSCRIPTIONS);
  anew.finish();
  assert.deepEqual(anew.customer("A"), expected.customer("A"));
});

/** Functions that call each other through every door: by name, through a table, from outside. */
const CALLS = `(module
  (type $binary (func (param i32 i64) (result i64)))
  (import "env" "ten" (func $ten (result i32)))
  (memory (export "memory") 1)
  (global $sum (mut i64) (i64.const 0))
  (table 2 funcref)
  (elem (i32.const 0) $times $plus)
  (func $plus (type $binary)
    (global.set $sum (i64.add (i64.extend_i32_s (local.get 0)) (local.get 1)))
    (global.get $sum))
  (func $times (type $binary)
    (i64.store (i32.const 8) (i64.mul (i64.extend_i32_s (local.get 0)) (local.get 1)))
    (call $plus (call $ten) (i64.load (i32.const 8))))
  (func (export "through") (param i32 i32 i64) (result i64)
    (call_indirect (type $binary) (local.get 1) (local.get 2) (local.get 0)))
  (func (export "by_name") (param i32 i64) (result i64)
    (call $times (local.get 0) (local.get 1))))`;

test("wherever functions stand, calls find them", () => {
  const built = binaryen.parseText(CALLS);
  built.setFeatures(binaryen.Features.All);
  const wasm = built.emitBinary();
  const env = { ten: () => 10 };
  for (let chosen = 0; chosen < 16; chosen += 1) {
    const { first, rest } = split(wasm, (at) => (chosen & (1 << at)) !== 0);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(first)), {
      env,
    });
    const { through, by_name: byName } = exports as unknown as {
      through(slot: number, left: number, right: bigint): bigint;
      by_name(left: number, right: bigint): bigint;
    };
    if (chosen === 0) assert.throws(() => byName(1, 1n), WebAssembly.RuntimeError);
    link(rest, exports);
    assert.equal(through(1, 3, 4n), 7n);
    assert.equal(through(0, 3, 4n), 22n);
    assert.equal(byName(-3, 4n), -2n);
  }
});
