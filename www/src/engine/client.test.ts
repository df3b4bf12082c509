// The queue: one request at a time, cancelling, crashes. The core is a stand-in that does as told.

import assert from "node:assert/strict";
import { test } from "node:test";
import { asBlob, coreOptions, Engine } from "./client.ts";
import type { Figure, Report } from "./core.ts";
import type { Host } from "./host.ts";
import type { Answers, Progress, Request } from "./protocol.ts";
import { coreIncomplete, RetentionError } from "./retention-error.ts";

type Answer = Answers[keyof Answers];

interface Asked {
  request: Request;
  tell(progress: Progress): void;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/** A core whose answers the test gives. */
class StandIn implements Host {
  isDown = false;
  isSpent = false;
  isStopped = false;
  readonly asked: Asked[] = [];
  #waiting: ((asked: Asked) => void)[] = [];

  answer(request: Request, tell: (progress: Progress) => void): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = { request, tell, resolve, reject };
      this.asked.push(asked);
      this.#waiting.shift()?.(asked);
    });
  }

  stop(): void {
    this.isStopped = true;
  }

  /** The next request, once it comes. */
  next(): Promise<Asked> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

function started(): { engine: Engine; hosts: StandIn[]; first: StandIn } {
  const first = new StandIn();
  const waiting = [first, new StandIn(), new StandIn()];
  const hosts: StandIn[] = [];
  const engine = new Engine(async () => {
    const host = waiting.shift() ?? new StandIn();
    hosts.push(host);
    return host;
  });
  return { engine, hosts, first };
}

const figure: Figure = { value: 0.92, formula: "customer_retention_rate", inputs: {} };
const report = {} as Report;
const ask = (engine: Engine) => engine.reanalyze(new Blob(["x"]));

test("the core is started by the first request, and once", async () => {
  const { engine, hosts, first } = started();
  assert.equal(hosts.length, 0);
  const coming = first.next();
  const answer = ask(engine);
  (await coming).resolve(report);
  assert.equal(await answer, report);
  assert.equal(hosts.length, 1);
});

test("the second request waits for the first", async () => {
  const { engine, first } = started();
  const coming = first.next();
  const answers = [ask(engine), ask(engine)];
  const one = await coming;
  assert.equal(first.asked.length, 1);
  const next = first.next();
  one.resolve(report);
  (await next).resolve(report);
  await Promise.all(answers);
  assert.equal(first.asked.length, 2);
});

test("cancelling stops the core, and the next request gets another one", async () => {
  const { engine, hosts, first } = started();
  const abort = new AbortController();
  const coming = first.next();
  const answer = engine.analyze("a,b\n1,2\n", { signal: abort.signal });
  await coming;
  abort.abort();
  await assert.rejects(answer, { name: "AbortError" });
  const after = ask(engine);
  while (hosts[1]?.asked[0] === undefined) {
    await new Promise(setImmediate);
  }
  hosts[1].asked[0].resolve(report);
  assert.equal(await after, report);
  assert.equal(first.isStopped, true);
});

test("a request cancelled while it waits never reaches the core", async () => {
  const { engine, first } = started();
  const abort = new AbortController();
  const coming = first.next();
  const one = ask(engine);
  const two = engine.reanalyze(new Blob(["x"]), { signal: abort.signal });
  const asked = await coming;
  abort.abort();
  await assert.rejects(two, { name: "AbortError" });
  asked.resolve(report);
  await one;
  assert.equal(first.asked.length, 1);
  assert.equal(first.isStopped, false);
});

test("a request that is cancelled before it is made is refused", async () => {
  const { engine, hosts } = started();
  await assert.rejects(engine.analyze("x", { signal: AbortSignal.abort() }), {
    name: "AbortError",
  });
  assert.equal(hosts.length, 0);
});

test("after a crash the core is started again", async () => {
  const { engine, hosts, first } = started();
  const coming = first.next();
  const answer = ask(engine);
  const asked = await coming;
  first.isDown = true;
  asked.reject(new RetentionError("engine-crashed", "It stopped."));
  await assert.rejects(answer, { code: "engine-crashed" });
  const after = ask(engine);
  while (hosts[1]?.asked[0] === undefined) {
    await new Promise(setImmediate);
  }
  hosts[1].asked[0].resolve(report);
  await after;
  assert.equal(hosts.length, 2);
});

