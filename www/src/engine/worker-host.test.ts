// A file between the page and its workers: messages, parts, progress, ends. No thread is started.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FileWork } from "./file-work.ts";
import { type Peer, plannedParts, rangesOf } from "./parts.ts";
import type { FromWorker, Progress, Request, ToWorker } from "./protocol.ts";
import { Serving } from "./serving.ts";
import { fakeSessions, rowsOf, type Temper } from "./stand-in-core.ts";
import { WorkerHost } from "./worker-host.ts";

const MIB = 1024 ** 2;
const LINES = Array.from({ length: 500 }, (_, index) => `${index},${"y".repeat((index * 5) % 17)}`);
const FILE = new Blob([LINES.join("\n")]);

/** The smallest module: the stand-in needs none. */
const EMPTY = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));

/** A worker without a thread: messages are copied, and come later. */
class Near implements Peer {
  onmessage: Peer["onmessage"] = null;
  onerror: Peer["onerror"] = null;
  onmessageerror: Peer["onmessageerror"] = null;
  isTerminated = false;
  readonly heard: ToWorker["kind"][] = [];
  readonly #serving: Serving;

  constructor(temper: Temper = {}) {
    const work = new FileWork(fakeSessions(temper), 1024 * MIB);
    this.#serving = new Serving(
      () => ({
        memoryBytes: temper.memoryBytes?.() ?? 0,
        answer(request: Request, way) {
          switch (request.kind) {
            case "analyze":
              return work.analyze(request.source, request.options, request.why, way);
            case "part":
              return work.part(request.source, request.options, request, way);
            default:
              return Promise.reject(new Error(`nobody asks for ${request.kind} here`));
          }
        },
      }),
      (message, transfer) => this.#receive(structuredClone(message, { transfer })),
    );
    this.#serving.take({ kind: "start", wasm: EMPTY, memoryBytesMax: 0 });
  }

  #receive(message: FromWorker): void {
    setImmediate(() => {
      if (!this.isTerminated) {
        this.onmessage?.({ data: message } as MessageEvent<FromWorker>);
      }
    });
  }

  postMessage(message: ToWorker, transfer: Transferable[] = []): void {
    this.heard.push(message.kind);
    // A clone of a blob would have no bytes of its own in this runtime.
    const copy =
      message.kind === "request"
        ? { ...message, request: { ...message.request } }
        : structuredClone(message, { transfer });
    setImmediate(() => {
      if (!this.isTerminated) {
        this.#serving.take(copy);
      }
    });
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

/** A host whose further workers have these tempers; `null` where none can be had. */
function hosted(tempers: readonly (Temper | null)[] = [], first: Temper = {}) {
  const worker = new Near(first);
  const others: Near[] = [];
  const startAnother = async () => {
    const temper = tempers[others.length];
    const other = new Near(temper ?? {});
    others.push(other);
    if (temper === null) {
      throw new Error("no worker");
    }
    return other;
  };
  const host = new WorkerHost(worker, startAnother, 2);
  return { host, worker, others };
}

async function read(host: WorkerHost, workers?: number, tell: (one: Progress) => void = () => {}) {
  const answer = await host.answer(
    { kind: "analyze", source: FILE, options: {}, ...(workers === undefined ? {} : { workers }) },
    tell,
  );
  return rowsOf(answer as Parameters<typeof rowsOf>[0]);
}

test("small files and small machines have one worker, large ones have more", () => {
  assert.equal(plannedParts(10 * MIB, 16), 1);
  assert.equal(plannedParts(1024 * MIB, 2), 1);
  assert.equal(plannedParts(64 * MIB, 4), 2);
  assert.equal(plannedParts(96 * MIB, 8), 3);
  assert.equal(plannedParts(4096 * MIB, 64), 4);
  assert.equal(plannedParts(1000, 2, 3), 3);
  assert.equal(plannedParts(1024 * MIB, 64, 1), 1);
  assert.equal(plannedParts(0, 2, 3), 1);
});

test("the parts are the file, without a gap", () => {
  assert.deepEqual(rangesOf(10, 3), [
    { from: 0, until: 3 },
    { from: 3, until: 6 },
    { from: 6, until: null },
  ]);
});

test("a small file is read by one worker", async () => {
  const { host, others } = hosted();
  assert.deepEqual(await read(host), LINES);
  assert.equal(others.length, 0);
  assert.equal(host.isSpent, false);
});

test("three workers come to the same as one, and two of them end", async () => {
  const { host, worker, others } = hosted();
  assert.deepEqual(await read(host, 3), LINES);
  assert.equal(others.length, 2);
  assert.ok(others.every(({ isTerminated }) => isTerminated));
  assert.equal(worker.isTerminated, false);
});

test("a worker that cannot be had, fails or dies is done without", async () => {
  const failing: Temper = {
    onPush() {
      throw new WebAssembly.RuntimeError("unreachable");
    },
  };
  for (const tempers of [[null], [{}, null], [failing], [{}, failing]]) {
    const { host, others } = hosted(tempers);
    assert.deepEqual(await read(host, 3), LINES);
    assert.equal(others.length, 2);
  }
  const { host, others } = hosted();
  const answer = read(host, 2);
  while (others[0]?.onerror == null) {
    await new Promise(setImmediate);
  }
  const [dying] = others;
  dying?.onerror?.({ preventDefault: () => undefined } as ErrorEvent);
  assert.deepEqual(await answer, LINES);
});

test("a file that cannot be split starts no other worker", async () => {
  const { host, others } = hosted([], { isSplittable: false });
  assert.deepEqual(await read(host, 4), LINES);
  assert.equal(others.length, 0);
});

test("progress of the parts is told as one, and ends with the whole", async () => {
  const told: Progress[] = [];
  const { host } = hosted();
  await read(host, 3, (progress) => told.push(progress));
  assert.ok(told.every(({ bytes, total }) => bytes <= total && total === FILE.size));
  assert.deepEqual(told.at(-1), {
    bytes: FILE.size,
    total: FILE.size,
    rows: LINES.length,
    pass: 1,
  });
});

test("stopping ends all workers", async () => {
  const { host, worker, others } = hosted();
  void read(host, 4);
  while (others.length < 3) {
    await new Promise(setImmediate);
  }
  host.stop();
  await new Promise(setImmediate);
  assert.ok(worker.isTerminated);
  assert.ok(others.every(({ isTerminated }) => isTerminated));
});

test("a worker that took much memory is spent, whatever the size of the file", async () => {
  const { host } = hosted([], { memoryBytes: () => 129 * MIB });
  await read(host);
  assert.equal(host.isSpent, true);
  const { host: other } = hosted([], { memoryBytes: () => 127 * MIB });
  const line = `${"z".repeat(1023)}\n`;
  await other.answer(
    { kind: "analyze", source: new Blob([line.repeat(17 * 1024)]), options: {} },
    () => {},
  );
  assert.equal(other.isSpent, false);
});

test("a worker that crashes is down, and says so", async () => {
  const { host } = hosted([], {
    onPush() {
      throw new WebAssembly.RuntimeError("unreachable");
    },
    isFull: () => true,
  });
  await assert.rejects(read(host), { code: "out-of-memory" });
  assert.equal(host.isDown, true);
});
