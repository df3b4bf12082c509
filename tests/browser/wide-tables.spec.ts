// Tables on narrow screens: what has few columns is stacked, what keeps its scroll bar says so.
// It deliberately checks no number.

import { expect, expectAccessible, type Page, test } from "./harness.ts";
import { openSample } from "./steps.ts";

const PHONE = { width: 390, height: 800 };

/** How far cells of tables that are no matrix stick out of the screen, by their text. */
function outside(page: Page, element: string): Promise<string[]> {
  return page.locator(`${element} table.stacks tbody :is(th, td)`).evaluateAll((cells) =>
    cells
      .filter((cell) => {
        const { left, right, width } = cell.getBoundingClientRect();
        return 0 < width && (left < 0 || innerWidth < right);
      })
      .map((cell) => cell.textContent?.trim() ?? ""),
  );
}

for (const [sample, view, element] of [
  ["dashboard", "dashboard", "rc-dashboard"],
  ["subscriptions", "lifespan", "rc-lifespan-value"],
  ["subscriptions", "lifespan", "rc-lifespan-segments"],
  ["subscriptions", "what-if", "rc-what-if"],
  ["health", "health", "rc-health"],
  ["set", "import", "rc-contradictions"],
] as const) {
  test(`nothing in the tables of ${element} is off the screen of a phone`, async ({ page }) => {
    await page.setViewportSize(PHONE);
    await openSample(page, sample, view);
    await page.locator(`${element} table.stacks`).first().waitFor();
    expect(await outside(page, element)).toEqual([]);
  });
}

test("a stacked row names what each number is, and stays a row for who listens", async ({
  page,
}) => {
  await page.setViewportSize(PHONE);
  await openSample(page, "dashboard", "dashboard");
  const section = page.locator("rc-dashboard section", { hasText: "Retention by segment" });
  const row = section.getByRole("row", { name: "Enterprise" });
  await expect(row.getByRole("rowheader")).toHaveText("Enterprise");
  const labels = await row
    .getByRole("cell")
    .evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell, "::before").content));
  expect(labels).toEqual([
    '"Customers"',
    '"Revenue a month"',
    '"Gross retention"',
    '"Net retention"',
    '"Customer churn"',
    '"Lifetime value"',
  ]);
  await expectAccessible(page);
  // Where there is room again, it is the table that it was.
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(section.locator("table[data-stacked]")).toHaveCount(0);
  await expect(section.getByRole("columnheader", { name: "Net retention" })).toBeVisible();
});

test("a matrix that scrolls says so, keeps its first column and takes the focus", async ({
  page,
}) => {
  await page.setViewportSize(PHONE);
  await openSample(page, "dashboard", "dashboard");
  const box = page.getByRole("region", { name: "Customers still there, by cohort" });
  await expect(box).toHaveAttribute("data-wide", "");
  expect(await box.evaluate((node) => getComputedStyle(node, "::before").content)).toBe(
    '"Scroll sideways for all columns"',
  );
  await box.focus();
  await page.keyboard.press("End");
  for (let press = 0; press < 8; press += 1) await page.keyboard.press("ArrowRight");
  await expect.poll(() => box.evaluate((node) => node.scrollLeft)).toBeGreaterThan(0);
  const first = box.getByRole("rowheader").first();
  await expect
    .poll(async () => (await first.boundingBox())?.x ?? -1)
    .toBeGreaterThanOrEqual((await box.boundingBox())?.x ?? 0);
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(box).not.toHaveAttribute("data-wide");
});

test("the arithmetic of definitions has a line of its own on a tablet", async ({ page }) => {
  await page.setViewportSize({ width: 820, height: 1000 });
  await openSample(page, "subscriptions", "overview");
  const table = page.locator("rc-definitions-table table").first();
  await table.waitFor();
  const whole = (await table.boundingBox())?.width ?? 0;
  const cells = table.locator("td.arithmetic");
  for (const cell of await cells.all()) {
    expect((await cell.boundingBox())?.width).toBeGreaterThan(0.9 * whole);
  }
  expect(
    await table.evaluate((node) =>
      [...node.querySelectorAll("th, td")].every(
        (cell) => cell.getBoundingClientRect().right <= node.getBoundingClientRect().right + 1,
      ),
    ),
  ).toBe(true);
});
