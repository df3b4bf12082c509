// Totals typed without a file: figures at once, their arithmetic, and words where there is none.
// The expected numbers are arithmetic that can be done by hand; the interval is Wilson's for 460 of
// 500, as published for it: 89.3 % to 94.1 %.

import { expect, expectAccessible, expectSilence, type Page, test } from "./harness.ts";
import { open } from "./steps.ts";

const result = (page: Page, name: string) =>
  page.locator("rc-calculator section").filter({ has: page.getByRole("heading", { name }) });

test("three numbers give retention and churn at once @sizes", async ({ page, witness }) => {
  await open(page);
  await expectSilence(witness, async () => {
    await page.getByRole("button", { name: "Type totals" }).click();
    await expect(page.getByLabel("What to calculate")).toBeVisible();
    await page.getByLabel("Customers at the start").fill("500");
    await page.getByLabel("New customers").fill("80");
    await page.getByLabel("Customers at the end").fill("540");
    await expect(result(page, "Customer retention rate")).toContainText("(540 − 80) ÷ 500 = 92.0%");
    await expect(result(page, "Customer retention rate")).toContainText("likely 89.3% to 94.1%");
    await expect(result(page, "Customer churn rate")).toContainText("40 ÷ 500 = 8.0%");
  });
  await expectAccessible(page);
});

test("money totals add both revenue rates", async ({ page }) => {
  await open(page);
  await page.getByLabel("Revenue at the start").fill("50,000");
  await page.getByLabel("Contraction").fill("1,000");
  await page.getByLabel("Churned revenue").fill("2,500");
  await expect(result(page, "Gross revenue retention")).toContainText(
    "(50,000 − 1,000 − 2,500) ÷ 50,000 = 93.0%",
  );
  await expect(result(page, "Net revenue retention")).not.toContainText("=");
  await page.getByLabel("Expansion").fill("4,000");
  await expect(result(page, "Net revenue retention")).toContainText("= 101.0%");
});

test("the typing way in puts the cursor into the first field, and the keyboard does the rest", async ({
  page,
}) => {
  await open(page);
  await page.getByRole("button", { name: "Type totals" }).focus();
  await page.keyboard.press("Enter");
  for (const digits of ["200", "10", "190"]) {
    await page.keyboard.type(digits);
    await page.keyboard.press("Tab");
  }
  await expect(result(page, "Customer retention rate")).toContainText("(190 − 10) ÷ 200 = 90.0%");
  await expect(page.getByRole("status").filter({ hasText: "90.0%" })).toHaveCount(1);
});

test("no customers at the start is said in words, not as a number", async ({ page }) => {
  await open(page);
  await page.getByLabel("Customers at the start").fill("0");
  await page.getByLabel("New customers").fill("5");
  await page.getByLabel("Customers at the end").fill("5");
  await expect(result(page, "Customer retention rate")).toContainText(
    "not defined: no customers at the start, so no rate",
  );
});

test("what cannot be is said at its input", async ({ page }) => {
  await open(page);
  await page.getByLabel("Customers at the start").fill("500");
  await page.getByLabel("New customers").fill("600");
  await page.getByLabel("Customers at the end").fill("540");
  const wrong = page.locator("rc-calculator input[aria-invalid=true]");
  await expect(wrong).toHaveCount(1);
  const described = await wrong.getAttribute("aria-describedby");
  await expect(page.locator(`rc-calculator [id="${described}"]`)).toBeVisible();
  await page.getByLabel("New customers").fill("12.5");
  await expect(page.getByText("is not a whole number")).toBeVisible();
  await expectAccessible(page);
});

test("every formula can be picked and gives its example", async ({ page, witness }) => {
  await open(page);
  const picker = page.getByLabel("What to calculate");
  await expect.poll(() => picker.locator("option").count()).toBeGreaterThan(20);
  const formulas = await picker
    .locator("option")
    .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  await expectSilence(witness, async () => {
    for (const formula of formulas.filter((id) => id !== "")) {
      await picker.selectOption(formula);
      await page.getByRole("button", { name: "Fill in an example" }).click();
      await expect(page.locator("rc-calculator .worked"), formula).toContainText(" = ");
      await expect(page.locator("rc-calculator input[aria-invalid=true]"), formula).toHaveCount(0);
    }
  });
});
