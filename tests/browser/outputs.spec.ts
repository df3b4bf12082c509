// Each of the three outputs works where it is meant to: hosted, on another site, from a folder.
// It deliberately tests one figure only: what the page shows is for the other specs.

import { readFileSync } from "node:fs";
import { NEEDED, partOf } from "../../www/build/sizes.mjs";
import { distPath, singleFile, site } from "./environment.ts";
import { expect, expectSilence, type Page, test } from "./harness.ts";
import { choose, SUBSCRIPTIONS } from "./steps.ts";

/** The figure of (540 − 80) ÷ 500 as the element on the page computes it. */
function retention(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    await customElements.whenDefined("retention-calculator");
    const element = document.querySelector("retention-calculator") as unknown as {
      calculate(formula: string, inputs: Record<string, number>): Promise<{ value: unknown }>;
    };
    try {
      return (await element.calculate("customer_retention_rate", { start: 500, new: 80, end: 540 }))
        .value;
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  });
}

/** What each module of the core answers: typed numbers, a file, a projection. */
function modules(page: Page): Promise<unknown> {
  return page.evaluate(async (csv) => {
    await customElements.whenDefined("retention-calculator");
    const element = document.querySelector("retention-calculator") as unknown as {
      calculate(formula: string, inputs: Record<string, number>): Promise<{ value: unknown }>;
      analyze(source: string): Promise<{ input: { rows: { read: number } } }>;
      project(scenario: object): Promise<{ periods: { customers: number }[] }>;
    };
    const figure = await element.calculate("customer_retention_rate", {
      start: 500,
      new: 80,
      end: 540,
    });
    const report = await element.analyze(csv);
    const projection = await element.project({
      from: { customers: 1000, revenuePerCustomer: 100, retention: 0.5 },
      periodMonths: 12,
      periods: 1,
    });
    return [figure.value, report.input.rows.read, projection.periods[0]?.customers];
  }, SUBSCRIPTIONS);
}

/** Of (540 − 80) ÷ 500, of four rows, and of half of a thousand. */
const EVERY_MODULE = [0.92, 4, 500];

test("the hosted page loads its scripts once and is silent afterwards", async ({
  page,
  witness,
}) => {
  await page.goto(site);
  const [document, ...scripts] = witness.requests;
  expect(document).toBe(site);
  expect(scripts.map((url) => url.slice(site.length).replace(/-[\w-]{8}\.js$/, ""))).toEqual([
    "retention",
    "report",
    "worker",
    "core",
    "rest",
    "views",
    "models",
  ]);
  await expectSilence(witness, async () => {
    expect(await retention(page)).toBe(0.92);
  });
});

test("the hosted page computes without a network", async ({ page, witness, context }) => {
  await page.goto(site);
  await context.setOffline(true);
  await expectSilence(witness, async () => {
    expect(await modules(page)).toEqual(EVERY_MODULE);
  });
});

test("the workers are under the page's policy", async ({ page, witness }) => {
  await page.goto(site);
  expect(await modules(page)).toEqual(EVERY_MODULE);
  expect(page.workers()).toHaveLength(2);
  witness.forget();
  const answers = page.workers().map((worker) =>
    worker.evaluate(
      (address) =>
        fetch(address).then(
          () => "sent",
          () => "refused",
        ),
      site,
    ),
  );
  expect(new Set(await Promise.all(answers))).toEqual(new Set(["refused"]));
  await expect.poll(() => witness.violations.join("\n")).toContain("connect-src");
  expect(witness.requests).toEqual([]);
});

