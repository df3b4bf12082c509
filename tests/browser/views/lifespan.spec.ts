// How long customers stay, on the page: the curve with its models, how far they can be believed, what a
// customer is worth, who stays longer, and purchases to come.
// It deliberately leaves the numbers of the core to the tests of Rust.

import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectSilence,
  type Page,
  test,
} from "../harness.ts";
import { openSample } from "../steps.ts";

/** The view on a sample file. */
async function open(page: Page, sample: string): Promise<void> {
  await openSample(page, sample, "lifespan");
  await expect(page.locator("rc-lifespan h2").first()).toBeAttached();
}

test("a curve, its models, and what a customer is worth, in words", async ({ page, witness }) => {
  await open(page, "subscriptions");
  const view = page.locator("rc-lifespan");
  await expectSilence(witness, async () => {
    await expect(view.locator(".lede").first()).toContainText(
      /Half of the customers are gone after/,
    );
    const worth = view.locator("rc-lifespan-value .lede");
    await expect(worth).toHaveText(/^A new customer is worth \$.* over 5 years, likely \$.* to \$/);
    const before = await worth.textContent();
    await view.getByLabel("10 years").check();
    await expect(worth).toContainText("over 10 years");
    expect(await worth.textContent()).not.toBe(before);
    // One over churn, the fitted curve, the years and the discounted value, with what lies between.
    const ways = view.getByRole("region", { name: "Table: what a new customer is worth" });
    await expect(ways.locator("tbody tr")).toHaveCount(4);
    await expect(ways.locator("tbody tr").nth(2)).toContainText("Within 10 years");
    await view.getByLabel("Discount rate per year").fill("20");
    await expect(ways.locator("tbody tr").nth(3)).toContainText("20.0% a year");
    await expect(
      view
        .getByRole("region", { name: "Table: what a customer in hand is worth" })
        .locator("tbody tr"),
    ).toHaveCount(7);
  });
  await expectAccessible(page);
});

test("models are drawn beyond the data, and tested on what was held out", async ({ page }) => {
  await open(page, "accounts");
  const view = page.locator("rc-lifespan");
  const curve = view.locator("rc-survival-curve");
  await expect(curve.locator("svg")).toContainText("Beyond the data: projected");
  await expect(curve.locator("path.line.projected")).toHaveCount(2);
  await view.getByLabel("fitted to all of the data").focus();
  await page.keyboard.press("ArrowRight");
  await expect(curve.locator("svg")).toContainText("Held out");
  await expect(curve.locator("svg")).not.toContainText("Beyond the data");
  const models = view.getByRole("region", { name: "Table: lifespan models" });
  await expect(models.locator("tbody tr")).toHaveCount(2);
  // The file says churned of 46.
  await expect(view).toContainText("needs fifty customers who left; here 46 did");
  await expect(models).toContainText("One churn for all");
  await view.getByText("Every period that was held out").click();
  const held = view.getByRole("region", { name: "Table: periods held out" });
  expect(await held.locator("tbody tr").count()).toBeGreaterThan(5);
  // The table under the chart.
  await curve.getByRole("button", { name: "Table" }).click();
  await expect(curve.getByRole("columnheader", { name: "At risk" })).toBeVisible();
});

test("segments are compared by how long their customers stay", async ({ page }) => {
  await open(page, "subscriptions");
  const segments = page.locator("rc-lifespan-segments");
  await expect(segments.locator(".lede")).toContainText(/log-rank test/);
  const rows = segments.getByRole("region", { name: /segments by how long/ }).locator("tbody tr");
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText("SMB");
  await expect(rows.nth(1)).toContainText(/times/);
  await expect(segments.locator("rc-segment-curves path.line")).toHaveCount(3);
});

test("a shop has customers who are likely still there, and purchases to come", async ({ page }) => {
  await open(page, "transactions");
  const view = page.locator("rc-lifespan-purchases");
  await expect(view.locator(".lede")).toHaveText(
    /^Of 120 customers who ever bought, about \d+ are likely to be customers still/,
  );
  await expect(view).toContainText(/Held out: fitted to the days up to/);
  // A fit without a single best set of parameters says so.
  await expect(view).toContainText("no single best set of parameters");
  const rows = view
    .getByRole("region", { name: /customers and what is expected/ })
    .locator("tbody tr");
  await expect(rows).toHaveCount(25);
  await view.getByRole("button", { name: "Customer", exact: true }).click();
  await expect(rows.first()).toContainText("sample-001");
  await view.getByLabel("Find a customer").fill("055");
  await expect(rows).toHaveCount(1);
  const said = await view.locator(".lede").textContent();
  await view.getByLabel("3 months").check();
  await expect(view.locator(".lede")).not.toHaveText(said ?? "");
  await view.getByRole("combobox").selectOption("mbgnbd");
  await expect(view).not.toContainText("is one still for certain");
  const saved = page.waitForEvent("download");
  await view.getByRole("button", { name: "Save as CSV" }).click();
  expect((await saved).suggestedFilename()).toBe("purchases-to-come.csv");
  await expectAccessible(page);
});

for (const sample of ["subscriptions", "transactions", "accounts"]) {
  test(`on a phone nothing is cut off: ${sample}`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, sample);
    await expect(page.locator("rc-lifespan .lede").last()).toBeVisible();
    await expectNoSidewaysScroll(page);
  });
}
