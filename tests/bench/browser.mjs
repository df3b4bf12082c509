// The browser that everything runs in, and the jobs of the engines in its pages.

import { chromium } from "playwright-core";
import { cpuBetween, cpuOfThreads } from "./machine.mjs";

/** Nothing but the page itself may work: the browser's own services stay silent. */
const ARGUMENTS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How long one job may take. */
const PATIENCE_MS = 180_000;
/** Below this share of one core the browser counts as quiet. */
const QUIET = 0.1;

/** A fresh browser with a fresh profile. */
export async function launch() {
  const browser = await chromium.launch({
    executablePath: process.env["RETENTION_BROWSER"],
    args: ARGUMENTS,
  });
  const log = await browser.newBrowserCDPSession();
  return {
    browser,
    /** The ids of all its processes; with a type, of those alone. */
    async processIds(type) {
      const { processInfo } = await log.send("SystemInfo.getProcessInfo");
      const wanted = processInfo.filter((one) => type === undefined || one.type === type);
      return wanted.map((one) => one.id);
    },
    close: () => browser.close(),
  };
}

/** Waits until what the last job left behind is cleared away. */
export async function settle(running) {
  for (let nQuiet = 0, n = 0; nQuiet < 2 && n < 40; n += 1) {
    const before = cpuOfThreads(await running.processIds());
    const start = performance.now();
    await pause(60);
    const used = cpuBetween(before, cpuOfThreads(await running.processIds())).total;
    nQuiet = used < QUIET * (performance.now() - start) ? nQuiet + 1 : 0;
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * A page of its own with an engine in it, made ready, and a file in its input.
 *
 * `run` gives the milliseconds of wall time from the File to the result, of CPU of all the browser's
 * threads meanwhile, and the result. What comes before a file can be read, loading and compiling, is
 * outside of both. `atEnd` is called while the page is still as the job left it.
 */
export async function openPage(running, { address, engine, path }) {
  const page = await running.browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const ask = (name, argument) =>
    within(
      PATIENCE_MS,
      page.evaluate(([name, argument]) => globalThis.bench[name](argument), [name, argument]),
    );
  try {
    await page.goto(address);
    await page.waitForFunction(() => globalThis.bench !== undefined);
    await page.locator("input").setInputFiles(path);
    await ask("prepare", engine);
  } catch (thrown) {
    await page.close();
    throw thrown;
  }
  return {
    /** Runs the job on the beginning of the file. */
    warm: (shape) => ask("warm", shape),
    async run(shape, atEnd) {
      await settle(running);
      const processIds = await running.processIds();
      const before = cpuOfThreads(processIds);
      const wall = await ask("run", shape);
      const cpu = cpuBetween(before, cpuOfThreads(processIds));
      await atEnd?.();
      const result = await ask("result");
      return { wall, cpu: cpu.total, busiest: cpu.busiest, result };
    },
    close: () => page.close(),
  };
}

/** One job in a page of its own, warmed by the beginning of the file. */
export async function runJob(running, { shape, isWarmed = true, atEnd, ...job }) {
  const page = await openPage(running, job);
  try {
    if (isWarmed) await page.warm(shape);
    return await page.run(shape, atEnd);
  } finally {
    await page.close();
  }
}

/** Pages that stay open from one round to the next, one for each engine. */
export class KeptPages {
  #pages = new Map();

  /** A job in the page of its engine. A page that is new reads the file once before it counts. */
  async run(running, { shape, ...job }) {
    let page = this.#pages.get(job.engine);
    if (page === undefined) {
      page = await openPage(running, job);
      this.#pages.set(job.engine, page);
      await page.run(shape);
    }
    return page.run(shape);
  }

  async close() {
    const pages = [...this.#pages.values()];
    this.#pages.clear();
    for (const page of pages) await page.close();
  }

  /** Forgets pages whose browser is gone. */
  forget() {
    this.#pages.clear();
  }
}

async function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no result in ${milliseconds / 1000} s`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
