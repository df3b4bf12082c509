// The view of account health: levels, accounts, sheet and playbook, with a mouse and with keys only.
// It deliberately leaves the numbers of the core to the tests of Rust; here they are only followed.

import { readFile } from "node:fs/promises";
import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectSilence,
  type Page,
  test,
} from "../harness.ts";
import { choose, open } from "../steps.ts";

/** 8 days without a login 8, three tickets 20, NPS of 5 15, champion left 25, two failed 30: 98. */
const ACCOUNTS = [
  "account,owner,mrr,renewal_date,active_percent,last_login,core_feature_usage,open_tickets,escalated,dissatisfied_tickets,nps,champion,responsiveness,missed_reviews,failed_payments,late_payments,layoffs,merger",
  "Apex,Ann,100.00,2025-07-01,90,2025-06-22,full,3,no,no,5,left,stable,0,2,no,no,no",
  "Birch,Ben,50.00,2025-12-31,30,2025-06-30,full,0,yes,no,8,active,declining,0,0,yes,no,no",
  "Cedar,Ann,30.00,,80,2025-06-30,full,0,no,no,9,active,stable,0,0,no,no,no",
  "Delta,Ben,20.00,,,,,,,,9,,,,,,,",
  "",
].join("\n");

const row = (page: Page, name: string) =>
  page
    .locator("rc-health-accounts tbody tr")
    .filter({ has: page.getByRole("rowheader", { name, exact: true }) });

async function openAccounts(page: Page): Promise<void> {
  await open(page);
  await choose(page, "accounts.csv", ACCOUNTS);
  await page.locator("rc-health-accounts tbody tr").first().waitFor();
}

async function openSample(page: Page): Promise<void> {
  await open(page);
  await page.getByRole("button", { name: "Account health", exact: true }).click();
  await page.getByRole("tab", { name: "Health" }).click();
  await page.locator("rc-health-accounts tbody tr").first().waitFor();
}

