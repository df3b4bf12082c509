// After reading: what was understood, questions, the mapping, the import report and the tabs.
// It deliberately leaves the content of the views to their own specs.

import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectSilence,
  test,
} from "./harness.ts";
import { AMBIGUOUS, choose, open, SUBSCRIPTIONS } from "./steps.ts";

test("an open question shows both readings, and an answer settles it @sizes", async ({
  page,
  witness,
}) => {
  await open(page);
  await choose(page, "export.csv", AMBIGUOUS);
  await expect(page.getByText("One thing only you can decide")).toBeVisible();
  await expect(page.getByRole("button", { name: /Day first/ })).toContainText("2024-02-01");
  const month = page.getByRole("button", { name: /Month first/ });
  await expect(month).toContainText("2024-01-02");
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await expectSilence(witness, async () => {
    await month.click();
    await expect(page.getByText("One thing only you can decide")).toBeHidden();
  });
  await expect(page.locator("rc-understood")).toContainText("Jan 2, 2024");
});

test("the mapping shows the first rows, the guesses and their reasons @sizes", async ({ page }) => {
  await open(page);
  await choose(page, "export.csv", SUBSCRIPTIONS);
  await page.getByRole("button", { name: "Change" }).click();
  const customer = page.getByRole("combobox", { name: /account_id/ });
  await expect(customer).toHaveValue("customer");
  await expect(page.getByRole("cell", { name: "2024-03-15" })).toBeVisible();
  await expect(page.getByLabel("Kind of file")).toHaveValue("subscriptions");
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});

test("another column can be given a role, and the guess be brought back", async ({
  page,
  witness,
}) => {
  await open(page);
  const csv = SUBSCRIPTIONS.split("\n")
    .map((line, row) => (line === "" ? "" : `${line},${row === 0 ? "listprice" : "7.00"}`))
    .join("\n");
  await choose(page, "export.csv", csv);
  await expect(page.locator("rc-understood")).toContainText("revenue from mrr");
  await page.getByRole("button", { name: "Change" }).click();
  await expectSilence(witness, async () => {
    await page.getByRole("combobox", { name: /listprice/ }).selectOption("amount");
    await expect(page.getByRole("combobox", { name: /mrr/ })).toHaveValue("");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect(page.locator("rc-understood")).toContainText("revenue from listprice");
    await page.getByRole("button", { name: "Back to what was detected" }).click();
    await expect(page.locator("rc-understood")).toContainText("revenue from mrr");
  });
});

test("periods can be longer, without reading the file again", async ({ page, witness }) => {
  await open(page);
  await choose(page, "export.csv", SUBSCRIPTIONS);
  await page.getByRole("button", { name: "Change" }).click();
  await expectSilence(witness, async () => {
    await page.getByLabel("Count by").selectOption("quarter");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect
      .poll(() =>
        page.locator("retention-calculator").evaluate((element) => {
          const { report } = element as unknown as { report: { periods: { period: string }[] } };
          return report.periods.map(({ period }) => period);
        }),
      )
      .toEqual(["2024-Q1"]);
  });
});

test("a setting that cannot be keeps the report and says why", async ({ page }) => {
  await open(page);
  await choose(page, "export.csv", SUBSCRIPTIONS);
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByLabel("Kind of file").selectOption("accounts");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.locator("rc-understood")).toContainText("4 subscription rows");
  await expect(page.getByLabel("Kind of file")).toHaveValue("subscriptions");
});

test("every row is in the account, with its reason @sizes", async ({ page }) => {
  await open(page);
  await choose(page, "export.csv", `${SUBSCRIPTIONS}E,2024-02-30,,40.00\n`);
  await expect(page.locator("rc-understood")).toContainText(
    "1 row left out: 1 with an impossible date.",
  );
  await page.getByRole("tab", { name: "Import report" }).click();
  await expect(page.getByText("5 read = 4 used + 1 left out")).toBeVisible();
  const finding = page.locator("tr[data-code=invalid-date]");
  await expect(finding).toContainText("2024-02-30");
  await expect(finding.getByRole("cell").nth(2)).toHaveText("6");
  await expect(finding.getByRole("cell").nth(4)).toHaveText("yes");
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});

test("hostile text stays text, cut and visible", async ({ page, witness }) => {
  await open(page);
  const evil = "<img src=x onerror=alert(1)>\u202e";
  await expectSilence(witness, async () => {
    await choose(
      page,
      "<b>\u202efdp.csv",
      `account_id,start_date,end_date,mrr,${evil}\nA,2024-01-01,,10.00,${evil}${"x".repeat(500)}\nB,2024-02-01,,20.00,=1+1\n`,
    );
    await page.getByRole("button", { name: "Change" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("<b>‹202E›fdp.csv");
    const cell = page.getByRole("cell", { name: /^<img src=x/ });
    await expect(cell).toContainText("‹202E›");
    expect(Array.from((await cell.textContent()) ?? "").length).toBeLessThanOrEqual(80);
    await page.getByRole("tab", { name: "Import report" }).click();
    await expect(page.getByRole("rowheader", { name: /^<img/ })).toBeVisible();
  });
  expect(await page.evaluate(() => document.querySelector("img"))).toBeNull();
});

test("tabs go by the arrow keys and stand in the address", async ({ page }) => {
  await open(page);
  await choose(page, "export.csv", SUBSCRIPTIONS);
  const overview = page.getByRole("tab", { name: "Overview" });
  await overview.focus();
  await page.keyboard.press("ArrowRight");
  const movements = page.getByRole("tab", { name: "Movements" });
  await expect(movements).toBeFocused();
  await expect(movements).toHaveAttribute("aria-selected", "true");
  await expect(page).toHaveURL(/#movements$/);
  await page.keyboard.press("End");
  await expect(page).toHaveURL(/#import$/);
  await page.keyboard.press("ArrowRight");
  await expect(overview).toBeFocused();
  await page.goBack();
  await expect(page.getByRole("tab", { name: "Import report" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
});

test("a view that the file cannot fill is not offered", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Period totals", exact: true }).click();
  await expect(page.getByRole("tab", { name: "Movements" })).toBeVisible();
  await expect(page.getByRole("tab", { name: "Cohorts" })).toHaveCount(0);
});

test("an address of a view waits for the file", async ({ page }) => {
  await open(page, "#movements");
  await choose(page, "export.csv", SUBSCRIPTIONS);
  await expect(page.getByRole("tab", { name: "Movements" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
});
