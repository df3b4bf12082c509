// Why customers left and what comes up for renewal, as the overview tells it.
// It deliberately checks no number that the core's own tests check.

import { expect, expectAccessible, expectNoSidewaysScroll, type Page, test } from "./harness.ts";
import { choose, open, SUBSCRIPTIONS } from "./steps.ts";

/** Four who left, one of them without a reason, and two who are on yearly terms. */
const LEFT = [
  "account_id,start_date,end_date,mrr,interval,cancel_reason,risk",
  "A,2024-01-01,2024-03-15,100.00,month,too_expensive,",
  "B,2024-01-10,2024-03-20,50.00,month,payment_failed,",
  "C,2024-01-12,2024-03-25,40.00,month,Company closed,",
  "D,2024-01-20,2024-03-31,30.00,month,,",
  "E,2023-05-10,,300.00,year,,High",
  "F,2023-06-20,,200.00,year,,Low",
  "",
].join("\n");

async function show(page: Page, content: string, name = "left.csv"): Promise<void> {
  await open(page);
  await choose(page, name, content);
  await expect(page.locator("rc-reasons")).toBeVisible();
}

const reasons = (page: Page) => page.locator("rc-reasons");
const renewals = (page: Page) => page.locator("rc-renewals");

test("reasons come by money, and who stated none is not dropped", async ({ page }) => {
  await show(page, LEFT);
  expect(await reasons(page).locator("li button.worked bdi").allTextContents()).toEqual([
    "too_expensive",
    "payment_failed",
    "Company closed",
    "No reason stated",
  ]);
  await expect(reasons(page)).toContainText("1 of them stated no reason.");
  await expect(reasons(page)).toContainText(
    "Told apart: failed payments (1) and closed businesses (1).",
  );
});

test("what a reason means is the reader's to say, and to take back", async ({ page }) => {
  await show(page, LEFT);
  const closed = reasons(page).getByLabel(/Company closed/);
  await expect(closed).toHaveValue("involuntary");
  await expect(reasons(page)).toContainText("2 did not choose to (50.0%");
  await closed.selectOption("Chose to leave");
  await expect(reasons(page)).toContainText("2 chose to leave (50.0%");
  await expect(closed).toHaveValue("voluntary");
  await reasons(page).getByRole("button", { name: "Undo 1 change" }).click();
  await expect(reasons(page)).toContainText("2 did not choose to (50.0%");
  await expect(closed).toHaveValue("involuntary");
});

test("a reason opens its customers", async ({ page }) => {
  await show(page, LEFT);
  await reasons(page).getByRole("button", { name: "payment_failed" }).click();
  const dialog = page.getByRole("dialog", { name: /payment_failed/ });
  await expect(dialog).toContainText("25.0%");
  await expect(dialog.locator("rc-customers-behind")).toContainText("B");
});

test("what is due says where its dates come from, and opens its customers", async ({ page }) => {
  await show(page, LEFT);
  await expect(renewals(page)).toContainText(
    "by the start and the billing interval of each subscription; the risk is that of “\u2068risk\u2069”.",
  );
  await expect(renewals(page)).toContainText("Renewal rate, March 2024");
  await expect(renewals(page)).toContainText("Customer retention, March 2024");
  await renewals(page).getByRole("button", { name: "Within 60 days" }).click();
  const behind = page.getByRole("dialog").locator("rc-customers-behind");
  await expect(behind.locator("tbody tr")).toHaveCount(1);
  await expect(behind.locator("tbody tr")).toContainText("E");
});

test("without such columns one line says which one would answer it", async ({ page }) => {
  await show(page, SUBSCRIPTIONS);
  await expect(reasons(page).locator("section p")).toHaveText(
    "The file does not say. A column such as cancel_reason would.",
  );
  await expect(renewals(page).locator("section p")).toHaveText(
    "The file does not say. A column such as renewal_date, or one with the billing interval, would.",
  );
});

test("a file without dates is asked from which day to count", async ({ page }) => {
  await show(
    page,
    "account_id,tenure_months,churned,mrr,churn_reason,renewal_date\nA,5,no,10,,2026-02-10\nB,9,yes,20,unused,\n",
  );
  await renewals(page).getByLabel("Count from").fill("2026-01-15");
  await renewals(page).getByRole("button", { name: "Show what is due" }).click();
  await expect(renewals(page)).toContainText("1 customer with");
  await expect(renewals(page)).toContainText("in the 90 days after Jan 15, 2026");
});

test("all of it is accessible and stays inside its width @sizes", async ({ page }) => {
  await show(page, LEFT);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});
