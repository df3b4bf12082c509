// A core in two parts: when the rest is taken in, and what is said where it is missing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { packed, unpacker } from "../../build/packed.ts";
import type { Report } from "./core.ts";
import type { FromWorker, Request } from "./protocol.ts";
import { type Answering, Serving } from "./serving.ts";
import { nextTask } from "./turns.ts";

/** A module of one function that does nothing. */
const MODULE = packed(
  Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
    ...[0x03, 0x02, 0x01, 0x00],
    ...[0x0a, 0x04, 0x01, 0x02, 0x00, 0x0b],
  ),
  unpacker(readFileSync("src/engine/unpacked.wat", "utf8")),
);

/** A core that answers when the test says so. */
class StandIn implements Answering {
  isWhole: boolean;
  readonly memoryBytes = 0;
  settle: { resolve(report: Report): void; reject(thrown: unknown): void } | null = null;

  constructor(isWhole: boolean) {
    this.isWhole = isWhole;
  }

  answer(): Promise<Report> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  complete(): void {
    this.isWhole = true;
  }
}

function served(rest?: string): { serving: Serving; core: StandIn; sent: FromWorker[] } {
  const sent: FromWorker[] = [];
  let core = new StandIn(true);
  const serving = new Serving(
    (_module, _bytes, more) => {
      core = new StandIn(more !== undefined);
      return core;
    },
    (message) => sent.push(message),
  );
  serving.take({ kind: "start", wasm: MODULE, rest, memoryBytesMax: 0 });
  return { serving, core, sent };
}

const requestOf = (nBytes: number): Request => ({
  kind: "analyze",
  source: new Blob([new Uint8Array(nBytes)]),
  options: {},
});

const kinds = (sent: readonly FromWorker[]) => sent.map(({ kind }) => kind);

test("the rest is taken in when it comes", () => {
  const { serving, core, sent } = served();
  assert.equal(core.isWhole, false);
  serving.take({ kind: "rest", rest: MODULE });
  assert.equal(core.isWhole, true);
  assert.deepEqual(kinds(sent), ["ready", "whole"]);
});

test("a small file is answered first", async () => {
  const { serving, core, sent } = served();
  serving.take({ kind: "request", id: 1, request: requestOf(20) });
  serving.take({ kind: "rest", rest: MODULE });
  assert.equal(core.isWhole, false);
  core.settle?.resolve({} as Report);
  await nextTask();
  assert.deepEqual(kinds(sent), ["ready", "done", "whole"]);
});

test("while a large file is read the rest is taken in", () => {
  const { serving, core } = served();
  serving.take({ kind: "request", id: 1, request: requestOf(2_000_000) });
  serving.take({ kind: "rest", rest: MODULE });
  assert.equal(core.isWhole, true);
});

for (const [name, rest, code] of [
  ["is missing something", undefined, "core-incomplete"],
  ["has all of it", MODULE, "engine-crashed"],
] as const) {
  test(`what is said where a core that ${name} ends`, async () => {
    const { serving, core, sent } = served(rest);
    serving.take({ kind: "request", id: 1, request: requestOf(20) });
    core.settle?.reject(new WebAssembly.RuntimeError("unreachable"));
    await nextTask();
    const failed = sent.find((message) => message.kind === "failed");
    assert.equal(failed?.error.code, code);
    assert.equal(failed?.fatal, true);
  });
}
