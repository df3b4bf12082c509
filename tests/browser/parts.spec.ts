// A file read by several workers: the same report as by one, to the letter.
// It deliberately checks no figure: that one worker's are right is for the other specs.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, expectSilence, type Page, test } from "./harness.ts";
import { open } from "./steps.ts";

type Element = HTMLElement & {
  analyze(
    source: Blob,
    options: Record<string, unknown>,
  ): Promise<{ input: { rows: { read: number } } }>;
};

/** What was seen of a reading. */
interface Seen {
  /** The report as text, or the code of the error. */
  report: string;
  rows: number;
  /** Workers that were started for it. */
  nStarted: number;
}

/** Reads the same bytes with each number of workers. */
function readWith(page: Page, text: string, numbers: readonly number[]): Promise<Seen[]> {
  return page.evaluate(
    async ([latin1, each]) => {
      const bytes = Uint8Array.from(latin1, (character) => character.charCodeAt(0));
      const element = document.querySelector("retention-calculator") as Element;
      const counting = window as unknown as { nWorkers: number };
      const seen = [];
      for (const workers of each) {
        const before = counting.nWorkers;
        const read = await element.analyze(new Blob([bytes]), { workers }).then(
          (report) => ({ report: JSON.stringify(report), rows: report.input.rows.read }),
          (error: { code?: string }) => ({ report: error.code ?? String(error), rows: 0 }),
        );
        seen.push({ ...read, nStarted: counting.nWorkers - before });
      }
      await window.ownTask();
      return seen;
    },
    [text, numbers] as const,
  );
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const counting = window as unknown as { nWorkers: number };
    counting.nWorkers = 0;
    window.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        counting.nWorkers += 1;
      }
    };
  });
  await open(page);
});

/** Holds that all numbers of workers come to the same, and that there were as many. */
async function expectSame(page: Page, text: string, nRows: number | null): Promise<void> {
  const [one, ...more] = await readWith(page, text, [1, 2, 3, 4]);
  expect(one?.nStarted).toBe(0);
  if (nRows !== null) {
    expect(one?.rows).toBe(nRows);
  }
  for (const [index, { report, nStarted }] of more.entries()) {
    expect(nStarted, "further workers").toBe(index + 1);
    expect(report === one?.report, `the report of ${index + 2} workers is that of one`).toBe(true);
  }
}

function corpus(file: string): string {
  return readFileSync(fileURLToPath(new URL(`../corpora/${file}`, import.meta.url)), "latin1");
}

test("purchases of a record shop are the same by several workers", async ({ page, witness }) => {
  const text = corpus("lifetimes_CDNOW_master.txt");
  await expectSilence(witness, () => expectSame(page, text, 69_659));
});

test("accounts, which are counted as a whole, are read by one worker", async ({ page }) => {
  const [one, three] = await readWith(page, corpus("telco_wa_churn.csv"), [1, 3]);
  expect([one?.rows, three?.rows, three?.nStarted]).toEqual([7043, 7043, 0]);
  expect(three?.report).toBe(one?.report);
});

test("line breaks in quotes are the same by several workers", async ({ page }) => {
  const reasons = ['"too\nexpensive"', '"said ""no"",\r\nand left\n"', '"a, b\n\n\n"', "plain"];
  const rows = Array.from({ length: 40_000 }, (_, index) => {
    const day = String((index % 28) + 1).padStart(2, "0");
    const month = String((index % 12) + 1).padStart(2, "0");
    return `acc_${index % 9000},2023-${month}-${day},,${(index % 300) + 0.5},${reasons[index % 4]}\n`;
  });
  await expectSame(page, `account_id,start_date,end_date,mrr,reason\n${rows.join("")}`, 40_000);
});

test("what only a late part proves is the same by several workers", async ({ page }) => {
  // Day and month can be told apart in the last row alone.
  const rows = Array.from(
    { length: 60_000 },
    (_, index) =>
      `c${index % 7000},0${(index % 9) + 1}/0${(index % 8) + 1}/2024,${index % 90}.25\n`,
  );
  await expectSame(page, `customer,date,amount\n${rows.join("")}c1,31/12/2024,5.00\n`, 60_001);
});

test("a file with an open quote is the same by several workers", async ({ page }) => {
  const row = (index: number) => `c${index % 5000},2024-0${(index % 9) + 1}-11,${index % 70}.00\n`;
  const rows = Array.from({ length: 60_000 }, (_, index) => row(index));
  rows[45_000] = '"c1,2024-01-02,3.00\n';
  await expectSame(page, `customer,date,amount\n${rows.join("")}`, null);
});

test("a file of one byte order or another is read whole", async ({ page }) => {
  const rows = Array.from({ length: 30_000 }, (_, index) => `c${index % 500},2024-02-11,5.00\n`);
  const text = Buffer.from(`\uFEFFcustomer,date,amount\n${rows.join("")}`, "utf16le");
  const [one, three] = await readWith(page, text.toString("latin1"), [1, 3]);
  expect([one?.rows, three?.rows, three?.nStarted]).toEqual([30_000, 30_000, 0]);
  expect(three?.report).toBe(one?.report);
});
