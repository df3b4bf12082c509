// The scenario lab in the page: levers, words, several scenarios, goals, claims and links.
// It deliberately leaves the numbers of the core to the tests of Rust, but for closed forms.

import { site } from "../environment.ts";
import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectSilence,
  type Page,
  test,
} from "../harness.ts";
import { openSample } from "../steps.ts";

/** The lab on a sample file. */
async function openLab(page: Page, fragment = ""): Promise<void> {
  await openSample(page, "subscriptions", "what-if", fragment);
  await expect(page.locator("rc-what-if .lede")).toBeVisible();
}

/** The lab without a file: 500 customers of 50 a month, of whom 92 % are kept. */
async function openTyped(page: Page, fragment = "#what-if"): Promise<void> {
  await page.goto(`${site}${fragment}`);
  const view = page.locator("rc-what-if");
  await view.getByLabel("Customers now").fill("500");
  await view.getByLabel("Revenue per customer and month").fill("50");
  await view.getByLabel("Customers kept each month").first().fill("92");
  await expect(view.locator("#lever-retention")).toHaveValue("92");
}

test("a lever says what it changes, by the core, and tells the host", async ({ page, witness }) => {
  await openLab(page);
  const view = page.locator("rc-what-if");
  await expect(view.locator(".lede")).toContainText("Nothing is moved yet");
  await expectSilence(witness, async () => {
    const told = page.evaluate(
      () =>
        new Promise((resolve) => {
          document
            .querySelector("retention-calculator")
            ?.addEventListener(
              "retention-scenario",
              (event) =>
                setTimeout(() => resolve((event as unknown as { scenario: unknown }).scenario)),
              { once: true },
            );
        }),
    );
    await view.getByRole("slider", { name: /Customers kept each month/ }).press("ArrowRight");
    await expect(view.locator(".lede")).toContainText(
      /A customer is worth .* instead of .* \(\+\$/,
    );
    expect(await told).toMatchObject({ periodMonths: 1, periods: 36, discountRate: 0.1, seed: 1 });
    await view.getByRole("button", { name: "Back to today", exact: true }).click();
    await expect(view.locator(".lede")).toContainText("Nothing is moved yet");
  });
});

test("every consequence opens to how it follows from the levers", async ({ page }) => {
  // Each of many dialogs is looked through for access.
  test.slow();
  await openTyped(page);
  const view = page.locator("rc-what-if");
  const consequence = (id: string, side: string) =>
    view.locator(`tr[data-outcome=${id}] td.${side} button`);
  const dialog = page.getByRole("dialog");
  await consequence("customers", "scenario").click();
  await expect(dialog).toContainText(/Customers \+ won − lost: .* after the first month/);
  await page.keyboard.press("Escape");
  await expect(consequence("customers", "scenario")).toBeFocused();
  for (const row of await view.locator("tr[data-outcome]").all()) {
    await row.locator("td.today button").focus();
    await page.keyboard.press("Enter");
    await expect(dialog).toContainText("As today, no lever moved");
    await expect(dialog.locator(".arithmetic")).toContainText(/\d/);
    await expectAccessible(page);
    await page.keyboard.press("Escape");
  }
  await view.locator("[aria-labelledby=lifetimes] button").first().click();
  await expect(dialog).toContainText("1 ÷ churn: how long a customer stays");
  await expect(dialog).toContainText("1 ÷ 8.0% = 12.5");
});

test("the lab is accessible and stays inside its width @sizes", async ({ page }) => {
  await openLab(page);
  const view = page.locator("rc-what-if");
  await view.getByRole("slider", { name: /Customers kept each month/ }).press("ArrowRight");
  await view.getByRole("button", { name: "Copy as another" }).click();
  await view.getByText("More levers, and a retention programme").click();
  await view.getByLabel("A programme averts part of the churn").check();
  await expect(view.locator("rc-cases table")).toBeVisible();
  await expect(view.locator("rc-claims li").first()).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});

test("it works on typed numbers, without a file @sizes", async ({ page }) => {
  await openTyped(page);
  const view = page.locator("rc-what-if");
  await view.locator("#lever-retention").fill("95");
  // 1 ÷ 0.05 and 1 ÷ 0.08 months; 500 × 0.95³⁶ and 500 × 0.92³⁶ customers.
  await expect(view.locator(".lede")).toContainText("stays 20 months instead of 12.5 months");
  await expect(view.locator(".lede")).toContainText(
    "After 36 months you have 79 customers instead of 25",
  );
  // Without a count there is no band, and that is said; with one there is.
  await expect(view.locator("rc-curve-comparison")).toContainText("No band: say how many");
  await view.getByLabel(/Counted from how many/).fill("800");
  await expect(view.locator("rc-curve-comparison")).toContainText(
    "Band: 95% of 400 seeded draws from a churn counted from 800",
  );
  await view.locator("#lever-retention").fill("abc");
  await expect(view).toContainText("is not a number");
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});

test("mode what-if is the lab alone", async ({ page }) => {
  await page.goto(site);
  await page.evaluate(() => {
    document.querySelector("retention-calculator")?.setAttribute("mode", "what-if");
  });
  const view = page.locator("rc-what-if");
  await view.getByRole("button", { name: "Fill in an example" }).click();
  await expect(view.locator("#lever-retention")).toHaveValue("92");
});

test("a goal is sought, and what cannot be reached is said to be so", async ({ page }) => {
  await openTyped(page);
  const view = page.locator("rc-what-if");
  await view.getByText("More levers, and a retention programme").click();
  await view.locator("#lever-cac").fill("400");
  const seek = view.locator("rc-goal-seek");
  await seek.getByLabel("gives").selectOption("clvToCac");
  await seek.getByRole("button", { name: "Find it" }).click();
  // 50 ÷ h = 3 × 400: 1 − 1 ÷ 24 = 95.83 %.
  await expect(seek).toContainText("Customers kept each month: 95.83% gives 3 : 1");
  await seek.getByRole("button", { name: "Put the lever there" }).click();
  await expect(view.locator('[data-outcome="clvToCac"] .scenario')).toContainText("3 : 1");
  await seek.getByLabel("Which value of").selectOption("grossMargin");
  await seek.getByLabel("of", { exact: true }).fill("9");
  await seek.getByRole("button", { name: "Find it" }).click();
  await expect(seek).toContainText("No value of this lever gives 9 : 1");
});

test("five scenarios stand side by side, and a link brings them back", async ({
  page,
  context,
}) => {
  await openTyped(page);
  const view = page.locator("rc-what-if");
  const copy = view.getByRole("button", { name: "Copy as another" });
  for (const [index, retention] of ["93", "94", "95", "96", "97"].entries()) {
    if (0 < index) await copy.click();
    await view.locator("#lever-retention").fill(retention);
    await view.getByLabel("Its name").fill(`Keep ${retention}`);
  }
  await expect(copy).toBeDisabled();
  const cells = view.locator("rc-cases tbody tr").filter({ hasText: "Lifespan of a customer" });
  // 1 ÷ 0.08, and 1 ÷ 0.07 to 1 ÷ 0.03.
  await expect(cells).toContainText("12.5 months");
  for (const months of ["14.3", "16.7", "20", "25", "33.3"]) {
    await expect(cells).toContainText(`${months} months`);
  }
  await expect.poll(() => page.url()).toContain("#what-if=1.");
  const again = await context.newPage();
  // The address follows what is typed; the last scenario is in it when its name is.
  await expect
    .poll(() =>
      page.evaluate(() => {
        const text = location.hash.split(".").at(-1) ?? "";
        return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
      }),
    )
    .toContain("Keep 97");
  await again.goto(page.url());
  const there = again.locator("rc-what-if");
  await expect(there.getByLabel("Its name")).toHaveValue("Keep 97");
  await expect(there.locator("#lever-retention")).toHaveValue("97");
  await expect(
    there.locator("rc-cases tbody tr").filter({ hasText: "Lifespan of a customer" }),
  ).toContainText("14.3 months");
});

test("a claim is opened as a scenario, and the file comes back", async ({ page }) => {
  await openLab(page);
  const view = page.locator("rc-what-if");
  const claims = view.locator("rc-claims");
  await expect(claims).toContainText("It is 33.3% more: 5 years become 6.67.");
  await expect(claims).toContainText("it takes 15% and 30%, 2 times as many");
  await claims.getByRole("button", { name: /80 to 85% retention roughly doubles/ }).click();
  await expect(view.locator(".lede")).toContainText("stays 6.7 years instead of 5 years");
  await view.getByRole("button", { name: "Back to the file" }).click();
  await expect(view.locator(".lede")).toContainText("Nothing is moved yet");
});

test("a fitted curve and a single segment can be chosen", async ({ page }) => {
  await openLab(page);
  const view = page.locator("rc-what-if");
  await view.getByLabel("How customers leave").selectOption("sbg");
  await expect(view.locator("rc-curve-comparison")).toContainText(
    "from the fitted parameters and their covariance",
  );
  const segments = view.getByLabel("The levers are about");
  await segments.selectOption({ index: 1 });
  await expect(view).toContainText("The other segments go on as today");
  await view.getByRole("slider", { name: /Customers kept each month/ }).press("ArrowRight");
  await expect(view.locator(".lede")).toContainText("A customer is worth");
});