test("a script with a changed byte does not run", async ({ page, witness }) => {
  await page.route(/retention-[\w-]+\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n` });
  });
  await page.goto(site);
  await expect.poll(() => witness.errors.concat(witness.violations).length).toBeGreaterThan(0);
  expect(await page.evaluate(() => customElements.get("retention-calculator"))).toBeUndefined();
});

/** Lets these scripts of the hosted page come, and no others. */
async function onlyScripts(page: Page, needed: readonly string[]): Promise<void> {
  await page.route(`${site}*.js`, (route) => {
    const file = route.request().url().slice(site.length);
    return needed.includes(partOf(file)) ? route.continue() : route.abort();
  });
}

test("a typed figure waits for no script but those that count for it", async ({ page }) => {
  await onlyScripts(page, NEEDED["a typed figure"]);
  await page.goto(site);
  await page.getByRole("button", { name: "Fill in an example" }).click();
  await expect(page.locator("rc-calculator .value").first()).toHaveText("92.0%");
});

test("a file's figure waits for no script but those that count for it", async ({ page }) => {
  await onlyScripts(page, NEEDED["a file's figure"]);
  await page.goto(site);
  await choose(page, "subscriptions.csv", SUBSCRIPTIONS);
  await expect(page.locator("rc-understood")).toContainText("4 subscription rows of 4 customers");
  await expect(page.locator("rc-overview")).toContainText("66.7%");
});

test("where a small file is given at once, its figure comes before the last scripts", async ({
  page,
}) => {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith(".js")) asked.push(partOf(request.url().slice(site.length)));
  });
  // The core's script waits until the file is there.
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/core-[\w-]+\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  // No time is too long for the page, however slow the machine is.
  await page.addInitScript(() => {
    const after = window.setTimeout.bind(window);
    const afterLonger = (call: () => void, ms = 0) => after(call, ms < 100 ? ms : 100 * ms);
    Object.assign(window, { setTimeout: afterLonger });
  });
  await page.goto(site, { waitUntil: "domcontentloaded" });
  await page.evaluate((text) => {
    const element = document.querySelector("retention-calculator") as HTMLElement & {
      analyze(source: string): Promise<unknown>;
    };
    const isLastAsked = element
      .analyze(text)
      .then(() => document.querySelector("template[data-last-scripts]") === null);
    Object.assign(window, { isLastAsked });
  }, SUBSCRIPTIONS);
  release();
  await expect(page.locator("rc-overview")).toContainText("66.7%");
  expect(await page.evaluate("isLastAsked")).toBe(false);
  await expect.poll(() => asked.includes("rest") && asked.includes("views")).toBe(true);
});

test("what the page loads has come when it has loaded", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(site, { waitUntil: "load" });
  const nAtLoad = asked.length;
  expect(asked.some((url) => url.includes("/rest-"))).toBe(true);
  await choose(page, "subscriptions.csv", SUBSCRIPTIONS);
  await expect(page.locator("rc-overview")).toContainText("66.7%");
  expect(asked.slice(nAtLoad)).toEqual([]);
});

test("what a first figure does not need is answered once it has come", async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/rest-[\w-]+\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(site, { waitUntil: "domcontentloaded" });
  await choose(page, "subscriptions.csv", SUBSCRIPTIONS);
  await expect(page.locator("rc-overview")).toContainText("66.7%");
  const name = page.evaluate(async () => {
    const element = document.querySelector("retention-calculator") as unknown as {
      customer(id: string): Promise<{ row: { customer: string } }>;
    };
    return (await element.customer("B")).row.customer;
  });
  const isThere = await Promise.race([name.then(() => true), page.waitForTimeout(300)]);
  expect(isThere).toBeUndefined();
  release();
  expect(await name).toBe("B");
});

for (const part of ["report", "worker", "core", "views"]) {
  test(`the page says so where its script “${part}” has a changed byte`, async ({ page }) => {
    await page.route(new RegExp(`${part}-[\\w-]+\\.js$`), async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${await response.text()}\n` });
    });
    await page.goto(site);
    await choose(page, "subscriptions.csv", SUBSCRIPTIONS);
    await expect(page.locator("rc-failure")).toContainText(
      "A part of this page could not be loaded",
    );
  });
}

test("the single document works from a folder, by itself", async ({ page, witness }) => {
  await page.goto(singleFile);
  expect(witness.requests).toEqual([singleFile]);
  await expectSilence(witness, async () => {
    expect(await modules(page)).toEqual(EVERY_MODULE);
  });
});

