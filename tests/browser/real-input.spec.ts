// Real files through the built page, by choosing them and by the element's `analyze()`.
// It deliberately computes no figure: published numbers and the oracle's files say what must come.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, expectSilence, type Page, test } from "./harness.ts";
import { choose, open } from "./steps.ts";

interface Movements {
  readonly customers: Record<string, number>;
  readonly revenue?: Record<string, number>;
}

/** What the oracle says of a file. */
interface Expected {
  readonly asOf: string;
  readonly periods: readonly (Movements & { readonly period: string; readonly partial: boolean })[];
}

/** The parts of the report that are looked at here. */
interface Found {
  readonly input: {
    readonly shape: string;
    readonly asOf: string;
    readonly customers: number;
    readonly amountTotalMinor: string | null;
    readonly rows: { readonly read: number; readonly used: number; readonly excluded: number };
    readonly notes: readonly { readonly code: string; readonly count: number; column?: string }[];
    readonly questions: readonly { readonly code: string }[];
  };
  readonly periods: readonly {
    readonly period: string;
    readonly partial: boolean;
    readonly customers: Record<string, number | null>;
    readonly revenue: Record<string, number | null> | null;
    readonly customerChurnRate: { readonly value: number | null };
  }[];
  readonly survival: {
    readonly timeline: readonly number[];
    readonly atRisk: readonly number[];
    readonly events: readonly number[];
    readonly survival: readonly number[];
    readonly low: readonly number[];
    readonly high: readonly number[];
  } | null;
  readonly purchases: {
    readonly customers: number;
    readonly purchases: number;
    readonly revenue: number;
  } | null;
}

type Element = HTMLElement & {
  readonly report: Found | null;
  analyze(source: Blob): Promise<Found>;
};