/** The request that a core is asked next. */
async function askedOf(host: () => StandIn | undefined, index = 0): Promise<Asked> {
  for (;;) {
    const asked = host()?.asked[index];
    if (asked !== undefined) {
      return asked;
    }
    await new Promise(setImmediate);
  }
}

test("a core that has filled its memory is kept for its file, and ended with the next", async () => {
  const { engine, hosts, first } = started();
  const one = engine.analyze("x");
  first.isSpent = true;
  (await askedOf(() => hosts[0])).resolve(report);
  await one;
  // Another one is made ready at once, and the file stays where it is.
  assert.equal(hosts.length, 2);
  const again = engine.reanalyze(new Blob(["x"]));
  (await askedOf(() => hosts[0], 1)).resolve(report);
  await again;
  assert.equal(first.isStopped, false);

  const next = engine.analyze("y");
  (await askedOf(() => hosts[1])).resolve(report);
  await next;
  assert.equal(first.isStopped, true);
  assert.equal(hosts.length, 2);
});

test("a core that could not read a large file is ended, one that holds a file is not", async () => {
  const { engine, hosts, first } = started();
  first.isSpent = true;
  const refused = engine.analyze("x");
  (await askedOf(() => hosts[0])).reject(new RetentionError("file-too-large", ""));
  await assert.rejects(refused, { code: "file-too-large" });
  const read = engine.analyze("x");
  const asked = await askedOf(() => hosts[1]);
  assert.equal(first.isStopped, true);
  const [, second] = hosts;
  assert.ok(second !== undefined);
  second.isSpent = true;
  asked.resolve(report);
  await read;
  const wrong = ask(engine);
  (await askedOf(() => second, 1)).reject(new RetentionError("input-negative", ""));
  await assert.rejects(wrong, { code: "input-negative" });
  assert.equal(second.isStopped, false);
});

test("a core with memory to spare reads the next file as well", async () => {
  const { engine, hosts } = started();
  for (const index of [0, 1]) {
    const answer = engine.analyze("x");
    (await askedOf(() => hosts[0], index)).resolve(report);
    await answer;
  }
  assert.equal(hosts.length, 1);
});

test("a large file that has to be read again gets another core, and is told why", async () => {
  const { engine, hosts, first } = started();
  const one = engine.analyze("x");
  first.isSpent = true;
  (await askedOf(() => hosts[0])).resolve(report);
  await one;
  const source = new Blob(["x"]);
  const again = engine.reanalyze(source, { delimiter: ";", workers: 2 });
  (await askedOf(() => hosts[0], 1)).resolve({ kind: "anew", why: "another separator" });
  const asked = await askedOf(() => hosts[1]);
  assert.deepEqual(asked.request, {
    kind: "analyze",
    source,
    options: { delimiter: ";" },
    why: "another separator",
    workers: 2,
  });
  asked.resolve(report);
  assert.equal(await again, report);
  assert.equal(first.isStopped, true);
});

test("after cancelling, the next core is ready before it is asked for", async () => {
  const { engine, hosts } = started();
  const abort = new AbortController();
  const answer = engine.analyze("x", { signal: abort.signal });
  await askedOf(() => hosts[0]);
  abort.abort();
  await assert.rejects(answer, { name: "AbortError" });
  assert.equal(hosts.length, 2);
  const after = ask(engine);
  (await askedOf(() => hosts[1])).resolve(report);
  await after;
  assert.equal(hosts.length, 2);
});

test("closing ends the core that is in waiting too", async () => {
  const { engine, hosts, first } = started();
  const answer = engine.analyze("x");
  first.isSpent = true;
  (await askedOf(() => hosts[0])).resolve(report);
  await answer;
  engine.close();
  await new Promise(setImmediate);
  assert.deepEqual(
    hosts.map(({ isStopped }) => isStopped),
    [true, true],
  );
});

test("an ordinary error leaves the core running", async () => {
  const { engine, hosts, first } = started();
  const coming = first.next();
  const answer = ask(engine);
  (await coming).reject(new RetentionError("input-negative", "start is −1", { column: "start" }));
  await assert.rejects(answer, { code: "input-negative", column: "start" });
  const next = first.next();
  const after = ask(engine);
  (await next).resolve(report);
  await after;
  assert.equal(hosts.length, 1);
});

