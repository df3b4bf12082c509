// What every spec imports: the runner, and witnesses of what the page sends, breaks and hides.
// It deliberately knows nothing of the page's content.

import { AxeBuilder } from "../../www/node_modules/@axe-core/playwright/dist/index.mjs";
import { test as base, expect, type Page } from "../../www/node_modules/@playwright/test/index.mjs";

export type { Page };
export { expect };

/** All that a page did which it should not do. */
export class Witness {
  /** Addresses asked for over the network, by the page and its workers. */
  readonly requests: string[] = [];
  /** What a content security policy refused, in the page and its workers. */
  readonly violations: string[] = [];
  /** Uncaught errors and what was written to the console as one. */
  readonly errors: string[] = [];

  /** Waits until all that the browser has reported so far is here. */
  settle: () => Promise<unknown> = () => Promise.resolve();

  /** Forgets what was seen: from here on nothing may be. */
  forget(): void {
    this.requests.length = 0;
    this.violations.length = 0;
    this.errors.length = 0;
  }
}

declare global {
  interface Window {
    /**
     * Ends the task: what a page gives behind it comes while no view is being drawn.
     *
     * Between a promise and whoever asked for it, a browser that draws may collect the promise as
     * garbage, and says that it was lost.
     */
    ownTask(): Promise<void>;
  }
}

interface Fixtures {
  /** Watches `page` from its first moment. */
  witness: Witness;
}

export const test = base.extend<Fixtures>({
  page: async ({ page }, use) => {
    await page.addInitScript(() => {
      window.ownTask = () => new Promise((resolve) => setTimeout(resolve));
    });
    await use(page);
  },
  witness: async ({ page }, use) => {
    const witness = new Witness();
    page.context().on("request", (request) => {
      // A blob or data address never leaves the browser.
      if (!/^(blob|data):/.test(request.url())) witness.requests.push(request.url());
    });
    page.on("pageerror", (error) => witness.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") witness.errors.push(message.text());
    });
    // What the browser itself reports: here, and nowhere else, are the refusals of workers too.
    const browserLog = await page.context().newCDPSession(page);
    browserLog.on("Log.entryAdded", ({ entry }) => {
      if (/content security policy|trusted ?type/i.test(entry.text)) {
        witness.violations.push(entry.text);
      } else if (entry.level === "error" && entry.source !== "worker") {
        witness.errors.push(entry.text);
      }
    });
    await browserLog.send("Log.enable");
    // Reports come in order on one session: after this answer, all earlier ones have come.
    witness.settle = () => browserLog.send("Runtime.evaluate", { expression: "0" });
    await page.exposeBinding("__violation", (_source, what: string) => {
      witness.violations.push(what);
    });
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        const tell = (globalThis as unknown as { __violation(what: string): void }).__violation;
        tell(`${event.effectiveDirective}: ${event.blockedURI}`);
      });
    });
    await use(witness);
  },
});

/** Runs `steps` and holds that the page asked for nothing, and that nothing was refused. */
export async function expectSilence(witness: Witness, steps: () => Promise<void>): Promise<void> {
  witness.forget();
  await steps();
  await witness.settle();
  expect(witness.requests, "requests after the page has loaded").toEqual([]);
  expect(witness.violations, "refused by the policy").toEqual([]);
  expect(witness.errors, "errors").toEqual([]);
}

/** Waits until nothing moves or fades in any more, shadow trees included. */
async function standStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const animationsIn = (root: Document | ShadowRoot): Animation[] => [
      ...root.getAnimations(),
      ...[...root.querySelectorAll("*")].flatMap(({ shadowRoot }) =>
        shadowRoot === null ? [] : animationsIn(shadowRoot),
      ),
    ];
    const endsOf = ({ effect }: Animation) => Number(effect?.getComputedTiming().endTime ?? 0);
    const ending = animationsIn(document).filter((one) => Number.isFinite(endsOf(one)));
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

/** Holds that axe finds nothing to object to in what is shown now, shadow trees included. */
export async function expectAccessible(page: Page): Promise<void> {
  // What is on its way in is fainter than it will be.
  await standStill(page);
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help} (${target.join(" ")})`),
  );
  expect(found).toEqual([]);
}

/** Holds that the page itself does not scroll sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, "pixels that stick out").toBeLessThanOrEqual(0);
}
