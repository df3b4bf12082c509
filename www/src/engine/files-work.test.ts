// Several files on their way to the core. It deliberately uses a core that only counts bytes.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { FilesOptions, Outcome } from "./core.ts";
import type { Way } from "./file-work.ts";
import { type FilesSession, FilesWork } from "./files-work.ts";
import type { Progress } from "./protocol.ts";

/** Wants the beginning of each file, then each in full, and the second one twice. */
class Counting implements FilesSession {
  readonly log: string[] = [];
  readonly #steps: readonly [file: number, isReading: boolean, isAgain: boolean][] = [
    [0, false, false],
    [1, false, false],
    [0, true, false],
    [1, true, false],
    [1, true, true],
  ];
  #at = -1;
  #bytes = 0;

  nextFile(): number | undefined {
    this.#at += 1;
    this.#bytes = 0;
    return this.#steps[this.#at]?.[0];
  }

  isReading(): boolean {
    return this.#steps[this.#at]?.[1] ?? false;
  }

  isReadingAgain(): boolean {
    return this.#steps[this.#at]?.[2] ?? false;
  }

  push(bytes: Uint8Array): boolean {
    this.#bytes += bytes.byteLength;
    return this.isReading();
  }

  end(): void {
    this.log.push(`${this.#steps[this.#at]?.[0]}:${this.#bytes}`);
  }

  rows(): number {
    return this.#bytes;
  }

  report(): Outcome {
    return { kind: "report", report: { input: {} } } as unknown as Outcome;
  }

  reanalyze(options: FilesOptions): Outcome {
    return options.matchIds === "alike"
      ? ({ kind: "report", report: { input: {} } } as unknown as Outcome)
      : { kind: "readAgain", why: "for a test" };
  }

  customers(): never {
    throw new Error("nobody asks");
  }

  customersCsv(): never {
    throw new Error("nobody asks");
  }

  customer(): never {
    throw new Error("nobody asks");
  }

  lifetimes(): never {
    throw new Error("nobody asks");
  }

  outlook(): never {
    throw new Error("nobody asks");
  }

  free(): void {
    this.log.push("freed");
  }
}

function worksOn(session: Counting): { work: FilesWork; given: FilesOptions[] } {
  const given: FilesOptions[] = [];
  const sessions = {
    files(options: FilesOptions) {
      given.push(options);
      return session;
    },
    memoryBytes: () => 0,
    isFull: () => false,
  };
  return { work: new FilesWork(sessions, 1e9), given };
}

const several = (options: FilesOptions = {}) => ({
  sources: [new Blob(["a,b\n1,2\n"]), new Blob(["c\n3\n"])],
  options: { files: [{ name: "a.csv" }, { name: "b.csv" }], ...options },
});

test("each file is looked at and then read, as often as the core wants it", async () => {
  const session = new Counting();
  const told: Progress[] = [];
  const way: Way = { tell: (progress) => told.push(progress) };
  await worksOn(session).work.analyze(several(), undefined, way);
  assert.deepEqual(session.log, ["0:8", "1:4", "0:8", "1:4", "1:4"]);
  const last = told.at(-1);
  assert.deepEqual([last?.bytes, last?.total, last?.rows, last?.pass], [12, 12, 12, 2]);
  assert.ok(told.every(({ bytes, total }) => bytes <= total));
});

test("what the core says again needs no reading, and what it wants again is read", async () => {
  const session = new Counting();
  const { work } = worksOn(session);
  const way: Way = { tell: () => undefined };
  await work.analyze(several(), undefined, way);
  const nBefore = session.log.length;
  await work.reanalyze(several({ matchIds: "alike" }), way);
  assert.equal(session.log.length, nBefore);
  await work.reanalyze(several(), way);
});

test("a cancelled reading lets go of the core's session", async () => {
  const session = new Counting();
  const controller = new AbortController();
  controller.abort(new DOMException("enough", "AbortError"));
  const way: Way = { tell: () => undefined, signal: controller.signal };
  await assert.rejects(worksOn(session).work.analyze(several(), undefined, way), {
    name: "AbortError",
  });
  assert.deepEqual(session.log, ["freed"]);
});

test("a packed file is named as such", async () => {
  const { work, given } = worksOn(new Counting());
  const packed = new Response(
    new Blob(["a,b\n1,2\n"]).stream().pipeThrough(new CompressionStream("gzip")),
  );
  const files = { ...several(), sources: [await packed.blob(), new Blob(["c\n3\n"])] };
  await work.analyze(files, undefined, { tell: () => undefined });
  assert.deepEqual(
    given[0]?.files?.map(({ container }) => container),
    ["gzip", undefined],
  );
});
