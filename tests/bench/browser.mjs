// The browser that everything runs in, and one job of one engine in it.

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
 * One job in a page of its own: milliseconds of wall time from the File to the result, of CPU of
 * all the browser's threads meanwhile, and the result.
 *
 * What comes before a file can be read, loading and compiling, is outside of both. `atEnd` is called
 * while the page is still as the job left it.
 */
export async function runJob(running, { address, engine, shape, path, isWarmed = true, atEnd }) {
  const page = await running.browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  try {
    await page.goto(address);
    await page.waitForFunction(() => globalThis.bench !== undefined);
    await page.locator("input").setInputFiles(path);
    await within(
      PATIENCE_MS,
      page.evaluate((name) => globalThis.bench.prepare(name), engine),
    );
    if (isWarmed) {
      await within(
        PATIENCE_MS,
        page.evaluate((name) => globalThis.bench.warm(name), shape),
      );
    }
    await settle(running);
    const processIds = await running.processIds();
    const before = cpuOfThreads(processIds);
    const wall = await within(
      PATIENCE_MS,
      page.evaluate((name) => globalThis.bench.run(name), shape),
    );
    const cpu = cpuBetween(before, cpuOfThreads(processIds));
    await atEnd?.();
    const result = await page.evaluate(() => globalThis.bench.result());
    return { wall, cpu: cpu.total, busiest: cpu.busiest, result };
  } finally {
    await page.close();
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
