// The views of a report in every state they can be in, inside the hosted page and under its policy.
// It deliberately reads no file: made-up reports are put into the element, so that extremes can be.

import { site } from "./environment.ts";
import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectSilence,
  type Page,
  test,
} from "./harness.ts";
import { FORMULAS, NASTY_NAMES, REPORTS, reportOf } from "./views/reports.ts";

const VIEWS = ["overview", "movements", "cohorts", "segments", "lifespan", "what-if"] as const;
type View = (typeof VIEWS)[number];

/** Shows a view of a made-up report as if its file had just been read. */
async function show(page: Page, name: string, view: View): Promise<void> {
  await put(page, name, view);
  await expect(page.locator(`rc-${view}`)).toBeVisible();
}

/** Puts a made-up report into the element; a view that it cannot fill gives way to the first. */
async function put(page: Page, name: string, view: View): Promise<void> {
  await page.goto(site);
  await page.evaluate(
    async ([text, shown, catalogue]) => {
      await customElements.whenDefined("retention-calculator");
      const element = document.querySelector("retention-calculator");
      const inHand = { source: new Blob([]), name: "Made up" };
      Object.assign(element ?? {}, {
        current: JSON.parse(text),
        inHand,
        catalogue,
        stage: "report",
        view: shown,
      });
      await (element as unknown as { updateComplete: Promise<unknown> }).updateComplete;
    },
    // As text: a report of 400 cohorts is taken apart value by value otherwise, which takes seconds.
    [JSON.stringify(reportOf(name)), view, FORMULAS] as const,
  );
}

for (const view of VIEWS) {
  test(`${view} is accessible and stays inside its width @sizes`, async ({ page, witness }) => {
    await show(page, "subscriptions", view);
    await expectSilence(witness, async () => {
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    });
  });

  test(`${view} is accessible in the dark`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: "dark" });
    await show(page, "subscriptions", view);
    await expectAccessible(page);
  });
}

