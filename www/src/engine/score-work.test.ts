// Scoring in the worker: accounts are kept for other options, and read again where they must be.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { RiskReport, ScoreOptions, ScoreOutcome } from "./core.ts";
import { type AccountsSession, ScoreWork } from "./score-work.ts";

const decoder = new TextDecoder();

/** A stand-in whose report is the text it was given. */
class Text implements AccountsSession {
  text = "";
  isFree = false;
  readonly options: ScoreOptions;

  constructor(options: ScoreOptions) {
    this.options = options;
  }

  push(bytes: Uint8Array): void {
    this.text += decoder.decode(bytes);
    if (this.text.includes("!")) throw new Error("unreadable");
  }

  finish(): RiskReport {
    return { text: this.text } as unknown as RiskReport;
  }

  rescore(options: ScoreOptions): ScoreOutcome {
    return options.roles === undefined
      ? ({ kind: "scored", report: { text: `again ${this.text}` } } as unknown as ScoreOutcome)
      : ({ kind: "readAgain", why: "roles" } as ScoreOutcome);
  }

  free(): void {
    this.isFree = true;
  }
}

function working() {
  const sessions: Text[] = [];
  const work = new ScoreWork((options) => {
    const session = new Text(options);
    sessions.push(session);
    return session;
  });
  return { work, sessions };
}

const textOf = (report: RiskReport) => (report as unknown as { text: string }).text;

test("a file is read once for several sheets", async () => {
  const { work, sessions } = working();
  const source = new Blob(["a,b"]);
  assert.equal(textOf(await work.score(source, {}, undefined)), "a,b");
  assert.equal(textOf(await work.rescore(source, { asOf: "2025-01-01" }, undefined)), "again a,b");
  assert.equal(sessions.length, 1);
});

test("other roles and another encoding read it again, and free what was read", async () => {
  const { work, sessions } = working();
  const source = new Blob(["a,b"]);
  await work.score(source, {}, undefined);
  assert.equal(textOf(await work.rescore(source, { roles: { nps: "b" } }, undefined)), "a,b");
  assert.equal(textOf(await work.rescore(source, { encoding: "utf-8" }, undefined)), "a,b");
  assert.deepEqual(
    sessions.map(({ isFree }) => isFree),
    [true, true, false],
  );
});

test("without a file read before, it is read", async () => {
  const { work, sessions } = working();
  assert.equal(textOf(await work.rescore(new Blob(["x"]), {}, undefined)), "x");
  assert.equal(sessions.length, 1);
});

test("what cannot be read is freed, and so is what is cancelled", async () => {
  const { work, sessions } = working();
  await assert.rejects(work.score(new Blob(["!"]), {}, undefined), /unreadable/);
  await assert.rejects(work.score(new Blob(["x"]), {}, AbortSignal.abort()), /abort/i);
  assert.deepEqual(
    sessions.map(({ isFree }) => isFree),
    [true, true],
  );
});
