// The customers behind bars, columns, cells and figures, and the view of all of them, on a real
// file in the hosted page and under its policy.
// It deliberately checks no sums: those are tested in the core.

import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectSilence,
  type Page,
  test,
} from "../harness.ts";
import { choose, open } from "../steps.ts";

/** In March B leaves, D comes, and C pays less; more than a page of others stay. */
const FILE = [
  "account_id,start_date,end_date,mrr",
  "A,2024-01-01,,100.00",
  "B,2024-01-01,2024-03-15,50.00",
  "C,2024-02-01,2024-03-10,30.00",
  "C,2024-03-10,,20.00",
  "D,2024-03-31,,20.00",
  ...Array.from({ length: 60 }, (_, at) => `stay-${100 + at},2024-01-01,,${at + 1}.00`),
  "",
].join("\n");

const NASTY = [
  "<img src=x onerror=alert(1)>",
  "x".repeat(200),
  "\u202egnp.exe",
  "שלום עולם",
  "🦊👩‍👩‍👧",
  "=1+1",
];

async function read(page: Page, text = FILE, view = ""): Promise<void> {
  await open(page, view);
  await choose(page, "file.csv", text);
  await expect(page.getByRole("tab").first()).toBeVisible();
}

async function show(page: Page, view: string): Promise<void> {
  await page.getByRole("tab", { name: view, exact: true }).click();
}

/** The rows of a table of customers, without its head. */
const rows = (page: Page) => page.locator("rc-customers-behind tbody tr");

const panel = (page: Page, name: string | RegExp) => page.getByRole("dialog", { name });

test("a bar opens who is behind it, by the keyboard alone", async ({ page, witness }) => {
  await read(page);
  await expectSilence(witness, async () => {
    const bars = page.getByRole("group", { name: /^Points of the chart/ });
    await bars.getByRole("button", { name: "End: $" }).or(bars.getByRole("button").last()).focus();
    await page.keyboard.press("ArrowLeft");
    await expect(bars.getByRole("button", { name: /^Churned: −50/ })).toBeFocused();
    await page.keyboard.press("Enter");
    const dialog = panel(page, "Churned revenue");
    await expect(dialog.getByText("1 customer", { exact: true })).toBeVisible();
    await expect(rows(page)).toHaveText([/B\s*−50\s*50\s*0/]);
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(bars.getByRole("button", { name: /^Churned/ })).toBeFocused();
  });
});

test("a rate opens the groups that move it", async ({ page, witness }) => {
  await read(page);
  await expectSilence(witness, async () => {
    await page.getByRole("button", { name: /Net revenue retention/ }).click();
    const dialog = panel(page, /Net revenue retention/);
    await expect(dialog.getByRole("radio", { name: "Lost 1" })).toBeChecked();
    await expect(rows(page)).toHaveText([/B/]);
    await dialog.getByText("Paying less").click();
    await expect(rows(page)).toHaveText([/C\s*−10\s*30\s*20/]);
    await dialog.getByText("At the start 63").click();
    await expect(rows(page)).toHaveCount(50);
    await dialog.getByRole("button", { name: "Show 13 more" }).click();
    await expect(rows(page)).toHaveCount(63);
  });
});

test("a column and a cell of the table of periods open theirs", async ({ page, witness }) => {
  await read(page);
  await show(page, "Movements");
  await expectSilence(witness, async () => {
    const columns = page.locator("rc-movement-columns .hit");
    await columns.last().focus();
    await page.keyboard.press("Home");
    await expect(columns.first()).toHaveAccessibleName(/January 2024: New \+/);
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await expect(panel(page, "Revenue at the end")).toContainText("End = start");
    await expect(rows(page)).toHaveText([/B/]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "New, March 2024: 1" }).click();
    await expect(panel(page, "New customers")).toContainText("never active before");
    await expect(rows(page)).toHaveText([/D/]);
  });
});

test("a cell of the cohorts opens who is gone and who is there", async ({ page, witness }) => {
  await read(page);
  await show(page, "Cohorts");
  await expectSilence(witness, async () => {
    const cell = page.locator('rc-cohorts td[data-row="0"][data-age="2"]');
    await page.locator('rc-cohorts td[data-row="0"][data-age="0"]').focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect(cell).toBeFocused();
    await page.keyboard.press("Enter");
    const dialog = panel(page, "Customers of a cohort");
    await expect(dialog).toContainText(/61 customers who were active at .* ÷ 62 who began/);
    await expect(rows(page)).toHaveText([/B/]);
    await page.keyboard.press("Escape");
    await expect(cell).toBeFocused();
  });
});

