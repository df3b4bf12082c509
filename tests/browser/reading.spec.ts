// A file while it is read: how far, by how many workers, given up, and what has no room.
// It deliberately judges no speed: what takes how long is measured elsewhere.

import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  expectSilence,
  type Page,
  test,
} from "./harness.ts";
import { choose, open, SUBSCRIPTIONS } from "./steps.ts";

type Element = HTMLElement & {
  report: { input: { customers: number; rows: { read: number } } } | null;
  analyze(source: Blob, options?: Record<string, unknown>): Promise<unknown>;
};

const HEADER = "customer,date,amount\n";

/** Rows of orders, each by a customer of its own. */
function orders(nRows: number): string {
  return (
    HEADER +
    Array.from({ length: nRows }, (_, index) => {
      const month = String((index % 12) + 1).padStart(2, "0");
      return `cus_${String(index).padStart(9, "0")},2024-${month}-10,${(index % 90) + 1}.50\n`;
    }).join("")
  );
}

/**
 * Before the page's script: reading a file of more than one chunk stops after its first, as from a
 * drive that has fallen asleep. The page and its workers are those that are built; the file alone
 * is slow.
 */
async function sleepAfterFirstChunk(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const prelude = `{
      const slice = Blob.prototype.slice;
      const stream = Blob.prototype.stream;
      Blob.prototype.stream = function () {
        if (this.size <= 1 << 20) return stream.call(this);
        const first = stream.call(slice.call(this, 0, 1 << 20)).getReader();
        return new ReadableStream({
          type: "bytes",
          async pull(controller) {
            const { done, value } = await first.read();
            if (done) await new Promise(() => undefined);
            else controller.enqueue(value);
          },
        });
      };
      Blob.prototype.slice = function (from, until, type) {
        const part = slice.call(this, from, until, type);
        if (from > 0) part.arrayBuffer = () => new Promise(() => undefined);
        return part;
      };
    }\n`;
    const makeAddress = URL.createObjectURL;
    URL.createObjectURL = (source) =>
      source instanceof Blob && source.type === "text/javascript"
        ? makeAddress.call(URL, new Blob([prelude, source], { type: source.type }))
        : makeAddress.call(URL, source);
  });
}

/** Before the page's script: the core's memory ends at so many pages of 64 KiB. */
async function limitMemory(page: Page, nPages: number): Promise<void> {
  await page.addInitScript((most) => {
    const limited = (module: Uint8Array, nPagesMax: number): Uint8Array => {
      const leb = (value: number): number[] =>
        value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
      const unleb = (at: number): [value: number, next: number] => {
        let value = 0;
        for (let shift = 0, next = at; ; shift += 7, next += 1) {
          const byte = module[next] ?? 0;
          value |= (byte & 127) << shift;
          if (byte < 128) return [value >>> 0, next + 1];
        }
      };
      for (let at = 8; at < module.length; ) {
        const [length, body] = unleb(at + 1);
        if (module[at] === 5) {
          const [least] = unleb(body + 2);
          const limits = [1, 1, ...leb(least), ...leb(nPagesMax)];
          const section = [5, ...leb(limits.length), ...limits];
          const rest = module.subarray(body + length);
          const whole = new Uint8Array(at + section.length + rest.length);
          whole.set(module.subarray(0, at));
          whole.set(section, at);
          whole.set(rest, at + section.length);
          return whole;
        }
        at = body + length;
      }
      // The rest of a core has the memory of its first part.
      return module;
    };
    // The workers compile it themselves, each at its start.
    const prelude = `WebAssembly.Module = new Proxy(WebAssembly.Module, {
      construct: (Module, [bytes]) => new Module((${limited})(bytes, ${most})),
    });\n`;
    const makeAddress = URL.createObjectURL;
    URL.createObjectURL = (source) =>
      source instanceof Blob && source.type === "text/javascript"
        ? makeAddress.call(URL, new Blob([prelude, source], { type: source.type }))
        : makeAddress.call(URL, source);
  }, nPages);
}

test("a reading shows how far it is, and Escape gives it up @sizes", async ({ page, witness }) => {
  await sleepAfterFirstChunk(page);
  await open(page);
  await expectSilence(witness, async () => {
    await choose(page, "orders.csv", orders(60_000));
    const bar = page.getByRole("progressbar", { name: "Read so far" });
    await expect(bar).toBeVisible();
    await expect(page.locator("rc-reading .number")).toContainText(
      /1 MB of 1\.9 MB,\s+[\d,]+ rows/,
    );
    await expect(bar).toHaveAttribute("aria-valuetext", /^\d+%$/);
    await expect(page.getByRole("status").first()).toContainText("Reading orders.csv.");
    await expectNoSidewaysScroll(page);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("heading", { name: "Choose a file" })).toBeVisible();
    await expect(page.getByRole("status").first()).toContainText("Reading was cancelled.");
  });
  // The next file is read by a worker of its own.
  await page.getByLabel("Customers at the start").first().waitFor();
});