function project(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

function json<T>(path: string): T {
  return JSON.parse(readFileSync(project(path), "utf8")) as T;
}

const published = json<{ km: Record<string, readonly number[][]> }>(
  "tests/cases/published-numbers.json",
);

/** The report that the page shows after a file was chosen. */
async function chosen(page: Page, path: string): Promise<Found> {
  await open(page);
  await choose(page, path.split("/").at(-1) ?? path, readFileSync(project(path)));
  await expect(page.getByRole("tab", { name: "Overview" })).toBeVisible({ timeout: 30_000 });
  return page.evaluate(() => {
    const report = document.querySelector<Element>("retention-calculator")?.report;
    if (!report) throw new Error("the element has no report");
    return report;
  });
}

/** The report that the element's own method gives. */
async function analyzed(page: Page, path: string): Promise<Found> {
  await open(page);
  const text = readFileSync(project(path), "latin1");
  return page.evaluate(async (latin1) => {
    const bytes = Uint8Array.from(latin1, (character) => character.charCodeAt(0));
    const element = document.querySelector<Element>("retention-calculator");
    if (element === null) throw new Error("the page has no element");
    const found = await element.analyze(new Blob([bytes]));
    await window.ownTask();
    return found;
  }, text);
}

const ways = [
  { way: "chosen on the page", read: chosen },
  { way: "given to analyze()", read: analyzed },
] as const;

/** Kaplan–Meier against published numbers, to the nine digits that they have. */
function expectSurvival(found: Found, name: string): void {
  const { survival } = found;
  const rows = published.km[name] ?? [];
  expect(rows.length).toBeGreaterThan(1);
  if (survival === null) throw new Error("there is no survival curve");
  for (const [time = 0, atRisk, events, share, , low, high] of rows) {
    const at = survival.timeline.indexOf(time);
    expect(survival.atRisk[at]).toBe(atRisk);
    expect(survival.events[at]).toBe(events);
    expect(survival.survival[at]).toBeCloseTo(share ?? Number.NaN, 9);
    expect(survival.low[at]).toBeCloseTo(low ?? Number.NaN, 9);
    expect(survival.high[at]).toBeCloseTo(high ?? Number.NaN, 9);
  }
}

/** Periods against the oracle, to the cent. */
function expectPeriods(found: Found, expected: Expected): void {
  expect(found.input.asOf).toBe(expected.asOf);
  expect(found.periods.map(({ period }) => period)).toEqual(
    expected.periods.map(({ period }) => period),
  );
  expected.periods.forEach((should, index) => {
    const is = found.periods[index];
    expect(is?.partial).toBe(should.partial);
    for (const [name, count] of Object.entries(should.customers)) {
      expect(is?.customers[name], `${should.period} ${name}`).toBe(count);
    }
    for (const [name, minor] of Object.entries(should.revenue ?? {})) {
      const major = is?.revenue?.[name] ?? Number.NaN;
      expect(Math.round(major * 100), `${should.period} ${name}`).toBe(minor);
    }
  });
}

for (const { way, read } of ways) {
  test(`Telco, ${way}: 7,043 accounts, 1,869 churned, and its published curve`, async ({
    page,
  }) => {
    const found = await read(page, "tests/corpora/telco_wa_churn.csv");
    expect(found.input.shape).toBe("accounts");
    expect(found.input.rows).toEqual({ read: 7043, used: 7043, excluded: 0 });
    expect(found.periods[0]).toMatchObject({ customers: { lost: 1869 } });
    expect(found.periods[0]?.customerChurnRate.value).toBeCloseTo(0.2654, 4);
    const blanks = found.input.notes.find(({ code }) => code === "blank-cells");
    expect(blanks).toMatchObject({ column: "total_charges", count: 11 });
    expectSurvival(found, "telco_all");
  });

  test(`CDNOW, ${way}: every row, every customer, every cent`, async ({ page }) => {
    const found = await read(page, "tests/corpora/lifetimes_CDNOW_master.txt");
    expect(found.input.shape).toBe("transactions");
    expect(found.input.rows).toEqual({ read: 69_659, used: 69_659, excluded: 0 });
    expect(found.input.customers).toBe(23_570);
    expect(found.input.amountTotalMinor).toBe("250031563");
    expect(found.purchases).toMatchObject({
      customers: 23_570,
      purchases: 69_659,
      revenue: 2_500_315.63,
    });
  });

  test(`waltons and rossi, ${way}: the published curves`, async ({ page }) => {
    const waltons = await read(page, "tests/corpora/lifelines_waltons_dataset.csv");
    expect(waltons.input.rows.used).toBe(163);
    expectSurvival(waltons, "waltons");
    const rossi = await read(page, "tests/corpora/lifelines_rossi.csv");
    expect(rossi.input.rows.used).toBe(432);
    expectSurvival(rossi, "rossi");
  });

  for (const { name, file, shape } of [
    { name: "mrr-wide", file: "www/public/samples/mrr-wide.csv", shape: "mrr" },
    {
      name: "stripe-subscriptions",
      file: "tests/cases/vendor/stripe-subscriptions.csv",
      shape: "subscriptions",
    },
    {
      name: "shopify-orders",
      file: "tests/cases/vendor/shopify-orders.csv",
      shape: "transactions",
    },
  ]) {
    test(`${name}, ${way}: as the oracle has it`, async ({ page }) => {
      const found = await read(page, file);
      expect(found.input.shape).toBe(shape);
      expect(found.input.questions).toEqual([]);
      expect(found.input.rows.read).toBe(found.input.rows.used + found.input.rows.excluded);
      expectPeriods(found, json<Expected>(`tests/cases/expected/${name}.json`));
    });
  }
}

test("ninety bad inputs come to what their manifest says, and nothing is asked for", async ({
  page,
  witness,
}) => {
  const folder = "tests/corpora/badinputs";
  const { cases } = json<{
    cases: readonly {
      file: string;
      cls: string;
      code: string;
      rows_used: number;
      rows_rejected: number;
      sum_cents: number | null;
    }[];
  }>(`${folder}/manifest.json`);
  expect(cases.length).toBeGreaterThan(80);
  await open(page);
  await expectSilence(witness, async () => {
    for (const one of cases) {
      const latin1 = readFileSync(project(`${folder}/${one.file}`), "latin1");
      const came = await page.evaluate(async (text) => {
        const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
        const element = document.querySelector<Element>("retention-calculator");
        try {
          const report = await element?.analyze(new Blob([bytes]));
          await window.ownTask();
          return { report: report?.input, refused: null };
        } catch (error) {
          return { report: null, refused: (error as { code?: string }).code ?? String(error) };
        }
      }, latin1);
      if (one.cls === "reject_file") {
        expect(came.refused, one.file).toBe(one.code);
        continue;
      }
      expect(came.refused, one.file).toBeNull();
      expect(came.report?.rows, one.file).toEqual({
        read: one.rows_used + one.rows_rejected,
        used: one.rows_used,
        excluded: one.rows_rejected,
      });
      if (one.sum_cents !== null) {
        expect(came.report?.amountTotalMinor, one.file).toBe(String(one.sum_cents));
      }
      const told = one.cls === "ask" ? came.report?.questions : came.report?.notes;
      if (one.code !== "") {
        expect(
          told?.map(({ code }) => code),
          one.file,
        ).toContain(one.code);
      }
    }
  });
});
