// A file from its bytes to its report, whole and in parts. The core is a stand-in that counts lines.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { CHUNK_BYTES } from "./blob-chunks.ts";
import { BIG_FILE_BYTES, FileWork, type OtherParts, type Way } from "./file-work.ts";
import { rangesOf } from "./parts.ts";
import type { Progress } from "./protocol.ts";
import { RetentionError } from "./retention-error.ts";
import { fakeSessions, rowsOf, type Temper } from "./stand-in-core.ts";

const GIB = 1024 ** 3;

/** Lines of different lengths. */
const LINES = Array.from({ length: 400 }, (_, index) => `${index},${"x".repeat((index * 7) % 31)}`);
const FILE = new Blob([LINES.join("\n")]);

const unwatched: Way = { tell: () => undefined };

/** The other parts of a file, each read by a worker of its own temper. */
function others(
  source: Blob,
  nParts: number,
  tempers: readonly (Temper | "dead")[] = [],
): OtherParts & { nBegun: number; nGivenUp: number } {
  const ranges = rangesOf(source.size, nParts);
  return {
    nParts,
    until: ranges[0]?.until ?? source.size,
    nBegun: 0,
    nGivenUp: 0,
    begin() {
      this.nBegun += 1;
    },
    async ledger(index) {
      const range = ranges[index];
      const temper = tempers[index - 1] ?? {};
      return range === undefined || temper === "dead"
        ? null
        : new FileWork(fakeSessions(temper), GIB).part(source, {}, range, unwatched);
    },
    giveUp() {
      this.nGivenUp += 1;
    },
  };
}

test("a file is read to its end, and its progress ends with all of it", async () => {
  const told: Progress[] = [];
  const work = new FileWork(fakeSessions(), GIB);
  const report = await work.analyze(FILE, {}, undefined, { tell: (one) => told.push(one) });
  assert.deepEqual(rowsOf(report), LINES);
  const size = FILE.size;
  assert.deepEqual(told.at(-1), { bytes: size, total: size, rows: 400, pass: 1 });
});

test("a file that is asked for again is read again, and it is said why", async () => {
  const told: Progress[] = [];
  const work = new FileWork(fakeSessions({ again: "another currency" }), GIB);
  const report = await work.analyze(FILE, {}, undefined, { tell: (one) => told.push(one) });
  assert.deepEqual(rowsOf(report), LINES);
  assert.ok(told.some(({ pass, why }) => pass === 2 && why === "another currency"));
});

for (const nParts of [2, 3, 4, 40]) {
  test(`${nParts} parts come to the same as the whole`, async () => {
    const parts = others(FILE, nParts);
    const report = await new FileWork(fakeSessions(), GIB).analyze(FILE, {}, undefined, {
      ...unwatched,
      others: parts,
    });
    assert.deepEqual(rowsOf(report), LINES);
    assert.deepEqual([parts.nBegun, parts.nGivenUp], [1, 0]);
  });
}

test("parts begin and end anywhere in a row", async () => {
  for (let until = 1; until < 120; until += 1) {
    const sessions = fakeSessions();
    const report = await new FileWork(sessions, GIB).analyze(FILE, {}, undefined, {
      ...unwatched,
      others: {
        ...others(FILE, 2),
        until,
        ledger: () =>
          new FileWork(fakeSessions(), GIB).part(FILE, {}, { from: until, until: null }, unwatched),
      },
    });
    assert.deepEqual(rowsOf(report), LINES);
  }
});

test("where a part is missing the rest is read here", async () => {
  for (const missing of [0, 1, 2]) {
    const tempers: (Temper | "dead")[] = [{}, {}, {}];
    tempers[missing] = "dead";
    const parts = others(FILE, 4, tempers);
    const report = await new FileWork(fakeSessions(), GIB).analyze(FILE, {}, undefined, {
      ...unwatched,
      others: parts,
    });
    assert.deepEqual(rowsOf(report), LINES);
    assert.equal(parts.nGivenUp, 1);
  }
});

test("where a part does not fit the rest is read here", async () => {
  let nRefused = 0;
  const refuses = (ledger: string) => {
    nRefused += 1;
    return ledger.includes('"250,');
  };
  const parts = others(FILE, 3);
  const report = await new FileWork(fakeSessions({ refuses }), GIB).analyze(FILE, {}, undefined, {
    ...unwatched,
    others: parts,
  });
  assert.deepEqual(rowsOf(report), LINES);
  assert.deepEqual([nRefused, parts.nGivenUp], [1, 1]);
});

test("a part whose file cannot be split, or whose table opens too late, is none", async () => {
  const range = { from: 20, until: null };
  for (const temper of [{ isSplittable: false }, { opensAfter: 1e9 }]) {
    const work = new FileWork(fakeSessions(temper), GIB);
    assert.equal(await work.part(FILE, {}, range, unwatched), null);
  }
});

