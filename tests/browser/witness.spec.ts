// Shows that the witnesses bite: each sees what it is there to see.
// It deliberately tests the harness, not the page.

import { dist, site } from "./environment.ts";
import { expect, expectAccessible, test } from "./harness.ts";

const host = new URL("witness.html", dist).href;

test("a request of a page without a policy is seen", async ({ page, witness }) => {
  await page.route(host, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>control</title>" }),
  );
  await page.goto(host);
  witness.forget();
  await page.evaluate(() => fetch("site/index.html"));
  expect(witness.requests).toEqual([`${site}index.html`]);
  expect(witness.violations).toEqual([]);
});

test("a request of a worker is seen", async ({ page, witness }) => {
  await page.route(host, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>control</title>" }),
  );
  await page.goto(host);
  witness.forget();
  await page.evaluate(async (address) => {
    const text = `fetch(${JSON.stringify(address)}).then(() => postMessage("done"))`;
    const worker = new Worker(URL.createObjectURL(new Blob([text])));
    await new Promise((resolve) => worker.addEventListener("message", resolve));
  }, site);
  expect(witness.requests).toEqual([site]);
});

test("the page's policy refuses a request and the refusal is seen", async ({ page, witness }) => {
  await page.goto(site);
  witness.forget();
  const refused = await page.evaluate(() =>
    fetch("index.html").then(
      () => false,
      () => true,
    ),
  );
  expect(refused).toBe(true);
  await expect.poll(() => witness.violations.join("\n")).toContain("connect-src");
  expect(witness.requests).toEqual([]);
});

test("markup from a string is refused and the refusal is seen", async ({ page, witness }) => {
  await page.goto(site);
  const refused = await page.evaluate(() => {
    try {
      document.body.innerHTML = "<b>bold</b>";
      return false;
    } catch {
      return true;
    }
  });
  expect(refused).toBe(true);
  await expect.poll(() => witness.violations.join("\n")).toContain("require-trusted-types-for");
});

test("an error is seen", async ({ page, witness }) => {
  await page.goto(site);
  await page.evaluate(() => {
    queueMicrotask(() => {
      throw new Error("seen");
    });
  });
  await expect.poll(() => witness.errors.join("\n")).toContain("seen");
});

test("an image without a text is seen by axe", async ({ page }) => {
  await page.route(host, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: '<!doctype html><html lang="en"><title>control</title><main><h1>a</h1><img src="data:,">',
    }),
  );
  await page.goto(host);
  await expect(expectAccessible(page)).rejects.toThrow(/image-alt/);
});
