// The element on another page: attributes, methods, events, and what it leaves alone.
// It deliberately uses the module for other sites, as a host page does.

import { readFileSync } from "node:fs";
import { distPath } from "./environment.ts";
import { expect, expectAccessible, type Page, test } from "./harness.ts";
import { SUBSCRIPTIONS } from "./steps.ts";

const host = "http://host.test/";

/** A host page with this markup in its body. */
async function openHost(page: Page, body: string): Promise<void> {
  const module = readFileSync(distPath("embed/retention-calculator.js"), "utf8");
  await page.route(`${host}**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/retention-calculator.js") {
      return route.fulfill({ contentType: "text/javascript", body: module });
    }
    if (pathname === "/export.csv") {
      return route.fulfill({ contentType: "text/csv", body: SUBSCRIPTIONS });
    }
    return pathname === "/"
      ? route.fulfill({
          contentType: "text/html",
          body: `<!doctype html><html lang="en"><title>host</title><main><h1>Host</h1>${body}</main>
            <script type="module" src="retention-calculator.js"></script>`,
        })
      : route.fulfill({ status: 404 });
  });
  await page.goto(host);
  await page.evaluate(() => customElements.whenDefined("retention-calculator"));
}

test("quick mode is the calculator alone", async ({ page }) => {
  await openHost(
    page,
    '<retention-calculator mode="quick" formula="net_revenue_retention" currency="EUR" locale="de"></retention-calculator>',
  );
  await expect(page.locator("rc-ways-in")).toHaveCount(0);
  await expect(page.getByLabel("What to calculate")).toHaveValue("net_revenue_retention");
  await page.getByRole("button", { name: "Fill in an example" }).click();
  await expect(page.locator("rc-calculator .worked")).toContainText("€");
  await expectAccessible(page);
});

test("a file named by the host is read", async ({ page }) => {
  await openHost(page, '<retention-calculator src="export.csv"></retention-calculator>');
  await expect(page.locator("rc-understood")).toContainText("4 subscription rows of 4 customers");
});

test("a file of another site is refused with words", async ({ page }) => {
  await openHost(
    page,
    '<retention-calculator src="http://elsewhere.test/export.csv"></retention-calculator>',
  );
  await expect(page.getByRole("alert")).toContainText("lies on another site");
});

test("a file that is not there is said to be missing", async ({ page }) => {
  await openHost(page, '<retention-calculator src="gone.csv"></retention-calculator>');
  await expect(page.getByRole("alert")).toContainText("status 404");
});

test("a sample named by the host is read", async ({ page }) => {
  await openHost(page, '<retention-calculator sample="periods"></retention-calculator>');
  await expect(page.getByRole("heading", { name: "Sample: period totals" })).toBeVisible();
});

test("what the host hides is not there", async ({ page }) => {
  await openHost(
    page,
    '<retention-calculator sample="subscriptions" hide="cohorts what-if"></retention-calculator>',
  );
  await expect(page.getByRole("tab", { name: "Overview" })).toBeVisible();
  await expect(page.getByRole("tab", { name: "Cohorts" })).toHaveCount(0);
  await expect(page.getByRole("tab", { name: "What-if" })).toHaveCount(0);
});

test("the host hears progress, the report and errors, and no rows", async ({ page }) => {
  await openHost(page, "<retention-calculator></retention-calculator>");
  const heard = await page.evaluate(async (csv) => {
    const element = document.querySelector("retention-calculator") as HTMLElement & {
      analyze(source: string): Promise<{ input: { rows: { read: number } } }>;
      report: unknown;
    };
    const events: string[] = [];
    let isSame = false;
    document.addEventListener("retention-progress", (event) => {
      const { bytes, total, rows } = event as unknown as Record<string, number>;
      events.push(`progress ${bytes} of ${total}, ${rows}`);
    });
    document.addEventListener("retention-report", (event) => {
      isSame = (event as unknown as { report: unknown }).report === element.report;
      events.push("report");
    });
    document.addEventListener("retention-error", (event) => {
      events.push(`error ${(event as unknown as { code: string }).code}`);
    });
    const report = await element.analyze(csv);
    const code = await element
      .analyze("<html><body>no table</body></html>")
      .catch((error: { code: string; name: string }) => `${error.name} ${error.code}`);
    await window.ownTask();
    return { events, isSame, rows: report.input.rows.read, code, kept: element.report === report };
  }, SUBSCRIPTIONS);
  expect(heard.rows).toBe(4);
  expect(heard.isSame).toBe(true);
  expect(heard.kept).toBe(true);
  expect(heard.code).toBe("RetentionError looks-like-html");
  const size = SUBSCRIPTIONS.length;
  expect(heard.events).toContain(`progress ${size} of ${size}, 4`);
  expect(heard.events).toContain("report");
  expect(heard.events.at(-1)).toBe("error looks-like-html");
});

test("a single file among several keeps its own options", async ({ page }) => {
  await openHost(page, "<retention-calculator></retention-calculator>");
  const csv = "who,began,until,pays\nA,03/04/2024,05/06/2024,10\nB,01/02/2024,,20\n";
  const [given, changed, codes] = await page.evaluate(async (source) => {
    interface Answer {
      input: { firstDate: string; shape: string };
      periods: { period: string }[];
    }
    const element = document.querySelector("retention-calculator") as unknown as {
      analyzeFiles(files: object[], options?: object): Promise<Answer>;
    };
    const roles = { customer: "who", start: "began", end: "until", amount: "pays" };
    const file = { name: "one.csv", source, kind: "subscriptions", roles };
    const told = ({ input, periods }: Answer) =>
      `${input.shape} ${input.firstDate} ${periods[0]?.period}`;
    const day = await element.analyzeFiles([{ ...file, dateOrder: "dmy" }]);
    // Those of all stand behind those of the file.
    const month = await element.analyzeFiles([{ ...file, dateOrder: "mdy" }], {
      dateOrder: "dmy",
      granularity: "quarter",
    });
    const refused = (files: object[]) =>
      element.analyzeFiles(files).then(
        () => "",
        (thrown: unknown) => (thrown as { code: string }).code,
      );
    return [
      told(day),
      told(month),
      [await refused([]), await refused([{ ...file, kind: "events" }])],
    ];
  }, csv);
  expect(given).toMatch(/^subscriptions 2024-02-01 /);
  expect(changed).toMatch(/^subscriptions 2024-01-02 2024-Q1$/);
  expect(codes).toEqual(["no-files", "no-history-among-files"]);
  await expect(page.getByRole("alert")).toContainText("one.csv");
});

test("the module's functions need no element", async ({ page }) => {
  await openHost(page, "");
  const answers = await page.evaluate(
    async ({ csv, address }) => {
      const module = await import(address);
      const report = await module.analyze(csv, { granularity: "quarter" });
      const figure = await module.calculate("customer_retention_rate", {
        start: 500,
        new: 80,
        end: 540,
      });
      const wrong = await module
        .calculate("customer_retention_rate", { start: 500 })
        .catch((error: { code: string; column: string }) => [error.code, error.column]);
      const abort = new AbortController();
      const aborted = module
        .analyze(csv, { signal: abort.signal })
        .catch((error: { name: string }) => error.name);
      abort.abort();
      return {
        periods: report.periods.map(({ period }: { period: string }) => period),
        value: figure.value,
        wrong,
        aborted: await aborted,
      };
    },
    { csv: SUBSCRIPTIONS, address: `${host}retention-calculator.js` },
  );
  expect(answers).toEqual({
    periods: ["2024-Q1"],
    value: 0.92,
    wrong: ["missing-input", "new"],
    aborted: "AbortError",
  });
});

test("the address and the pastes of the host stay the host's", async ({ page }) => {
  await openHost(
    page,
    '<p id="elsewhere" tabindex="0">Elsewhere</p><retention-calculator sample="subscriptions"></retention-calculator>',
  );
  await page.getByRole("tab", { name: "Movements" }).click();
  await expect(page.getByRole("tab", { name: "Movements" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  expect(page.url()).toBe(host);
  const taken = await page.locator("#elsewhere").evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "a\tb\n1\t2\n");
    return !element.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
    );
  });
  expect(taken).toBe(false);
});

test("a file dropped beside the element does not open", async ({ page }) => {
  await openHost(
    page,
    '<p id="elsewhere">Elsewhere</p><retention-calculator></retention-calculator>',
  );
  const prevented = await page.locator("#elsewhere").evaluate((element) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["a,b\n1,2\n"], "a.csv"));
    return !element.dispatchEvent(
      new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }),
    );
  });
  expect(prevented).toBe(true);
  await expect(page.locator("rc-ways-in")).toBeVisible();
});

test("what the host sets for all of its elements stays outside", async ({ page }) => {
  await openHost(
    page,
    `<style>
      * { box-sizing: content-box; color: red; letter-spacing: 2px; line-height: 3; text-transform: uppercase; font: italic 900 30px serif; }
    </style>
    <retention-calculator></retention-calculator>`,
  );
  const heading = page.getByRole("heading", { name: "From totals, without a file" });
  await expect(heading).toHaveCSS("text-transform", "none");
  await expect(heading).not.toHaveCSS("letter-spacing", "2px");
  await expect(heading).toHaveCSS("font-style", "normal");
  await expect(heading).not.toHaveCSS("color", "rgb(255, 0, 0)");
  const label = page.getByText("Customers at the start", { exact: true });
  await expect(label).toHaveCSS("text-transform", "none");
  await expect(label).toHaveCSS("font-weight", "400");
});

test("a call to action of the host is told as a lead", async ({ page }) => {
  await openHost(
    page,
    '<retention-calculator><p slot="cta">Questions? <button type="button">Talk to us</button></p></retention-calculator>',
  );
  await page.evaluate(() => {
    document.addEventListener("retention-lead", () => {
      document.title = `${document.title} lead`;
    });
  });
  await page.getByText("Questions?").click({ position: { x: 2, y: 2 } });
  await page.getByRole("button", { name: "Talk to us" }).click();
  expect(await page.title()).toBe("host lead");
});

test("the theme can be set, and an accent of the host is used", async ({ page }) => {
  await openHost(
    page,
    "<style>retention-calculator { --rc-accent: rgb(1, 2, 3) }</style><retention-calculator theme=dark></retention-calculator>",
  );
  const element = page.locator("retention-calculator");
  expect(await element.evaluate((one) => getComputedStyle(one).colorScheme)).toBe("dark");
  await expect(page.locator("rc-ways-in .how")).toHaveCSS("color", "rgb(1, 2, 3)");
});
