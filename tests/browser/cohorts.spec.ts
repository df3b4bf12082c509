// The table of cohorts: what it can be asked for, what it answers, and that it leaves as a file.
// It deliberately checks no number that the core's own tests check.

import { readFile } from "node:fs/promises";
import { expect, expectAccessible, expectNoSidewaysScroll, type Page, test } from "./harness.ts";
import { choose, open } from "./steps.ts";

/** Two who began in January, of whom one left in February and came back in April; one in March. */
const RETURNING = [
  "account_id,start_date,end_date,mrr",
  "A,2024-01-01,,100.00",
  "B,2024-01-10,2024-02-15,50.00",
  "B,2024-04-10,,80.00",
  "C,2024-03-05,,30.00",
  "D,2024-05-31,,20.00",
  "",
].join("\n");

async function show(page: Page, content = RETURNING): Promise<void> {
  await open(page);
  await choose(page, "returning.csv", content);
  await page.getByRole("tab", { name: "Cohorts" }).click();
  await expect(page.locator("rc-cohorts")).toBeVisible();
}

const heat = (page: Page) => page.locator("rc-cohort-heatmap");

/** The texts of the cells of one row, by what stands at its beginning. */
async function row(page: Page, name: string): Promise<string[]> {
  const cells = heat(page).getByRole("row", { name }).locator("td");
  return (await cells.allTextContents()).map((text) => text.trim());
}

test("cells, means and steps are those of the report", async ({ page }) => {
  await show(page);
  expect(await row(page, "Jan 2024")).toEqual([
    "2",
    "100.0%",
    "50.0%",
    "50.0%",
    "100.0%",
    "100.0%",
  ]);
  expect(await row(page, "Mean")).toEqual(["4", "100.0%", "66.7%", "66.7%", "100.0%", "100.0%"]);
  // Of those there one age before: who returns stayed away for it.
  expect(await row(page, "Step")).toEqual(["", "–", "66.7%", "100.0%", "100.0%", "100.0%"]);
  await heat(page).getByRole("row", { name: "Jan 2024" }).locator("td").nth(2).hover();
  await expect(heat(page).locator("output")).toHaveText(
    /January 2024, month 1\s+50\.0%: 1 of 2 customers\. Of those there one age before, 50\.0% stayed\./,
  );
});

test("net and gross differ by what customers pay more, and money is money", async ({ page }) => {
  await show(page);
  await page.getByLabel("Net retention").check();
  expect((await row(page, "Jan 2024")).slice(1)).toEqual([
    "100.0%",
    "66.7%",
    "66.7%",
    "120.0%",
    "120.0%",
  ]);
  await page.getByLabel("Gross retention").check();
  expect((await row(page, "Jan 2024")).at(-1)).toBe("100.0%");
  await page.getByRole("radio", { name: "Revenue" }).check();
  expect((await row(page, "Jan 2024")).slice(1, 3)).toEqual(["150", "100"]);
  // 1.2 ± 12.706 × √(2 × (20² + 20²)) ÷ 150
  await page.getByLabel("Net retention").check();
  await heat(page).getByRole("row", { name: "Jan 2024" }).locator("td").nth(4).click();
  await expect(page.getByRole("dialog")).toContainText("Likely 0.0% to 458.8%, from 2 customers.");
  await page.keyboard.press("Escape");
  await page.getByRole("radio", { name: "Revenue" }).check();
  // Of money there is no mean.
  await expect(heat(page).getByRole("rowheader", { name: "Mean" })).toHaveCount(0);
});

test("length, clock and counting are asked of the core, and nothing is read again", async ({
  page,
}) => {
  await show(page);
  await page.getByLabel("Counts who is active").selectOption("At that age or later");
  await expect.poll(() => row(page, "Jan 2024")).toEqual(["2", ...Array(5).fill("100.0%")]);
  await page.getByLabel("Counts who is active").selectOption("At that age");
  await page.getByLabel("Began in the same").selectOption("Quarter");
  await expect(heat(page)).toContainText("Q1 2024");
  expect(await row(page, "Q1 2024")).toEqual(["3", "66.7%", "100.0%"]);
  await page.getByLabel("Began in the same").selectOption("Month");
  await page.getByLabel("Age counted in").selectOption("Days since the first");
  await expect(heat(page).getByRole("columnheader", { name: "Day 60" })).toBeVisible();
  await page.getByLabel("Days", { exact: true }).fill("45");
  await page.getByLabel("Days", { exact: true }).press("Enter");
  await expect(heat(page).getByRole("columnheader", { name: "Day 90" })).toBeVisible();
  // Movements keep the periods that they have.
  await page.getByRole("tab", { name: "Movements" }).click();
  await expect(page.getByLabel("Months")).toBeChecked();
});