test("what cannot be split is read whole, and nobody else is started", async () => {
  const packed = new Blob([gzipSync(Buffer.from(LINES.join("\n")))]);
  const cases: [Blob, Temper, string | undefined][] = [
    [FILE, { isSplittable: false }, undefined],
    [FILE, { opensAfter: 1e9 }, undefined],
    [FILE, {}, "iso-8859-7"],
    [packed, {}, undefined],
  ];
  for (const [source, temper, encoding] of cases) {
    const parts = others(source, 2);
    const report = await new FileWork(fakeSessions(temper), GIB).analyze(
      source,
      encoding === undefined ? {} : { encoding },
      undefined,
      { ...unwatched, others: parts },
    );
    assert.deepEqual(rowsOf(report), LINES);
    assert.equal(parts.nBegun, 0);
  }
});

test("a file in parts that is asked for again is read whole", async () => {
  const sessions = fakeSessions({ again: "another currency" });
  const report = await new FileWork(sessions, GIB).analyze(FILE, {}, undefined, {
    ...unwatched,
    others: others(FILE, 3),
  });
  assert.deepEqual(rowsOf(report), LINES);
  assert.equal(sessions.made.length, 1);
});

test("the progress of the first part is told as a share of it", async () => {
  const told: [Progress, boolean][] = [];
  const parts = others(FILE, 4);
  await new FileWork(fakeSessions(), GIB).analyze(FILE, {}, undefined, {
    tell: (progress, isShare) => told.push([progress, isShare]),
    others: parts,
  });
  const shares = told.filter(([, isShare]) => isShare).map(([{ bytes }]) => bytes);
  assert.ok(shares.length > 0 && shares.every((bytes) => bytes <= parts.until));
  assert.deepEqual([told.at(-1)?.[0].bytes, told.at(-1)?.[1]], [FILE.size, false]);
});

test("a further part tells its own bytes", async () => {
  const told: Progress[] = [];
  await new FileWork(fakeSessions(), GIB).part(
    FILE,
    {},
    { from: 1000, until: 2000 },
    { tell: (progress) => told.push(progress) },
  );
  assert.equal(told.at(-1)?.bytes, 1000);
});

test("a file is refused when its memory is used up, and its session is freed", async () => {
  let memoryBytes = 1e6;
  const sessions = fakeSessions({
    memoryBytes: () => memoryBytes,
    onPush: (bytes) => {
      memoryBytes += bytes.length;
    },
  });
  const source = new Blob(["x\n".repeat(2 * CHUNK_BYTES)]);
  await assert.rejects(new FileWork(sessions, 3e6).analyze(source, {}, undefined, unwatched), {
    code: "file-too-large",
  });
  assert.equal(sessions.made[0]?.isFree, true);
});

test("a trap of a core that has no more memory says so, any other does not", async () => {
  for (const [isFull, code] of [
    [true, "out-of-memory"],
    [false, undefined],
  ] as const) {
    let nPushes = 0;
    const sessions = fakeSessions({
      isFull: () => isFull,
      onPush() {
        nPushes += 1;
        if (nPushes === 3) {
          throw new WebAssembly.RuntimeError("unreachable");
        }
      },
    });
    const source = new Blob(["x\n".repeat(2 * CHUNK_BYTES)]);
    const thrown = await new FileWork(sessions, GIB)
      .analyze(source, {}, undefined, unwatched)
      .catch((reason: unknown) => reason);
    assert.equal((thrown as RetentionError).code, code);
    if (isFull) {
      assert.ok(thrown instanceof RetentionError);
      assert.match(thrown.message, /ran out after 2 MB of 4 MB, 1,048,576 rows/);
    }
  }
});

test("other options are answered from the session, and a large file is not read again here", async () => {
  const small = new FileWork(fakeSessions(), GIB);
  await small.analyze(FILE, {}, undefined, unwatched);
  const again = await small.reanalyze(FILE, { delimiter: ";" }, unwatched);
  assert.ok(!("kind" in again));
  assert.deepEqual(rowsOf(again), LINES);

  const line = `${"x".repeat(1023)}\n`;
  const big = new Blob([line.repeat(BIG_FILE_BYTES / 1024 + 1)]);
  const work = new FileWork(fakeSessions(), GIB);
  await work.analyze(big, {}, undefined, unwatched);
  const same = await work.reanalyze(big, {}, unwatched);
  assert.ok(!("kind" in same));
  assert.deepEqual(await work.reanalyze(big, { delimiter: ";" }, unwatched), {
    kind: "anew",
    why: "another separator",
  });
  const recoded = await work.reanalyze(big, { encoding: "utf-8" }, unwatched);
  assert.equal("kind" in recoded && recoded.kind, "anew");
});

test("without a session, other options read the file", async () => {
  const report = await new FileWork(fakeSessions(), GIB).reanalyze(FILE, {}, unwatched);
  assert.ok(!("kind" in report));
  assert.deepEqual(rowsOf(report), LINES);
});
