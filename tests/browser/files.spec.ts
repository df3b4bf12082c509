// Several files at once: dropped or chosen, joined by customer, and who is believed where they differ.
// It deliberately checks few numbers; the core's own tests check them against an oracle.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectSilence,
  type Page,
  test,
} from "./harness.ts";
import { drop, open } from "./steps.ts";

const folder = new URL("../../www/public/samples/set/", import.meta.url);
const SET = ["customers.csv", "subscriptions.csv", "churn_events.csv"].map((name) => ({
  name,
  text: readFileSync(fileURLToPath(new URL(name, folder)), "utf8"),
}));

/** What `tests/cases/files/expected.json` says of the sample. */
const expected = JSON.parse(
  readFileSync(fileURLToPath(new URL("../cases/files/expected.json", import.meta.url)), "utf8"),
).set as {
  customers: { customers: number; matched: number; unmatched: string[] };
  contradictions: Record<string, { customers: string[] }>;
  months: Record<string, [string, number, number][]>;
};

type Element = HTMLElement & {
  report: { periods: { customers: { end: number } }[] } | null;
};

function customersAtTheEnd(page: Page): Promise<number | undefined> {
  return page
    .locator("retention-calculator")
    .evaluate((element) => (element as Element).report?.periods.at(-1)?.customers.end);
}

async function openImportReport(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Import report" }).click();
  await page.getByRole("heading", { name: "How the files join" }).waitFor();
}

test("three dropped files are named with how they joined", async ({ page, witness }) => {
  await open(page);
  await expectSilence(witness, async () => {
    await drop(page, SET);
    const sentence = page.locator("rc-understood");
    await expect(sentence).toContainText(
      "subscriptions.csv: 388 subscription rows of 288 customers",
    );
    await expect(sentence).toContainText(
      `customers.csv joins by customer_id: ${expected.customers.matched} of ${expected.customers.customers} customers are in the history`,
    );
    await expect(sentence).toContainText("churn_events.csv joins by customer_id");
    await expect(sentence).toContainText("contradict each other in 6 ways");
    await openImportReport(page);
    const contradictions = page.locator("rc-contradictions");
    for (const [code, { customers }] of Object.entries(expected.contradictions)) {
      const words = customers.length === 1 ? "1 customer" : `${customers.length} customers`;
      await expect(contradictions.locator(`[data-code="${code}"]`)).toContainText(words);
    }
    await expect(page.locator("[data-ids='not in the history']").first()).toContainText(
      `${expected.customers.unmatched.length} customers`,
    );
  });
});

test("who is believed changes the figures without another reading", async ({ page }) => {
  await open(page);
  await page
    .getByLabel("Choose file")
    .setInputFiles(
      SET.map(({ name, text }) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) })),
    );
  await openImportReport(page);
  const subscriptions = expected.months["subscriptions"]?.at(-1)?.[1] ?? 0;
  expect(await customersAtTheEnd(page)).toBe(subscriptions);
  const question = page.locator('[data-code="open-after-event"]');
  await question.getByRole("radio", { name: "Events: they left on that day" }).check();
  const gone = expected.contradictions["open-after-event"]?.customers.length ?? 0;
  await expect.poll(() => customersAtTheEnd(page)).toBe(subscriptions - gone);
  await expect(
    question.getByRole("radio", { name: "Events: they left on that day" }),
  ).toBeChecked();
});

test("ids that nearly match are joined only when that is said", async ({ page }) => {
  await open(page);
  await drop(page, SET);
  await page.getByRole("button", { name: "Yes, join them" }).click();
  await expect(page.locator("rc-understood")).toContainText(
    `${expected.customers.matched + 4} of ${expected.customers.customers} customers`,
  );
});

test("each file has its own mapping", async ({ page }) => {
  await open(page);
  await drop(page, SET);
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByRole("radio", { name: "churn_events.csv" }).check();
  await page.getByLabel("Kind of file").selectOption("unused");
  await expect(page.locator("rc-understood")).toContainText("churn_events.csv is not used");
});

test("a set without a history is refused with words", async ({ page }) => {
  await open(page);
  await drop(page, SET.slice(0, 1).concat(SET.slice(2)));
  await expect(page.getByRole("alert")).toContainText(
    "None of the files says when customers came and went",
  );
});

test("the sample of three files is read", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Three files, joined" }).click();
  await expect(page.getByRole("heading", { name: "Sample: three files, joined" })).toBeVisible();
});

for (const width of [390, 1440]) {
  test(`the account of the joining holds at ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(page);
    await drop(page, SET);
    await openImportReport(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
}
