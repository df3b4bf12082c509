// Every figure of a view opens to where it comes from, by the keyboard, and gives the focus back.
// It deliberately checks no number; the core's own tests do.

import { expect, type Page, test } from "./harness.ts";
import { open, openSample } from "./steps.ts";

/** How many figures of a view are tried; the others are of the same kinds. */
const N_TRIED = 30;

interface Opened {
  readonly name: string;
  readonly of: string;
  readonly terms: string[];
  readonly hasCustomers: boolean;
  readonly text: string;
}

/** Opens a view on the sample of subscriptions. */
async function show(page: Page, view: string): Promise<void> {
  await open(page, `#${view}`);
  await page.locator('[data-sample="subscriptions"]').first().click();
  await page.getByRole("tab").first().waitFor();
}

/** What the panel that is open shows. */
function opened(page: Page): Promise<Opened | null> {
  return page.evaluate(() => {
    const find = (root: ParentNode): HTMLDialogElement | null => {
      for (const one of root.querySelectorAll("*")) {
        if (one instanceof HTMLDialogElement && one.open) return one;
        const inside = one.shadowRoot && find(one.shadowRoot);
        if (inside) return inside;
      }
      return null;
    };
    const dialog = find(document);
    return (
      dialog && {
        name: dialog.querySelector("h2")?.textContent?.trim() ?? "",
        of: dialog.querySelector("header p")?.textContent?.trim() ?? "",
        terms: [...dialog.querySelectorAll("dt")].map((term) => term.textContent ?? ""),
        hasCustomers: dialog.querySelector("rc-customers-behind") !== null,
        text: dialog.textContent ?? "",
      }
    );
  });
}