test("a reading is accessible, and its button is next", async ({ page }) => {
  await sleepAfterFirstChunk(page);
  await open(page);
  await page.getByLabel("Choose file").focus();
  await choose(page, "orders.csv", orders(60_000));
  await expect(page.getByRole("progressbar")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Choose a file" })).toBeVisible();
  await expect(page.getByLabel("Choose file")).toBeFocused();
});

test("after one is cancelled, the next file is read", async ({ page }) => {
  await sleepAfterFirstChunk(page);
  await open(page);
  await choose(page, "large.csv", orders(60_000));
  await expect(page.getByRole("heading", { name: "Reading large.csv" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator("rc-ways-in")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "cancelled" })).toHaveCount(1);
  await choose(page, "export.csv", SUBSCRIPTIONS);
  await expect(page.locator("rc-understood")).toContainText(
    "4 subscription rows of 4 customers, Jan 1, 2024 to Mar 31, 2024, revenue from mrr, customers by account_id.",
  );
});

test("after a host gives one up, the next file is read", async ({ page, witness }) => {
  await sleepAfterFirstChunk(page);
  await open(page);
  await expectSilence(witness, async () => {
    const outcomes = await page.evaluate(
      async ([many, few]) => {
        const element = document.querySelector("retention-calculator") as Element;
        const abort = new AbortController();
        const cancelled = element
          .analyze(new Blob([many]), { signal: abort.signal, onProgress: () => abort.abort() })
          .then(
            () => "read",
            (error: Error) => error.name,
          );
        const first = await cancelled;
        await element.analyze(new Blob([few]));
        await window.ownTask();
        return [first, element.report?.input.rows.read];
      },
      [orders(100_000), SUBSCRIPTIONS] as const,
    );
    expect(outcomes).toEqual(["AbortError", 4]);
  });
});

test("a file without room is refused with a way out @sizes", async ({ page, witness }) => {
  await page.addInitScript(() => {
    // A device so small that a few customers fill half of it.
    Object.defineProperty(Navigator.prototype, "deviceMemory", { value: 1 / 64 });
  });
  await open(page);
  await expectSilence(witness, async () => {
    await choose(page, "orders.csv", orders(200_000));
    const alert = page.getByRole("alert");
    await expect(alert).toContainText("The file is too large for this tab.");
    await expect(alert).toContainText("this tab can have 8 MB");
    await expect(alert).toContainText("one row per customer and month");
    await expect(alert.getByText("GROUP BY")).toBeVisible();
  });
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  // The page is as it was, and reads what fits.
  await choose(page, "export.csv", SUBSCRIPTIONS);
  await expect(page.locator("rc-understood")).toContainText("4 subscription rows");
});

test("a core whose memory ends is stopped, and the page goes on", async ({ page, witness }) => {
  await limitMemory(page, 160);
  await open(page);
  await choose(page, "orders.csv", orders(200_000));
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("The memory of this tab ran out");
  await expect(alert.locator("xpath=self::*[@data-code='out-of-memory']")).toBeVisible();
  expect(witness.errors).toEqual([]);
  await choose(page, "export.csv", SUBSCRIPTIONS);
  await expect(page.locator("rc-understood")).toContainText("4 subscription rows");
});

test("a browser without SIMD is told which ones have it", async ({ page }) => {
  await page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
  await open(page);
  await choose(page, "export.csv", SUBSCRIPTIONS);
  await expect(page.getByRole("alert").first()).toContainText("Safari 16.4");
});

test("a large file leaves no memory behind for the next", async ({ page }) => {
  await open(page);
  // The one that is made ready before a file is given.
  await expect.poll(() => page.workers().length).toBe(1);
  const outcome = await page.evaluate(
    async ([head, rows, few]) => {
      const element = document.querySelector("retention-calculator") as Element;
      // The same rows again and again: many bytes, few customers.
      const big = new Blob([head, ...Array.from({ length: 60 }, () => rows)]);
      await element.analyze(big, { duplicates: "keep" });
      const read = element.report?.input.rows.read;
      await element.analyze(new Blob([few]));
      await window.ownTask();
      return { bytes: big.size, read, after: element.report?.input.rows.read };
    },
    [HEADER, orders(10_000).slice(HEADER.length), SUBSCRIPTIONS] as const,
  );
  expect(outcome.bytes).toBeGreaterThan(16 * 1024 ** 2);
  expect([outcome.read, outcome.after]).toEqual([600_000, 4]);
  // One is there: the one that read the large file if it holds little, else the one in its place.
  await expect.poll(() => page.workers().length).toBe(1);
});