for (const name of Object.keys(REPORTS)) {
  test(`no number is made up in any view: ${name}`, async ({ page, witness }) => {
    for (const view of VIEWS) {
      await put(page, name, view);
      await expectSilence(witness, async () => {
        const shown = page.locator("[role=tabpanel] > :not(h2)");
        await expect(shown).toBeVisible();
        const text = await shown.evaluate((element) => {
          const all: string[] = [];
          const read = (root: ParentNode): void => {
            for (const one of root.querySelectorAll("*")) {
              if (one.shadowRoot) read(one.shadowRoot);
              if (one.children.length === 0) all.push(one.textContent ?? "");
            }
          };
          if (element.shadowRoot) read(element.shadowRoot);
          return all.join("\n");
        });
        expect(text).not.toMatch(/\bNaN\b|Infinity|\bnull\b|\[object/);
      });
      await expectNoSidewaysScroll(page);
    }
  });
}

test("the overview opens with the sentence, and each figure opens its arithmetic", async ({
  page,
}) => {
  await show(page, "totals", "overview");
  await expect(page.locator("rc-overview .lede")).toContainText(
    "In Q4 2025 you kept 547 of 590 customers (92.7%",
  );
  const figures = page.locator("rc-overview button.figure");
  expect(await figures.count()).toBeLessThanOrEqual(6);
  await figures.first().click();
  const dialog = page.getByRole("dialog", { name: "Customer retention" });
  await expect(dialog).toContainText("92.7%");
  await expect(dialog).toContainText("÷");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(figures.first()).toBeFocused();
});

test("names of customers and segments are text, whatever they are", async ({ page, witness }) => {
  for (const view of ["overview", "movements", "segments"] as const) {
    await show(page, "nasty-names", view);
    await expectSilence(witness, async () => {
      await expect(
        page
          .locator(`rc-${view}`)
          .getByText(NASTY_NAMES[0] ?? "")
          .first(),
      ).toBeVisible();
      expect(await page.locator(`rc-${view} img`).count()).toBe(0);
    });
    await expectNoSidewaysScroll(page);
  }
});

test("points of a chart are read with the arrow keys, and open", async ({ page }) => {
  await show(page, "complete", "movements");
  const line = page.locator("rc-rate-line");
  await line.locator(".hit").last().focus();
  await page.keyboard.press("End");
  await expect(line.getByRole("button", { name: /^February 2025/ })).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(line.getByRole("button", { name: /^January 2025/ })).toBeFocused();
  await expect(line.locator("output")).toContainText(/January 2025.*%/s);
  await page.keyboard.press("Enter");
  const panel = page.locator("rc-movements rc-derivation dialog");
  await expect(panel.getByText("January 2025").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(line.getByRole("button", { name: /^January 2025/ })).toBeFocused();
});

test("many points are read by one slider", async ({ page }) => {
  await show(page, "cohorts-400", "movements");
  const points = page.locator("rc-rate-line").getByRole("slider");
  await points.focus();
  await page.keyboard.press("End");
  const last = Number(await points.getAttribute("aria-valuemax"));
  await expect(points).toHaveAttribute("aria-valuenow", String(last));
  await page.keyboard.press("ArrowLeft");
  await expect(points).toHaveAttribute("aria-valuenow", String(last - 1));
  await page.keyboard.press("Home");
  await expect(points).toHaveAttribute("aria-valuenow", "0");
});

test("columns are read with the arrow keys, one stop in the order of focus", async ({ page }) => {
  await show(page, "complete", "movements");
  const chart = page.locator("rc-movement-columns");
  const columns = chart.locator(".hit");
  await columns.last().focus();
  await expect(columns.last()).toHaveAccessibleName(/^February 2025/);
  await page.keyboard.press("ArrowLeft");
  await expect(
    chart.getByRole("button", { name: /^January 2025: New \+€[\d,.]+.*net/ }),
  ).toBeFocused();
  await expect(chart.locator("output")).toContainText(/January 2025.*New \+€[\d,.]+.*net/s);
  await expect(chart.locator('.hit[tabindex="0"]')).toHaveCount(1);
  await page.keyboard.press("Home");
  await expect(columns.first()).toBeFocused();
});

test("each chart shows the same numbers as a table", async ({ page }) => {
  await show(page, "totals", "overview");
  const chart = page.locator("rc-waterfall");
  await chart.getByRole("button", { name: "Table" }).click();
  const rows = chart.getByRole("row");
  await expect(rows).toHaveText([
    /Movement/,
    /Start\s*50,000/,
    /New\s*\+8,000/,
    /Expansion\s*\+3,000/,
    /Contraction\s*−900/,
    /Churned\s*−2,500/,
    /End\s*57,600/,
  ]);
});

test("a chart is saved as a picture, a drawing and a table", async ({ page, witness }) => {
  await show(page, "complete", "overview");
  const chart = page.locator("rc-waterfall");
  await expectSilence(witness, async () => {
    const saved = new Map<string, Buffer>();
    for (const [name, extension] of [
      ["PNG picture", "png"],
      ["SVG drawing", "svg"],
      ["CSV table", "csv"],
    ] as const) {
      await chart.getByText("Download").click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        chart.getByRole("button", { name }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(new RegExp(`^revenue-[\\w-]+\\.${extension}$`));
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      saved.set(extension, Buffer.concat(chunks));
    }
    expect(saved.get("png")?.subarray(1, 4).toString()).toBe("PNG");
    const svg = saved.get("svg")?.toString() ?? "";
    expect(svg).toMatch(/^<svg[^>]*viewBox/);
    expect(svg).not.toMatch(/class=|style=|var\(|<!--/);
    expect(svg).toContain("rgb(");
    expect(saved.get("csv")?.toString()).toMatch(
      /^\uFEFFMovement,Revenue per month\r\nStart,[\d.]+\r\n/,
    );
  });
});

test("a drawing on screen has the numbers that its report has", async ({ page }) => {
  await show(page, "totals", "overview");
  await expect(page.locator("rc-waterfall svg title")).toHaveText(
    "Revenue grew by 7,600 in Q4 2025, mostly by new customers",
  );
  await expect(page.locator("rc-waterfall svg desc")).toContainText(
    "Start 50K; New +8,000; Expansion +3,000",
  );
});

test("four hundred cohorts stay usable", async ({ page }) => {
  await show(page, "cohorts-400", "cohorts");
  const heat = page.locator("rc-cohort-heatmap");
  await expect(heat).toContainText("Cohorts 365 to 400 of 400");
  expect(await heat.locator("td").count()).toBeLessThan(2500);
  await heat.getByRole("button", { name: "Earlier" }).click();
  await expect(heat).toContainText("Cohorts 329 to 364 of 400");
  await expectNoSidewaysScroll(page);
});

test("cells of a heatmap are read with the arrow keys, and say how many of how many", async ({
  page,
}) => {
  await show(page, "complete", "cohorts");
  const heat = page.locator("rc-cohort-heatmap");
  await heat.locator("td[tabindex='0']").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await expect(heat.locator("output")).toHaveText(
    /February 2024, month 1\s+[\d.]+%: \d+ of \d+ customers\./,
  );
  await page.getByLabel("Revenue").check();
  await expect(heat.locator("#subheading")).toContainText("Revenue of each month's new customers");
});

test("the table of periods says why a figure is not defined", async ({ page }) => {
  await show(page, "complete", "movements");
  const cell = page.getByRole("button", { name: /Customer retention, January 2024: not defined/ });
  await cell.focus();
  await expect(page.locator("rc-movements output.reading").first()).toContainText(
    "not defined, no customers at the start, so no rate.",
  );
});

test("another granularity is asked of the element, and one refused is not shown as in force", async ({
  page,
}) => {
  await show(page, "complete", "movements");
  const asked = page.evaluate(
    () =>
      new Promise((resolve) => {
        const shadow = document.querySelector("retention-calculator")?.shadowRoot;
        const take = (event: Event) => resolve((event as unknown as { options: unknown }).options);
        shadow?.addEventListener("rc-options", take, { once: true });
      }),
  );
  await page.getByLabel("Quarters").click();
  expect(await asked).toEqual({ granularity: "quarter" });
  // There is no file behind the report to work it out from.
  await expect(page.getByRole("alert")).toContainText("Made up");
  await expect(page.getByLabel("Months")).toBeChecked();
});

test("what is not from the data is dashed, and what is, is not", async ({ page }) => {
  await show(page, "subscriptions", "lifespan");
  const dash = (selector: string) =>
    page
      .locator(`rc-survival-curve ${selector}`)
      .first()
      .evaluate((path) => getComputedStyle(path).strokeDasharray);
  expect(await dash("path.line:not(.projected)")).toBe("none");
  expect(await dash("path.line.projected")).not.toBe("none");
});

test("nothing moves where the reader asks for that", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await show(page, "subscriptions", "overview");
  await page.locator("rc-overview button.figure").first().click();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});

test("print has no buttons, no scrolling boxes and light colours", async ({ page }) => {
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await show(page, "subscriptions", "movements");
  await expect(page.locator("rc-waterfall .tools")).toBeHidden();
  expect(
    await page
      .locator("rc-movements .box")
      .first()
      .evaluate((box) => getComputedStyle(box).overflowX),
  ).toBe("visible");
});

test("read from right to left, drawings keep their direction", async ({ page }) => {
  await show(page, "subscriptions", "overview");
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
  expect(
    await page.locator("rc-waterfall .plot").evaluate((plot) => getComputedStyle(plot).direction),
  ).toBe("ltr");
  await expectNoSidewaysScroll(page);
});