test("the view searches, sorts, chooses a period and opens one customer", async ({
  page,
  witness,
}) => {
  await read(page, FILE, "#customers");
  await expectSilence(witness, async () => {
    await expect(page.getByRole("tab", { name: "Customers" })).toHaveAttribute(
      "aria-selected",
      "true",
    );
    await expect(rows(page)).toHaveCount(50);
    await expect(rows(page).first()).toContainText("A");
    const head = page.getByRole("columnheader", { name: "Customer", exact: true });
    await head.getByRole("button").click();
    await expect(head).toHaveAttribute("aria-sort", "ascending");
    await head.getByRole("button").press("Enter");
    await expect(head).toHaveAttribute("aria-sort", "descending");
    await expect(rows(page).first()).toContainText("stay-159");
    await page.getByLabel("Find a customer").fill("STAY-10");
    await expect(rows(page)).toHaveCount(10);
    await expect(page.getByText("10 of 64 match")).toBeVisible();
    await page.getByLabel("Find a customer").fill("");
    await page.getByRole("combobox", { name: "Show" }).selectOption("Lost");
    await page.getByRole("combobox", { name: "Period" }).selectOption("March 2024");
    await expect(rows(page)).toHaveText([/B/]);
    await page.getByRole("button", { name: /B.*, history/ }).press("Enter");
    await expect(page.getByRole("heading", { name: "B", exact: true })).toBeVisible();
    await expect(page.getByText("From Jan 1, 2024 to Mar 15, 2024")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Back to the list" }).press("Enter");
    await expect(page.getByRole("button", { name: /B.*, history/ })).toBeFocused();
  });
});

test("the rows that match are saved as a table, also those not shown", async ({
  page,
  witness,
}) => {
  await read(page, FILE, "#customers");
  await expect(rows(page)).toHaveCount(50);
  await page.getByLabel("Find a customer").fill("stay");
  await expect(page.getByText("60 of 64 match")).toBeVisible();
  await expectSilence(witness, async () => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download these 60 rows" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("all-customers.csv");
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const lines = Buffer.concat(chunks).toString("utf8").split("\r\n");
    expect(lines[0]).toMatch(/^\uFEFFcustomer,first_day,last_day,revenue_then/);
    expect(lines).toHaveLength(62);
    expect(lines[1]).toBe("stay-159,2024-01-01,,0.00,60.00,60.00,new,90");
  });
});

test("ids are text, whatever they are @sizes", async ({ page, witness }) => {
  const lines = NASTY.map((id) => `"${id}",2024-01-01,,10.00`);
  await read(page, `account_id,start_date,end_date,mrr\n${lines.join("\n")}\n`, "#customers");
  await expectSilence(witness, async () => {
    await expect(rows(page)).toHaveCount(NASTY.length);
    await expect(page.getByText("<img src=x onerror=alert(1)>")).toBeVisible();
    expect(await page.locator("rc-customers img").count()).toBe(0);
    await page.getByLabel("Find a customer").fill("<img");
    await expect(rows(page)).toHaveCount(1);
    await rows(page).getByRole("button").click();
    await expect(page.getByRole("heading", { name: "<img src=x" })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});

test("another day and other periods are answered from the same reading", async ({ page }) => {
  await read(page);
  await show(page, "Movements");
  await page.getByText("Quarters", { exact: true }).click();
  // There is one quarter, so nothing moves from one to the next; the other tabs stand elsewhere then.
  await expect(page.getByRole("tab", { name: "Movements" })).toHaveCount(0);
  await show(page, "Customers");
  await page.getByRole("combobox", { name: "Show" }).selectOption("Lost");
  await expect(page.getByRole("combobox", { name: "Period" })).toContainText("Q1 2024");
  await expect(page.getByText("No customer.")).toBeVisible();
});

test("totals of periods have no customers to show", async ({ page }) => {
  await read(
    page,
    "period,start_customers,new_customers,end_customers\n2024-01,10,2,9\n2024-02,9,1,9\n",
  );
  await expect(page.getByRole("tab", { name: "Customers" })).toHaveCount(0);
  await page.getByRole("button", { name: /Customer retention/ }).click();
  const dialog = panel(page, /Customer retention/);
  await expect(dialog).toContainText("÷");
  await expect(dialog).not.toContainText("The customers behind it");
});

test("the element answers its host", async ({ page }) => {
  await read(page);
  const list = await page.evaluate(async () => {
    const element = document.querySelector("retention-calculator") as unknown as {
      customers(query: unknown): Promise<{ total: number }>;
    };
    return element.customers({ of: { kind: "period", period: "trailing-year", group: "new" } });
  });
  expect(list.total).toBe(63);
});