test("progress goes to who asked, and to nobody after it was cancelled", async () => {
  const { engine, first } = started();
  const abort = new AbortController();
  const told: Progress[] = [];
  const coming = first.next();
  const answer = engine.analyze("x\ny\n", {
    signal: abort.signal,
    onProgress: (progress) => told.push(progress),
  });
  const asked = await coming;
  const progress = { bytes: 1, total: 4, rows: 1, pass: 1 };
  asked.tell(progress);
  abort.abort();
  asked.tell({ ...progress, bytes: 2 });
  await assert.rejects(answer);
  assert.deepEqual(told, [progress]);
});

test("closing gives up what is under way", async () => {
  const { engine, first } = started();
  const coming = first.next();
  const answers = [ask(engine), ask(engine)];
  await coming;
  engine.close();
  for (const answer of answers) {
    await assert.rejects(answer, { name: "AbortError" });
  }
});

test("the worker gets neither signals nor functions nor empty options", () => {
  assert.deepEqual(
    coreOptions({
      signal: AbortSignal.abort(),
      onProgress: () => undefined,
      dateOrder: "dmy",
      ...({ currency: undefined } as object),
    }),
    { dateOrder: "dmy" },
  );
});

test("text and buffers become files", async () => {
  assert.equal(await asBlob("ä").text(), "ä");
  assert.equal(asBlob(new ArrayBuffer(3)).size, 3);
});

test("each request goes to its core, and none waits for another one's", async () => {
  const hosts = new Map<string, StandIn>();
  const engine = new Engine(async (core) => {
    const host = new StandIn();
    hosts.set(core, host);
    return host;
  });
  const reading = engine.analyze("x");
  const rate = engine.calculate("customer_retention_rate", {});
  const fit = engine.fit({ kind: "sbg" });
  (await askedOf(() => hosts.get("formulas"))).resolve(figure);
  assert.equal(await rate, figure);
  const fitting = await askedOf(() => hosts.get("models"));
  assert.equal(fitting.request.kind, "fit");
  (await askedOf(() => hosts.get("files"))).resolve(report);
  assert.equal(await reading, report);
  fitting.resolve({} as Answer);
  await fit;
});

test("a core that is made ready before is the one that reads the file", async () => {
  const { engine, hosts, first } = started();
  engine.warm();
  engine.warm();
  assert.equal(hosts.length, 1);
  const coming = first.next();
  const answer = engine.analyze("x");
  (await coming).resolve(report);
  await answer;
  engine.warm();
  assert.equal(hosts.length, 1);
});

test("a request that needs more than its core has goes to the next one, once", async () => {
  const { engine, hosts, first } = started();
  let coming = first.next();
  const answer = engine.analyze("x");
  (await coming).reject(coreIncomplete());
  const asked = await askedOf(() => hosts[1]);
  assert.equal(first.isStopped, true);
  asked.resolve(report);
  assert.equal(await answer, report);

  coming = (hosts[1] as StandIn).next();
  const refused = ask(engine);
  (await coming).reject(coreIncomplete());
  (await askedOf(() => hosts[2])).reject(coreIncomplete());
  await assert.rejects(refused, { code: "core-incomplete" });
});

test("accounts are read again only where those of another file were scored meanwhile", async () => {
  const { engine, first } = started();
  const file = new Blob(["a"]);
  const kindOf = async (asking: Promise<unknown>, coming: Promise<Asked>): Promise<string> => {
    const asked = await coming;
    asked.resolve({} as Answer);
    await asking;
    return asked.request.kind;
  };
  const next = () => first.next();
  const kinds: string[] = [];
  for (const ask of [
    () => engine.rescore(file, { asOf: "2025-01-01" }),
    () => engine.rescore(file, {}),
    () => engine.score("b"),
    () => engine.rescore(file, {}),
    () => engine.rescore(file, {}),
  ]) {
    const coming = next();
    kinds.push(await kindOf(ask(), coming));
  }
  assert.deepEqual(kinds, ["score", "rescore", "score", "score", "rescore"]);
});
