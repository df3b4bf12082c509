// Definitions side by side on the page, from the sample that was made for them.
// It deliberately reads the rates off the page: what the core gives is tested elsewhere.

import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectSilence,
  type Page,
  test,
} from "../harness.ts";
import { open } from "../steps.ts";

/** The six rates of one ledger, by the names of their definitions. */
const RATES = {
  "start-cohort": "10.0%",
  chartmogul: "10.0%",
  stripe: "9.6%",
  baremetrics: "12.0%",
  profitwell: "11.0%",
  articles: "11.0%",
} as const;

async function readSample(page: Page): Promise<void> {
  await open(page);
  await page.locator("[data-sample=definitions]").click();
  await expect(page.locator("rc-overview")).toBeVisible();
}

/** The result of each definition that a table shows. */
async function resultsIn(page: Page, table: string): Promise<Record<string, string>> {
  const rows = page.locator(`${table} tr[data-definition]`);
  await expect(rows.first()).toBeVisible();
  const read = await rows.evaluateAll((all) =>
    all.map((row) => [
      row.getAttribute("data-definition") ?? "",
      row.querySelector(".result .main")?.textContent?.trim() ?? "",
    ]),
  );
  return Object.fromEntries(read);
}

test("six definitions of churn stand side by side with their rates @sizes", async ({
  page,
  witness,
}) => {
  await readSample(page);
  const section = page.locator("rc-definitions");
  await expectSilence(witness, async () => {
    expect(await resultsIn(page, "rc-definitions rc-definitions-table")).toEqual(RATES);
    await expect(section).toContainText("is 9.6% by one definition and 12.0% by another");
    const stripe = section.locator("tr[data-definition=stripe]");
    await expect(stripe).toContainText("12 ÷ (100 + 25)");
    await expect(stripe).toContainText("−0.4\u00a0pp");
    await expect(stripe.getByRole("button")).toHaveText("26 customers");
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  });
});

test("whom a definition counts otherwise is listed", async ({ page, witness }) => {
  await readSample(page);
  await expectSilence(witness, async () => {
    const row = page.locator("rc-definitions tr[data-definition=baremetrics]");
    await row.getByRole("button", { name: "2 customers" }).click();
    const list = page.locator("rc-definitions rc-customers-behind");
    await expect(list.getByText("c019")).toBeVisible();
    await expect(list.getByText("c125")).toBeVisible();
    await expectAccessible(page);
    await row.getByRole("button", { name: "2 customers" }).click();
    await expect(list).toHaveCount(0);
  });
});

test("each metric has its definitions, with what they need or give", async ({ page }) => {
  await readSample(page);
  const section = page.locator("rc-definitions");
  await section.getByText("Gross revenue retention", { exact: true }).click();
  await expect(section.locator("tr[data-definition=capped-totals]")).toContainText("+2.1\u00a0pp");
  await section.getByText("Net revenue retention", { exact: true }).click();
  await expect(section.locator("caption")).toContainText("Apr 1, 2025 to Mar 31, 2026");
  await expect(section.locator("tr[data-definition=product-of-months]")).toContainText("84.0%");
  await section.getByText("Lifetime value", { exact: true }).click();
  await expect(section.locator("tr[data-definition=margin_average_churn]")).toContainText(
    "No gross margin is given.",
  );
});

test("the panel of a figure has its definitions and the ranges with their sources", async ({
  page,
}) => {
  await readSample(page);
  await page.getByRole("button", { name: /^Customer retention/ }).click();
  const panel = page.getByRole("dialog");
  expect(await resultsIn(page, "rc-derivation rc-definitions-table")).toEqual(RATES);
  const ranges = panel.locator("rc-benchmark-list");
  await expect(ranges).toContainText("Customer retention over a year: yours is 73.5%");
  await expect(ranges).toContainText("Not verified: credited to a survey that was not seen");
  await ranges.getByLabel("For whom").selectOption("SMB");
  await expect(ranges.locator("li")).toHaveCount(2);
  await ranges.getByLabel("Stage of the company").selectOption("series B to C");
  await expect(ranges).toContainText("not at this figure");
  await expectAccessible(page);
});

test("warnings are in the list of what to look at, with those that need other data", async ({
  page,
}) => {
  await readSample(page);
  const overview = page.locator("rc-overview");
  await expect(overview).toContainText("3 of 3 published warnings that this file can answer fire");
  await overview
    .getByRole("button", { name: "Net revenue retention of a year is 76.6%, under 100% and 110%" })
    .click();
  await expect(page.getByRole("dialog")).toContainText("Apr 1, 2025 to Mar 31, 2026");
  await page.getByRole("button", { name: "Close" }).click();
  await overview.getByText("3 published warnings cannot be judged from this file").click();
  await expect(overview).toContainText("needs a column with the days from each signature");
});