test("the sample opens with a sentence, levels and accounts @sizes", async ({ page, witness }) => {
  await openSample(page);
  await expect(page.locator("rc-health .lede")).toContainText(
    /^24 of 186 accounts are critical, \$68\.1K a month; for 27 too little is known\.$/,
  );
  await expect(page).toHaveURL(/#health$/);
  const critical = page.locator("rc-health .levels [data-level=critical]");
  await expect(critical).toContainText("$68,068.07");
  await expect(page.locator("rc-health")).toContainText(
    "200 rows read = 197 used + 3 left out: 1 without a customer, 1 of an account that is there already, and 1 row of totals.",
  );
  await expect(page.locator("rc-health .print")).toContainText("47.5 at most");
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await expectSilence(witness, async () => {
    await critical.getByRole("button", { name: "24", exact: true }).click();
    await expect(page.getByRole("dialog").locator("tbody tr")).toHaveCount(24);
  });
});

test("a file without histories is scored all the same", async ({ page }) => {
  await openAccounts(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("accounts.csv");
  await expect(page.locator("rc-health .lede")).toHaveText(
    "1 of 4 accounts is critical, 100 a month; for 1 too little is known.",
  );
  await expect(page.getByRole("tab")).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Another file" }).click();
  await expect(page.getByLabel("Choose file")).toBeAttached();
});

test("a file without health signals has no such view", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Subscriptions", exact: true }).click();
  await page.getByRole("tab").first().waitFor();
  await expect(page.getByRole("tab", { name: "Health" })).toHaveCount(0);
});

test("an account opens on what its score is made of @keyboard", async ({ page, witness }) => {
  await openAccounts(page);
  await expectSilence(witness, async () => {
    const apex = page.getByRole("button", { name: "Apex" });
    await apex.focus();
    await page.keyboard.press("Enter");
    const details = page.locator("rc-health-accounts .details");
    await expect(details.locator("li")).toHaveText([
      /\+30\s+Failed payments: 2/,
      /\+25\s+Champion left/,
      /\+20\s+Unresolved tickets: 3/,
      /\+15\s+NPS answer: 5/,
      /\+8\s+No login for 8 days/,
      /98\s+score of what is known/,
    ]);
    await expect(details).toContainText("Every signal is known.");
    await expect(apex).toHaveAttribute("aria-expanded", "true");
    await page.keyboard.press("Enter");
    await expect(details).toHaveCount(0);
  });
  await page.getByRole("button", { name: "Delta" }).click();
  await expect(page.locator("rc-health-accounts .details")).toContainText("Not known:");
  await expect(row(page, "Delta")).toContainText("Too little known");
});

test("accounts can be searched, filtered and sorted", async ({ page }) => {
  await openAccounts(page);
  const names = page.locator("rc-health-accounts tbody th");
  await expect(names).toHaveText(["Apex", "Birch", "Cedar", "Delta"]);
  await page.getByLabel("Find an account, owner or cohort").fill("ben");
  await expect(names).toHaveText(["Birch", "Delta"]);
  await page.getByLabel("Find an account, owner or cohort").fill("");
  await page.getByLabel("Level", { exact: true }).selectOption("low");
  await expect(names).toHaveText(["Cedar"]);
  await page.getByLabel("Level", { exact: true }).selectOption("");
  const revenue = page
    .locator("rc-health-accounts")
    .getByRole("columnheader", { name: /^Revenue a month/ });
  await page.locator("rc-health-accounts [data-sort=revenue]").click();
  await expect(names).toHaveText(["Apex", "Birch", "Cedar", "Delta"]);
  await expect(revenue).toHaveAttribute("aria-sort", "descending");
  await page.locator("rc-health-accounts [data-sort=revenue]").click();
  await expect(names).toHaveText(["Delta", "Cedar", "Birch", "Apex"]);
  // Without a renewal an account comes last, whichever way the others go.
  await page.locator("rc-health-accounts [data-sort=renewal]").click();
  await expect(names).toHaveText(["Apex", "Birch", "Cedar", "Delta"]);
  await page.locator("rc-health-accounts [data-sort=renewal]").click();
  await expect(names).toHaveText(["Birch", "Apex", "Cedar", "Delta"]);
});

/** Ann: 60, 80 and 100 on day 90, one of them gone, and one account without a score. */
const OWNED = [
  "account,owner,nps,churned,mrr,renewal_date,last_login,health_score_day_90,days_to_first_value",
  "Apex,Ann,3,no,100,2025-07-01,2025-06-20,60,5",
  "Birch,Ann,9,no,50,2025-12-31,2025-06-30,80,",
  "Cedar,Ann,9,yes,30,,2025-01-30,100,7",
  "Delta,Ann,9,no,20,,2025-06-30,,",
  "Elm,Ben,9,no,10,,2025-06-30,50,",
  "",
].join("\n");

test("figures of groups open to their arithmetic and their accounts @sizes @keyboard", async ({
  page,
  witness,
}) => {
  await open(page);
  await choose(page, "owned.csv", OWNED);
  const owners = page.locator("rc-health [data-groups=owner]");
  const dialog = page.getByRole("dialog");
  await expectSilence(witness, async () => {
    // 80 ± 4.303 × 20 ÷ √3.
    await owners.getByRole("button", { name: "80", exact: true }).focus();
    await page.keyboard.press("Enter");
    await expect(dialog).toContainText("Average score on day 90");
    await expect(dialog).toContainText(/Owner: .?Ann/);
    await expect(dialog.locator(".arithmetic")).toHaveText("240 in all ÷ 3 accounts = 80");
    await expect(dialog).toContainText("Likely 30.3 to 129.7");
    await expect(dialog).toContainText("known for 3 of 4 accounts");
    const names = dialog.locator("tbody th");
    await expect(names).toHaveText(["Apex", "Birch", "Cedar", "Delta"]);
    await expect(dialog.locator("tbody tr").nth(2)).toContainText("has left");
    await expect(dialog.locator("tbody tr").nth(3)).toContainText("not known");
    await dialog.getByLabel(/Find an account/).fill("ced");
    await expect(names).toHaveText(["Cedar"]);
    const saved = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Save as CSV" }).click();
    const rows = await readFile(await (await saved).path(), "utf8");
    expect(rows.split("\r\n")[1]).toMatch(/^Cedar,4,left,.*,100,7,/);
  });
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await owners.getByRole("button", { name: "6", exact: true }).click();
  await expect(dialog.locator(".arithmetic")).toHaveText("12 in all ÷ 2 accounts = 6 days");
  await page.keyboard.press("Escape");
  const elm = owners.getByRole("row", { name: /^Ben/ });
  await elm.getByRole("button", { name: "50", exact: true }).click();
  await expect(dialog).toContainText("No interval: it takes two accounts at least");
});

test("the sums of the playbook open with their terms", async ({ page }) => {
  await openAccounts(page);
  const playbook = page.locator("rc-health-playbook");
  const dialog = page.getByRole("dialog");
  await playbook.locator(".result").getByRole("button", { name: "0.8 of them" }).click();
  // 0.53 of one critical account and 0.31 of one that is high.
  await expect(dialog.locator(".arithmetic")).toHaveText(
    "1 × (58.0% − 5.0%) + 1 × (76.0% − 45.0%) + 0 × (88.0% − 72.0%) = 0.84",
  );
  await expect(dialog).toContainText("they take the rates for granted");
  await expect(dialog.locator("tbody th")).toHaveText(["Apex", "Birch"]);
  await page.keyboard.press("Escape");
  await page.getByLabel("Cost of the programme").fill("240");
  // 100 × 12 × 0.53 + 50 × 12 × 0.31 = 822; 822 ÷ 240 = 3.425.
  await playbook.getByRole("button", { name: /^3\.4[23] times the cost$/ }).click();
  await expect(dialog).toContainText("Benefit over cost");
  await expect(dialog.locator(".arithmetic")).toContainText("822 ÷ 240");
  await page.keyboard.press("Escape");
  await playbook
    .getByRole("row", { name: /^Critical/ })
    .getByRole("button", { name: "636" })
    .click();
  await expect(dialog.locator(".arithmetic")).toHaveText(
    "100 × 12 months × (58.0% − 5.0%) = 636.00",
  );
});

test("the method is always named, and can be switched @keyboard", async ({ page }) => {
  await openAccounts(page);
  await expect(page.locator("rc-health")).toContainText(
    "Points are added up as they are, 0 to 180",
  );
  const points = page.getByRole("radio", { name: "Points, added up" });
  await points.focus();
  await page.keyboard.press("ArrowRight");
  // 40 × 8/60 + 25 × 35/35 + 20 × 25/40 + 15 × 30/45.
  await expect(row(page, "Apex")).toContainText("52.83");
  await expect(row(page, "Apex")).toContainText("High");
  await expect(page.locator("rc-health")).toContainText(
    "as a share of its maximum and weighted, 0 to 100",
  );
});

test("numbers of the sheet are typed over and score at once @keyboard", async ({
  page,
  witness,
}) => {
  await openAccounts(page);
  await expectSilence(witness, async () => {
    const points = page.getByLabel("Points for failed payments, 2 or more");
    await points.focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("5");
    // 98 − 30 + 5.
    await expect(row(page, "Apex").locator("td").nth(1)).toHaveText("73");
    await expect(page.locator("rc-health-sheet")).toContainText("differs from the published one");
    await page.getByLabel("critical from").fill("70");
    await expect(row(page, "Apex")).toContainText("Critical");
    await page.getByLabel("Unresolved tickets: from").fill("4");
    await expect(row(page, "Apex").locator("td").nth(1)).toHaveText("53");
  });
  // The three on tickets add up, if the reader says so.
  await page.getByRole("button", { name: "Back to the published sheet" }).click();
  await expect(row(page, "Apex").locator("td").nth(1)).toHaveText("98");
  await page.locator("#combine-tickets").selectOption("sum");
  await expect(page.locator("rc-health-sheet [data-category=engagement]")).toContainText(
    "at most 58 points",
  );
});

test("what cannot be meant is said, and the figures stay", async ({ page }) => {
  await openAccounts(page);
  await page.getByLabel("high from").fill("90");
  await expect(page.locator("rc-health [role=alert]")).toContainText(
    "Critical has to begin above high",
  );
  await expect(row(page, "Apex")).toContainText("Critical");
  await page.getByLabel("high from").fill("60");
  await expect(page.locator("rc-health [role=alert]")).toHaveCount(0);
  await page.getByLabel("medium from").fill("many");
  await expect(page.locator("rc-health-sheet .problem")).toContainText("is not a number");
});

test("rules without a column can be left out", async ({ page }) => {
  await open(page);
  await choose(page, "accounts.csv", "account,nps,open_tickets\nA,9,0\nB,3,5\n");
  await expect(row(page, "A")).toContainText("Too little known");
  await page.getByLabel(/Leave out the rules/).check();
  await expect(row(page, "A")).toContainText("Low");
  await expect(row(page, "A")).toContainText("100%");
});

test("the playbook says what acting saves, by two returns @keyboard", async ({ page, witness }) => {
  await openAccounts(page);
  const playbook = page.locator("rc-health-playbook");
  // Apex is critical: 0.53 of 100 a month; Birch is medium (10 + 15 + 5 + 15 + 12 = 57, so high).
  await expect(playbook.locator(".result")).toContainText(
    "Acting on 1 critical and 1 high accounts saves 0.8 of them",
  );
  await expectSilence(witness, async () => {
    await page.getByLabel("Critical: stay with the playbook").fill("100");
    await page.getByLabel("Critical: stay without it").fill("0");
    await page.getByLabel("High: stay with the playbook").fill("45");
    await page.getByLabel("Cost of the programme").focus();
    await page.keyboard.type("240");
    await expect(playbook.locator(".result")).toContainText(
      "At a cost of 240 the benefit is 5 times the cost (likely 5 to 5). With the cost taken off, the net return is 4 times the cost. Each saved account costs 240.",
    );
  });
  await page.getByLabel("High: stay without it").fill("90");
  await expect(page.locator("rc-health [role=alert]")).toContainText(
    "the second is not below the first",
  );
});

test("what is typed while an answer is awaited is not lost", async ({ page }) => {
  await openAccounts(page);
  // Both rates and the cost are typed before the core can have answered the first.
  await page.locator("rc-health-playbook").evaluate((playbook) => {
    const type = (id: string, text: string) => {
      const field = playbook.shadowRoot?.getElementById(id) as HTMLInputElement;
      field.value = text;
      field.dispatchEvent(new InputEvent("input"));
    };
    type("retainedWith-critical", "100");
    type("retainedWithout-critical", "0");
    type("retainedWith-high", "45");
    type("cost", "240");
  });
  await expect(page.locator("rc-health-playbook .result")).toContainText(
    "At a cost of 240 the benefit is 5 times the cost",
  );
  await page.locator("rc-health-sheet").evaluate((sheet) => {
    const fields = [
      ...(sheet.shadowRoot?.querySelectorAll<HTMLInputElement>("input[id$=-points]") ?? []),
    ];
    for (const field of fields.slice(0, 2)) {
      field.value = "0";
      field.dispatchEvent(new InputEvent("input"));
    }
  });
  const points = page.locator("rc-health-sheet input[id$=-points]");
  await expect(page.locator("rc-health-sheet")).toContainText("This sheet differs");
  await points.first().focus();
  await points.first().blur();
  await expect(points.nth(0)).toHaveValue("0");
  await expect(points.nth(1)).toHaveValue("0");
});

test("a question of the file is answered, and the date can be set", async ({ page }) => {
  await open(page);
  await choose(
    page,
    "accounts.csv",
    "account,active_percent,last_login\nA,15,2025-06-01\nB,0.3,2025-06-01\n",
  );
  const question = page.locator("rc-health [data-code=ambiguous-share]").first();
  await expect(question).toContainText("0.5 is 50 %");
  await question.getByRole("radio", { name: /fraction/ }).click();
  await expect(question).toHaveCount(0);
  await expect(row(page, "B").locator("td").nth(1)).toContainText("10");
  await page.getByLabel("Count up to").fill("2025-06-20");
  await expect(row(page, "B").locator("td").nth(1)).toContainText("30");
});

test("a column can be given another role", async ({ page }) => {
  await openAccounts(page);
  await page.getByText("Which column says what").click();
  await page.getByLabel("NPS answer, 0 to 10").selectOption("");
  await expect(row(page, "Apex").locator("td").nth(1)).toContainText("83");
  await expect(page.locator("rc-health-sheet [data-rule=nps-under-7]")).toContainText("no column");
});

test("the module and the element score by themselves", async ({ page }) => {
  await open(page);
  const levels = await page.evaluate(async (csv) => {
    const element = document.querySelector("retention-calculator") as unknown as {
      score(source: string, options?: object): Promise<{ accounts: { level: string }[] }>;
    };
    const published = await element.score(csv);
    const other = await element.score(csv, { sheet: { levels: { critical: 99 } } });
    return [published, other].map(({ accounts }) => accounts.map(({ level }) => level));
  }, ACCOUNTS);
  expect(levels).toEqual([
    ["critical", "high", "low", "unknown"],
    ["high", "high", "low", "unknown"],
  ]);
});
