// Segments of a file: chosen without reading it again, found by name, opened to their customers.
// It deliberately leaves the numbers to the tests of the core.

import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectSilence,
  type Page,
  test,
} from "./harness.ts";
import { choose, open } from "./steps.ts";

/** Of 12 customers in three regions, four leave in March; two of them are in the EU. */
function regions(): string {
  const rows = Array.from({ length: 12 }, (_, n) => {
    const region = ["EU", "US", ""][n % 3];
    const plan = n % 2 === 0 ? "basic" : "pro";
    const end = [0, 3, 4, 5].includes(n) ? "2024-03-15" : "";
    return `c${n},2024-01-01,${end},${10 + n}.00,${region},${plan}`;
  });
  return ["customer,start,end,mrr,region,plan", ...rows, "last,2024-03-31,,9.00,US,pro", ""].join(
    "\n",
  );
}

const NASTY = [
  "<img src=x onerror=alert(1)>",
  "شركة النور للتجارة الدولية",
  `long ${"name ".repeat(39)}`,
];

/** Four hundred segments of three customers each. */
function manySegments(): string {
  const names = [...NASTY, ...Array.from({ length: 397 }, (_, n) => `segment ${n}`)];
  const rows = names.flatMap((name, n) =>
    [0, 1, 2].map(
      (one) =>
        `c${n}-${one},2024-0${1 + one}-01,${one === 1 ? "2024-05-10" : ""},${400 - n}.00,${name}`,
    ),
  );
  return ["customer,start,end,mrr,segment", ...rows, "last,2024-05-31,,1.00,segment 5", ""].join(
    "\n",
  );
}

async function show(page: Page, text: string): Promise<void> {
  await open(page, "#segments");
  await choose(page, "export.csv", text);
  await page.getByRole("tab", { name: "Segments" }).click();
  await expect(page.locator("rc-segments .lede")).toBeVisible();
}

const names = (page: Page) =>
  page.getByRole("region", { name: "Segments by money" }).getByRole("rowheader");

test("another column is taken without a request, and a second one beside it @sizes", async ({
  page,
  witness,
}) => {
  await show(page, regions());
  await expect(names(page)).toHaveText([
    /US|EU|not stated/,
    /US|EU|not stated/,
    /US|EU|not stated/,
  ]);
  await expect(page.locator("rc-segments .lede")).toContainText(/moved revenue most: it lost/);
  await expectSilence(witness, async () => {
    await page.getByLabel("Compare by").selectOption("plan");
    await expect(names(page)).toHaveText([/pro|basic/, /pro|basic/]);
    await page.getByLabel("and by").first().selectOption("region");
    await expect(names(page)).toHaveCount(6);
  });
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});

test("a rate opens its arithmetic and the customers behind it", async ({ page }) => {
  await show(page, regions());
  await page.getByLabel("Compare by").selectOption("region");
  await page.getByRole("button", { name: /^Customer retention, .*EU/ }).click();
  const dialog = page.getByRole("dialog", { name: /Customer retention/ });
  await expect(dialog).toContainText("÷");
  await expect(dialog).toContainText("c0");
  await expect(dialog).toContainText("c3");
  await expect(dialog).not.toContainText("c4");
});

test("what an empty value stands for is said", async ({ page }) => {
  await show(page, regions());
  await page.getByLabel("Compare by").selectOption("region");
  await expect(names(page).filter({ hasText: "not stated" })).toHaveCount(1);
});

test("of 400 segments 20 are shown, all on demand, and any by its name @sizes", async ({
  page,
  witness,
}) => {
  await show(page, manySegments());
  await expect(names(page)).toHaveCount(20);
  await expectSilence(witness, async () => {
    await expect(names(page).filter({ hasText: NASTY[0] ?? "" })).toHaveCount(1);
    expect(await page.locator("rc-segments img").count()).toBe(0);
    await page.getByRole("searchbox").fill("segment 39");
    await expect(names(page)).toHaveCount(8);
    await page.getByRole("searchbox").fill("nothing of the kind");
    await expect(names(page)).toHaveCount(0);
    await page.getByRole("searchbox").fill("");
    await page.getByRole("button", { name: "Show all 400 segments" }).first().click();
    await expect(names(page)).toHaveCount(400);
  });
  await expectNoSidewaysScroll(page);
});