test("the policies name no address and no exception", () => {
  for (const file of ["site/index.html", "retention-calculator.html"]) {
    const html = readFileSync(distPath(file), "utf8");
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
    const directives = new Map(
      policy.split("; ").map((directive) => {
        const [name, ...sources] = directive.split(" ");
        return [
          name,
          [...new Set(sources.map((source) => source.replace(/'sha(256|384)-[\w+/=]+'/, "hash")))],
        ];
      }),
    );
    expect(Object.fromEntries(directives), file).toEqual({
      "default-src": ["'none'"],
      "script-src": ["hash", "'wasm-unsafe-eval'"],
      "style-src": ["hash"],
      "img-src": ["data:", "blob:"],
      "worker-src": ["blob:"],
      "connect-src": ["'none'"],
      "form-action": ["'none'"],
      "base-uri": ["'none'"],
      "require-trusted-types-for": ["'script'"],
      "trusted-types": ["retention-calculator", "lit-html"],
    });
  }
});

test("the scripts name no way out but the host's own file", () => {
  const ways =
    /\b(XMLHttpRequest|WebSocket|EventSource|sendBeacon|RTCPeerConnection|WebTransport|importScripts|serviceWorker|eval\(|new Function)/g;
  for (const file of ["embed/retention-calculator.js", "retention-calculator.html"]) {
    const text = readFileSync(distPath(file), "utf8");
    expect(text.match(ways), file).toBeNull();
    // The attribute `src`, which the page does not use and its policy would refuse.
    expect(text.match(/\bfetch\(/g), file).toHaveLength(1);
  }
});

test.describe("on another site", () => {
  // Both names are answered by the test itself: a host, and where it takes the module from.
  const host = "http://host.test/";
  const from = "http://modules.test";
  const module = `${from}/retention-calculator.js`;
  const integrity = /^(\S+) {2}embed\/retention-calculator\.js$/m.exec(
    readFileSync(distPath("INTEGRITY"), "utf8"),
  )?.[1];

  async function openHost(page: Page, policy: string | null, hash = integrity): Promise<void> {
    await page.route(host, (route) =>
      route.fulfill({
        contentType: "text/html",
        headers: policy === null ? {} : { "content-security-policy": policy },
        body: `<!doctype html><html lang="en"><title>host</title><main>
          <retention-calculator></retention-calculator></main>
          <script type="module" crossorigin integrity="${hash}" src="${module}"></script>`,
      }),
    );
    await page.route(module, (route) =>
      route.fulfill({
        contentType: "text/javascript",
        headers: { "access-control-allow-origin": "*" },
        path: distPath("embed/retention-calculator.js"),
      }),
    );
    await page.goto(host);
  }

  const strict = `default-src 'none'; script-src ${from} 'wasm-unsafe-eval'; connect-src 'none'`;
  const hosts: [name: string, policy: string | null][] = [
    ["without a policy", null],
    ["with a strict policy that allows our worker", `${strict}; worker-src blob:`],
    ["with a strict policy that allows no worker", `${strict}; worker-src 'none'`],
    ["that requires trusted types", "require-trusted-types-for 'script'; trusted-types lit-html"],
  ];
  for (const [name, policy] of hosts) {
    test(`the module works ${name}`, async ({ page, witness }) => {
      await openHost(page, policy);
      expect(await modules(page)).toEqual(EVERY_MODULE);
      expect(witness.requests).toEqual([host, module]);
    });
  }

  test("the module says so where WebAssembly is forbidden", async ({ page }) => {
    await openHost(page, `default-src 'none'; script-src ${from}; worker-src blob:`);
    expect(await retention(page)).toBe("wasm-blocked");
  });

  test("the module does not run with another hash", async ({ page, witness }) => {
    await openHost(page, null, `sha384-${"A".repeat(64)}`);
    await expect.poll(() => witness.errors.join("\n")).toContain("integrity");
    expect(await page.evaluate(() => customElements.get("retention-calculator"))).toBeUndefined();
  });
});
