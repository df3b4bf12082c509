// The first screen and the ways into it: a file, a drop, a paste, a sample, and what is refused.
// It deliberately checks no figure of a report; those are tested on the core.

import { gzipSync } from "node:zlib";
import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectSilence,
  type Page,
  test,
} from "./harness.ts";
import { choose, drop, open, paste, SUBSCRIPTIONS } from "./steps.ts";

/** What is said once the four customers are read. */
const understood = (page: Page) =>
  expect(page.locator("rc-understood")).toContainText(
    "4 subscription rows of 4 customers, Jan 1, 2024 to Mar 31, 2024, revenue from mrr, customers by account_id.",
  );

test("the first screen shows every way in @sizes", async ({ page }) => {
  await open(page);
  await expect(page.getByText("Your file stays in this tab.")).toBeInViewport();
  for (const name of ["Choose a file", "Paste", "Try a sample", "Type your totals"]) {
    await expect(page.getByRole("heading", { name, exact: true })).toBeInViewport({ ratio: 1 });
  }
  await expect(page.getByRole("button", { name: "Type totals" })).toBeInViewport({ ratio: 1 });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

test("the promise says how to check it", async ({ page }) => {
  await open(page);
  await page.getByText("How to check").click();
  await expect(page.getByText("connect-src 'none'")).toBeVisible();
  await expectAccessible(page);
});

test("a chosen file is read, and nothing is sent @sizes", async ({ page, witness }) => {
  await open(page);
  await expectSilence(witness, async () => {
    await choose(page, "export.csv", SUBSCRIPTIONS);
    await understood(page);
  });
  await expect(page.getByRole("heading", { name: "export.csv", exact: true })).toBeFocused();
  await expectNoSidewaysScroll(page);
});

test("a packed file is unpacked, and the report says so", async ({ page, witness }) => {
  await open(page);
  await expectSilence(witness, async () => {
    await choose(page, "export.csv.gz", gzipSync(SUBSCRIPTIONS));
    await understood(page);
  });
  await page.getByRole("tab", { name: "Import report" }).click();
  await expect(page.locator("[data-code=gunzipped]")).toHaveCount(1);
});

test("a file can be dropped anywhere", async ({ page, witness }) => {
  await open(page);
  await expectSilence(witness, async () => {
    await drop(page, [{ name: "dropped.csv", text: SUBSCRIPTIONS }]);
    await understood(page);
  });
});

test("a drag over the page shows that it can be dropped", async ({ page }) => {
  await open(page);
  const transfer = await page.evaluateHandle(() => {
    const made = new DataTransfer();
    made.items.add(new File(["a"], "a.csv"));
    return made;
  });
  await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
  await expect(page.getByText("Drop to read it here")).toBeVisible();
  await page.dispatchEvent("body", "dragleave", { dataTransfer: transfer });
  await expect(page.getByText("Drop to read it here")).toBeHidden();
});

test("cells pasted anywhere are read", async ({ page, witness }) => {
  await open(page);
  await expectSilence(witness, async () => {
    await paste(page, SUBSCRIPTIONS.replaceAll(",", "\t"));
    await understood(page);
  });
});

test("a paste into a field stays in the field", async ({ page }) => {
  await open(page);
  await page.getByLabel("Customers at the start").first().focus();
  await paste(page, SUBSCRIPTIONS);
  await expect(page.locator("rc-ways-in")).toBeVisible();
});

test("text can be pasted into its own field", async ({ page, witness }) => {
  await open(page);
  await expectSilence(witness, async () => {
    await page.getByRole("button", { name: "Paste text" }).click();
    await expect(page.getByLabel("Table as text, header row first")).toBeFocused();
    await page.keyboard.insertText(SUBSCRIPTIONS);
    await page.getByRole("button", { name: "Read this text" }).click();
    await understood(page);
  });
});

test("one pasted line is refused with words", async ({ page }) => {
  await open(page);
  await paste(page, "540");
  await expect(page.getByRole("alert")).toContainText("only one line of text");
});

for (const name of ["Subscriptions", "Monthly revenue", "Orders", "Period totals", "Accounts"]) {
  test(`the sample "${name}" is read`, async ({ page, witness }) => {
    await open(page);
    await expectSilence(witness, async () => {
      await page.getByRole("button", { name, exact: true }).click();
      await expect(
        page.getByRole("heading", { name: `Sample: ${name.toLowerCase()}` }),
      ).toBeVisible();
      await expect(page.getByRole("tab", { name: "Overview" })).toHaveAttribute(
        "aria-selected",
        "true",
      );
    });
  });
}

test("a web page in place of a table says what to do @sizes", async ({ page, witness }) => {
  await open(page);
  await expectSilence(witness, async () => {
    await choose(page, "export.csv", "<!DOCTYPE html><html><body>Sign in</body></html>");
    const alert = page.getByRole("alert");
    await expect(alert).toContainText("export.csv could not be read");
    await expect(alert.locator("xpath=self::*[@data-code='looks-like-html']")).toBeVisible();
  });
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});

test("a missing column can be named, or done without", async ({ page }) => {
  await open(page);
  await choose(
    page,
    "export.csv",
    "who,since,until,zzz\nA,2024-01-01,,1.00\nB,2024-02-01,2024-03-01,2.00\n",
  );
  const alert = page.getByRole("alert");
  await expect(alert).toBeVisible();
  await alert.getByLabel("Read it as").selectOption("subscriptions");
  await alert.getByRole("button", { name: "Try again" }).click();
  const withoutAmount = page.getByRole("button", {
    name: "There is none, count customers only",
  });
  await withoutAmount.click();
  await expect(page.locator("rc-understood")).toContainText("2 subscription rows of 2 customers");
});

test("a missing column can be chosen among those of the file", async ({ page }) => {
  await open(page);
  await choose(
    page,
    "export.csv",
    "account_id,start_date,end_date,zzz\nA,2024-01-01,,1.00\nB,2024-02-01,2024-03-01,2.00\n",
  );
  const alert = page.getByRole("alert");
  await alert.getByLabel("Column to use as").selectOption("zzz");
  await expectAccessible(page);
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(page.locator("rc-understood")).toContainText("revenue from zzz");
});

test("after a failure another file can be read", async ({ page }) => {
  await open(page);
  await choose(page, "empty.csv", "");
  await expect(page.getByRole("alert")).toContainText("empty.csv could not be read");
  await choose(page, "export.csv", SUBSCRIPTIONS);
  await understood(page);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByRole("button", { name: "Another file" }).click();
  await expect(page.locator("rc-ways-in")).toBeVisible();
});

test("after a file that cannot be read the focus is at what went wrong @keyboard", async ({
  page,
}) => {
  await open(page);
  await page.getByLabel("Choose file").focus();
  await choose(
    page,
    "names.csv",
    "customer_id,start_date,colour\nA,2024-01-01,red\nB,2024-02-01,blue\n",
  );
  // Not the heading of the reading, which has the focus until then.
  await expect(page.getByRole("heading", { name: "names.csv could not be read" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Column to use as “Amount”")).toBeFocused();
});
