// What is measured on the page itself: its memory, its start, its main thread, cancelling, its size.
// It deliberately drives the page as a reader does, and knows its published interface only.

import { readFile } from "node:fs/promises";
import { brotliBytes, NEEDED, partOf } from "../../www/build/sizes.mjs";
import { launch, runJob, settle } from "./browser.mjs";
import { cpuBetween, cpuOfThreads, hasThread, peakMemory } from "./machine.mjs";

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Does something with a page in a fresh profile. */
async function withPage(running, use) {
  const context = await running.browser.newContext();
  try {
    return await use(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Does something with the project's page once its first screen is there. */
function withSite(running, address, use) {
  return withPage(running, async (page) => {
    await page.goto(`${address}dist/site/`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    return use(page);
  });
}

/** The peak memory in MB of the renderer after one job in a fresh browser. */
export async function peakAfter(job) {
  const running = await launch();
  try {
    let peak = 0;
    const { result } = await runJob(running, {
      ...job,
      isWarmed: false,
      async atEnd() {
        const peaks = (await running.processIds("renderer")).map((id) => peakMemory(id) ?? 0);
        peak = Math.max(...peaks);
      },
    });
    return { peak, result };
  } finally {
    await running.close();
  }
}

/**
 * Milliseconds from the navigation to the first result on a few rows, in a fresh profile: of the
 * page, and of a page that starts an empty wasm module in a worker.
 */
export async function firstResults(running, { address, path }, nRounds, tell) {
  const text = await readFile(path, "utf8");
  const one = {
    async ours() {
      return firstOf(running, `${address}dist/site/`, text, async (given) => {
        await customElements.whenDefined("retention-calculator");
        await document.querySelector("retention-calculator").analyze(given);
      });
    },
    async empty() {
      return firstOf(running, `${address}empty.html`, text, (given) => globalThis.answer(given));
    },
  };
  const found = { ours: [], empty: [] };
  for (let round = 0; round < nRounds; round += 1) {
    const order = round % 2 === 0 ? ["ours", "empty"] : ["empty", "ours"];
    for (const name of order) found[name].push(await one[name]());
    tell(round);
  }
  return found;
}

function firstOf(running, address, text, answer) {
  return withPage(running, async (page) => {
    await settle(running);
    // A function cannot be handed to the page before it loads, but its text can.
    await page.addInitScript(`
      addEventListener("DOMContentLoaded", async () => {
        await (${answer})(${JSON.stringify(text)});
        requestAnimationFrame(() => setTimeout(() => { globalThis.first = performance.now(); }));
      });`);
    await page.goto(address);
    const first = await page.waitForFunction(() => globalThis.first, null, { polling: 20 });
    return await first.jsonValue();
  });
}

/** The longest tasks of the main thread in milliseconds: until the report is there, and after. */
export function longestTasks(running, { address, path }) {
  return withSite(running, address, async (page) => {
    await page.evaluate(() => {
      addEventListener("input", () => performance.mark("bench-chosen"), { capture: true });
      globalThis.reported = new Promise((resolve, reject) => {
        addEventListener("retention-report", () => {
          performance.mark("bench-report");
          resolve();
        });
        addEventListener("retention-error", (event) => reject(new Error(event.message)));
      });
    });
    await settle(running);
    await running.browser.startTracing(page, {
      categories: ["blink.user_timing", "toplevel", "disabled-by-default-devtools.timeline"],
    });
    await page.getByLabel("Choose file").setInputFiles(path);
    await page.evaluate(() => globalThis.reported);
    await pause(1000);
    return longestOf(JSON.parse((await running.browser.stopTracing()).toString()).traceEvents);
  });
}

function longestOf(events) {
  const mark = (name) => events.find((event) => event.name === name);
  const [chosen, reported] = [mark("bench-chosen"), mark("bench-report")];
  if (chosen === undefined || reported === undefined) throw new Error("the trace has no marks");
  const tasks = events.filter(
    (event) =>
      event.name === "RunTask" &&
      event.ph === "X" &&
      event.pid === chosen.pid &&
      event.tid === chosen.tid &&
      chosen.ts <= event.ts + event.dur,
  );
  if (tasks.length === 0) throw new Error("the trace has no tasks");
  const longest = (some) => ({
    wall: Math.max(0, ...some.map((task) => task.dur / 1000)),
    cpu: Math.max(0, ...some.map((task) => (task.tdur ?? task.dur) / 1000)),
  });
  return {
    loading: longest(tasks.filter((task) => task.ts <= reported.ts)),
    after: longest(tasks.filter((task) => reported.ts < task.ts)),
  };
}

/** What a reader changes about a report, each back and forth. */
const CHOICES = [
  {
    name: "other periods",
    choose: async (page, isBack) => {
      await page.getByRole("tab", { name: "Movements" }).click();
      await page.getByLabel(isBack ? "Months" : "Quarters").click();
    },
  },
  {
    name: "another day to count up to",
    choose: (page, isBack) => fill(page, "Up to the end of", isBack ? "2023-12-31" : "2023-06-30"),
  },
  {
    name: "another gross margin",
    choose: (page, isBack) => fill(page, "Gross margin", isBack ? "80" : "60"),
  },
  {
    name: "other ages of cohorts",
    choose: async (page, isBack) => {
      await page.getByRole("tab", { name: "Cohorts" }).click();
      await page.getByLabel("Age counted in").selectOption(isBack ? "calendar" : "days");
    },
  },
];

async function fill(page, label, text) {
  const mapping = page.locator("rc-mapping");
  if (!(await mapping.isVisible())) await page.locator("rc-understood [aria-expanded]").click();
  const field = mapping.getByLabel(label);
  if (!(await field.isVisible())) await mapping.locator("summary").click();
  await field.fill(text);
  await mapping.getByRole("button", { name: "Apply" }).click();
}

/**
 * Milliseconds from a choice about a report until the report that follows from it is there, by what
 * is chosen.
 */
export function otherChoices(running, { address, path }, nRounds) {
  return withSite(running, address, async (page) => {
    await page.evaluate(() => {
      globalThis.reports = [];
      let chosen = 0;
      const note = (event) => {
        chosen = event.timeStamp;
      };
      for (const type of ["click", "input"]) addEventListener(type, note, { capture: true });
      addEventListener("retention-report", () => reports.push(performance.now() - chosen));
    });
    const count = () => page.evaluate(() => reports.length);
    const nextAfter = async (n) => {
      await page.waitForFunction((n) => n < reports.length, n, { polling: 20 });
      return page.evaluate(() => reports.at(-1));
    };
    await page.getByLabel("Choose file").setInputFiles(path);
    await nextAfter(0);
    const found = [];
    for (const { name, choose } of CHOICES) {
      const took = [];
      // Once there and back before it counts: what is compiled on first use is.
      for (let round = -1; round < nRounds; round += 1) {
        for (const isBack of [false, true]) {
          await settle(running);
          const n = await count();
          await choose(page, isBack);
          const milliseconds = await nextAfter(n);
          if (0 <= round) took.push(milliseconds);
        }
      }
      found.push({ name, took });
    }
    return found;
  });
}

/**
 * Milliseconds from the click on Cancel until the page offers files again, and until nothing in the
 * browser works on the file any more.
 */
export function cancelling(running, { address, path }) {
  return withSite(running, address, async (page) => {
    await settle(running);
    await page.getByLabel("Choose file").setInputFiles(path);
    const button = page.getByRole("button", { name: "Cancel" });
    await button.waitFor({ timeout: 20_000 });
    await button.evaluate((element) => {
      globalThis.cancelled = new Promise((resolve) => {
        element.addEventListener(
          "click",
          (event) => {
            const clicked = performance.timeOrigin + event.timeStamp;
            const look = () => {
              if (element.isConnected) requestAnimationFrame(look);
              else resolve({ clicked, gone: performance.timeOrigin + performance.now() });
            };
            requestAnimationFrame(look);
          },
          { once: true },
        );
      });
    });
    await pause(150);
    const processIds = await running.processIds();
    const idle = quietFrom(processIds);
    await button.click({ timeout: 5000 });
    const { clicked, gone } = await page.evaluate(() => globalThis.cancelled);
    const quiet = await idle.after(clicked);
    const renderers = await running.processIds("renderer");
    return {
      page: gone - clicked,
      quiet: Math.max(0, quiet - clicked),
      hasWorker: renderers.some((id) => hasThread(id, "DedicatedWorker")),
    };
  });
}

/** Samples the CPU of some processes, to find from when on they rest. */
function quietFrom(processIds) {
  const EVERY_MS = 8;
  /** How long it has to be quiet, and what share of a core counts as that. */
  const [LONG_MS, SHARE] = [100, 0.2];
  const samples = [];
  let before = cpuOfThreads(processIds);
  const timer = setInterval(() => {
    const now = cpuOfThreads(processIds);
    samples.push({
      at: performance.timeOrigin + performance.now(),
      used: cpuBetween(before, now).total,
    });
    before = now;
  }, EVERY_MS);
  return {
    async after(start) {
      const until = performance.now() + 10_000;
      try {
        while (performance.now() < until) {
          await pause(LONG_MS);
          const found = firstQuiet(samples, start, LONG_MS, SHARE);
          if (found !== null) return found;
        }
        throw new Error("the browser did not come to rest within 10 s");
      } finally {
        clearInterval(timer);
      }
    },
  };
}

/** The first moment from `start` on that is followed by `long` milliseconds of rest. */
function firstQuiet(samples, start, long, share) {
  for (const [index, { at }] of samples.entries()) {
    if (at < start) continue;
    const inside = samples.slice(index + 1).filter((sample) => sample.at <= at + long);
    const isWhole = samples.at(-1).at >= at + long;
    const used = inside.reduce((sum, sample) => sum + sample.used, 0);
    if (isWhole && used < share * long) return at;
  }
  return null;
}

/**
 * The bytes by Brotli of what the page loads up to its first figure: of typed numbers, of a file, and
 * of all that it loads. The scripts that a figure does not wait for are withheld from it.
 */
export async function sizesToFirstFigures(running, { address, path }) {
  const text = await readFile(path, "utf8");
  return {
    typed: await loadedFor(running, address, NEEDED["a typed figure"], async (page) => {
      await page.getByRole("button", { name: "Fill in an example" }).click();
      await page.locator("rc-calculator .value").getByText("92").waitFor();
    }),
    file: await loadedFor(running, address, NEEDED["a file's figure"], async (page) => {
      await page.evaluate(async (given) => {
        await customElements.whenDefined("retention-calculator");
        await document.querySelector("retention-calculator").analyze(given);
      }, text);
      await page.locator("rc-overview").waitFor();
    }),
    whole: await loadedFor(running, address, null, (page) =>
      page.locator("retention-calculator").waitFor(),
    ),
  };
}

/** What the page loads where only these scripts come, or all, until `steps` are done. */
function loadedFor(running, address, needed, steps) {
  return withPage(running, async (page) => {
    const bodies = new Map();
    page.on("response", (response) => bodies.set(response.url(), response.body()));
    if (needed !== null) {
      await page.route("**/*.js", (route) => {
        const file = route.request().url().split("/").at(-1);
        return needed.includes(partOf(file)) ? route.continue() : route.abort();
      });
    }
    await page.goto(`${address}dist/site/`);
    await steps(page);
    const parts = [];
    for (const [url, body] of bodies) {
      if (url.startsWith("data:") || url.startsWith("blob:")) continue;
      const bytes = await body;
      parts.push({
        file: new URL(url).pathname.replace("/dist/site/", ""),
        raw: bytes.length,
        brotli: brotliBytes(bytes),
      });
    }
    return parts;
  });
}