for (const view of ["overview", "movements", "cohorts", "segments", "lifespan", "dashboard"]) {
  test(`each figure of ${view} opens to its arithmetic, source and customers @keyboard`, async ({
    page,
  }) => {
    await show(page, view);
    const openers = page.locator(
      "[role=tabpanel] [aria-haspopup=dialog]:not([aria-disabled=true])",
    );
    await openers.first().waitFor();
    const n = await openers.count();
    expect(n).toBeGreaterThan(N_TRIED);
    for (let place = 0; place < n; place += Math.ceil(n / N_TRIED)) {
      const opener = openers.nth(place);
      await opener.focus();
      await page.keyboard.press("Enter");
      await expect.poll(() => opened(page)).not.toBeNull();
      const shown = await opened(page);
      const title = `${shown?.name}, ${shown?.of}`;
      expect(shown?.terms, title).toContain("How it was worked out");
      expect(shown?.terms, title).toContain("What it means");
      expect(shown?.terms, title).toContain("Left out");
      expect(
        shown?.terms.some((term) => /^(Published by|Counted from)$/.test(term)),
        title,
      ).toBe(true);
      expect(shown?.text, title).not.toMatch(/undefined|NaN|\[object/);
      expect(shown?.hasCustomers, title).toBe(true);
      await page.keyboard.press("Escape");
      await expect(opener).toBeFocused();
    }
  });
}

test("no number in the tables of segments and of the dashboard is without an opener", async ({
  page,
}) => {
  await show(page, "segments");
  const segments = page.getByRole("region", { name: "Segments by money" });
  await segments.waitFor();
  const bare = (selector: string) =>
    page
      .locator(selector)
      .evaluateAll((cells) =>
        cells
          .filter((cell) => /\d/.test(cell.textContent ?? "") && !cell.querySelector("button"))
          .map((cell) => cell.textContent?.trim()),
      );
  expect(await bare("[aria-label='Segments by money'] td.number")).toEqual([]);
  await page.getByRole("tab", { name: "Dashboard" }).click();
  const dashboard = page.locator("rc-dashboard");
  for (const heading of ["Retention by segment", "Why customers left", "Up for renewal"]) {
    const section = dashboard.locator("section", { hasText: heading });
    await expect(section.locator("td.number").first()).toBeVisible();
    const cells = await section
      .locator("td.number")
      .evaluateAll((all) =>
        all
          .filter((cell) => /\d/.test(cell.textContent ?? "") && !cell.querySelector("button"))
          .map((cell) => cell.textContent?.trim()),
      );
    expect(cells, heading).toEqual([]);
  }
});

/** Numbers in the tables and lists of a view that no button holds, but for intervals and labels. */
function bareNumbers(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((blocks) =>
    blocks.flatMap((block) => {
      const words = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      while (words.nextNode()) {
        const { textContent, parentElement } = words.currentNode;
        const text = textContent?.trim() ?? "";
        const isOpener = parentElement?.closest("button, select, bdi, .how");
        if (/\d/.test(text) && !isOpener && !/^\(?likely /.test(text)) found.push(text);
      }
      return found;
    }),
  );
}

test("how many chose to leave, and all that stands beside it, opens", async ({ page }) => {
  await show(page, "overview");
  const reasons = page.locator("rc-reasons");
  const summary = reasons.locator("section > p").first();
  await expect(summary).toContainText("chose to leave");
  expect(await bareNumbers(page, "rc-reasons section > p:first-of-type, rc-reasons li")).toEqual(
    [],
  );
  const panel = reasons.locator("rc-derivation dialog");
  const counted = reasons.getByRole("button", { name: /^\d+ chose to leave$/ });
  const n = Number.parseInt((await counted.textContent()) ?? "", 10);
  await counted.click();
  await expect(panel.getByRole("heading", { level: 2 })).toHaveText("Chose to leave");
  await expect(panel.locator(".value")).toHaveText(`${n} customers`);
  // The reasons behind it add up to it, and each lists as many customers as it counts.
  const sum = (await panel.locator(".arithmetic").textContent()) ?? "";
  const [terms = "", total = ""] = sum.split(" = ");
  const counts = terms.split(" + ").map((term) => Number(/(\d+)$/.exec(term)?.[1]));
  expect(counts.reduce((all, one) => all + one, 0)).toBe(n);
  expect(Number(total)).toBe(n);
  await expect(panel.locator("rc-customers-behind strong").first()).toHaveText(
    `${counts[0]} customer${counts[0] === 1 ? "" : "s"}`,
  );
});

test("a panel that is opened again begins with its list", async ({ page }) => {
  await show(page, "overview");
  const opener = page
    .locator("rc-reasons")
    .getByRole("button", { name: /chose to leave$/ })
    .first();
  await opener.click();
  const behind = page.locator("rc-reasons rc-derivation rc-customers-behind");
  await behind.locator("tbody th button").first().click();
  await expect(behind.getByRole("button", { name: "Back to the list" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(opener).toBeFocused();
  await opener.click();
  await expect(behind.locator("tbody th button").first()).toBeVisible();
});

test("what is to be looked at next opens its money, too", async ({ page }) => {
  await show(page, "overview");
  const overview = page.locator("rc-overview");
  const money = overview.locator("ol.next .money");
  expect(await bareNumbers(page, "ol.next .money")).toEqual([]);
  for (const one of await money.getByRole("button").all()) {
    const full = await one.locator("xpath=..").getAttribute("title");
    await one.click();
    await expect(overview.locator("> rc-derivation dialog .value")).toHaveText(`${full} a month`);
    await page.keyboard.press("Escape");
  }
});

for (const [sample, view, selector] of [
  ["subscriptions", "overview", "rc-renewals .money, rc-renewals dd"],
  ["subscriptions", "segments", "rc-segments td.number:not(tr.total td)"],
  ["subscriptions", "lifespan", "rc-lifespan-value td, rc-lifespan-segments td:not(:last-child)"],
  ["transactions", "lifespan", "rc-lifespan-purchases dd > button"],
  ["dashboard", "dashboard", "rc-dashboard .page td"],
] as const) {
  test(`no figure of ${sample} in ${view} is without an opener`, async ({ page }) => {
    await openSample(page, sample, view);
    await page.locator(selector).first().waitFor();
    expect(await bareNumbers(page, selector)).toEqual([]);
  });
}

test("how many began together opens from the table of cohorts", async ({ page }) => {
  await openSample(page, "subscriptions", "cohorts");
  const heat = page.locator("rc-cohort-heatmap");
  const row = heat.getByRole("row", { name: "Jan 2023" });
  await row.locator("td").nth(1).focus();
  await page.keyboard.press("ArrowLeft");
  await expect(row.locator("td.size")).toBeFocused();
  const n = await row.locator("td.size").textContent();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Customers of a cohort" });
  await expect(dialog.locator("rc-customers-behind strong").first()).toHaveText(`${n} customers`);
});

test("the renewal rate goes by its own name and words", async ({ page }) => {
  await show(page, "overview");
  await page.locator("rc-renewals dl button").first().click();
  const panel = page.locator("rc-renewals rc-derivation dialog");
  await expect(panel.getByRole("heading", { level: 2 })).toHaveText("Renewal rate");
  await expect(panel).toContainText("whose renewal came up in the span");
  await expect(panel.getByRole("radio")).toHaveCount(3);
  await expect(panel.locator("rc-customers-behind strong").first()).toHaveText("6 customers");
});

test("what comes up for renewal adds up to the amount that it opens from", async ({ page }) => {
  await show(page, "overview");
  await page.locator("rc-renewals ol button").first().click();
  const panel = page.locator("rc-renewals rc-derivation dialog");
  const amount = await panel.locator(".value").textContent();
  const sum = amount?.replace(" a month", "") ?? "";
  await expect(panel).toContainText(`Up for renewal: ${sum}.`);
  await expect(panel.getByRole("columnheader", { name: "Renewal", exact: true })).toBeVisible();
});