test("choices made in one moment are all kept, and the controls show what is in force", async ({
  page,
}) => {
  await show(page);
  await page.getByLabel("Began in the same").evaluate((began: HTMLSelectElement) => {
    const choose = (select: HTMLSelectElement, value: string): void => {
      select.value = value;
      select.dispatchEvent(new Event("change"));
    };
    const choices = began.closest(".choices");
    const [, clock, counting] = choices?.querySelectorAll("select") ?? [];
    if (clock === undefined || counting === undefined) throw new Error("controls are missing");
    choose(began, "quarter");
    choose(clock, "days");
    choose(counting, "on-or-after");
  });
  await expect(heat(page)).toContainText("Q1 2024");
  await expect(heat(page).getByRole("columnheader", { name: "Day 30" })).toBeVisible();
  await expect(heat(page)).toContainText("or at any later time up to now");
  await expect(page.getByLabel("Began in the same")).toHaveValue("quarter");
  await expect(page.getByLabel("Age counted in")).toHaveValue("days");
  await expect(page.getByLabel("Counts who is active")).toHaveValue("on-or-after");
});

test("who begins anew while a choice is worked out begins with nothing", async ({ page }) => {
  await show(page);
  await page.getByLabel("Began in the same").evaluate((began: HTMLSelectElement) => {
    began.value = "quarter";
    began.dispatchEvent(new Event("change"));
    const shown = document.querySelector("retention-calculator")?.shadowRoot;
    const head = shown?.querySelector("rc-understood")?.shadowRoot;
    const buttons = [...(head?.querySelectorAll("button") ?? [])];
    const another = buttons.find((button) => button.textContent?.trim() === "Another file");
    if (another === undefined) throw new Error("there is no way to begin anew");
    another.click();
  });
  await expect(page.locator("rc-ways-in")).toBeVisible();
  await choose(page, "returning.csv", RETURNING);
  await page.getByRole("tab", { name: "Cohorts" }).click();
  await expect(heat(page).getByRole("row", { name: "Jan 2024" })).toBeVisible();
  await expect(page.getByLabel("Began in the same")).toHaveValue("month");
});

test("a cell and a mean open what they are made of, also by the keyboard", async ({ page }) => {
  await show(page);
  const first = heat(page).getByRole("row", { name: "Jan 2024" }).locator("td").nth(2);
  await first.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("1 customer who was active at month 1 ÷ 2 who began");
  await expect(dialog).toContainText("B");
  await page.keyboard.press("Escape");
  await first.focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(heat(page).locator("output")).toContainText("Mean, month 1");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Mean of all cohorts" })).toContainText("66.7%");
});

test("only the ages of round months, where that is asked for", async ({ page }) => {
  await show(page);
  await page.getByLabel("Ages shown").selectOption({ index: 1 });
  expect(await heat(page).getByRole("columnheader").allTextContents()).toEqual([
    "Month of start",
    "Size",
    "3 mo",
  ]);
});

test("the table leaves as one row per cohort and as one row per cell", async ({ page }) => {
  await show(page);
  const saved = async (name: string): Promise<string[]> => {
    await heat(page).getByText("Download").click();
    const download = page.waitForEvent("download");
    await heat(page).getByRole("button", { name }).click();
    const text = await readFile(await (await download).path(), "utf8");
    return text.replace("\uFEFF", "").trim().split("\r\n");
  };
  const wide = await saved("CSV, a row per cohort");
  expect(wide.slice(0, 2)).toEqual([
    "Cohort,Size,Month 0,Month 1,Month 2,Month 3,Month 4",
    "2024-01,2,2,1,1,2,2",
  ]);
  const long = await saved("CSV, a row per cell");
  expect(long[0]).toBe(
    "cohort,size,age,age_name,reached,complete,customers,customer_retention,step_retention,revenue,revenue_at_age_0,net_revenue_retention,gross_revenue_retention",
  );
  expect(long[4]).toBe("2024-01,2,3,Month 3,2,yes,2,1,1,180,150,1.2,1");
  expect(long).toHaveLength(1 + 5 + 3 + 1);
});

test("all of it is accessible and stays inside its width @sizes", async ({ page }) => {
  await show(page);
  await page.getByLabel("Age counted in").selectOption("Days since the first");
  await expect(heat(page).getByRole("columnheader", { name: "Day 60" })).toBeAttached();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});
