// How the page is tested in a browser: one engine, three sizes, no retry.
// It deliberately starts no server and finds no browser: `cargo xtask test browser` hands both over.

import { defineConfig } from "../../www/node_modules/@playwright/test/index.mjs";
import { browser } from "./environment.ts";

/** Tests with this tag also run at the sizes of a tablet and a phone. */
const sizes = /@sizes/;

export default defineConfig({
  testDir: ".",
  outputDir: "../../test-results",
  reporter: "list",
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  // No speed is judged here: these end what hangs, on a machine that others use as well.
  timeout: 180_000,
  expect: { timeout: 15_000 },
  use: {
    browserName: "chromium",
    locale: "en-US",
    timezoneId: "UTC",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: browser,
      // Nothing but the page itself may speak: the browser's own services stay silent.
      args: [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } } },
    {
      name: "tablet",
      grep: sizes,
      use: { viewport: { width: 820, height: 1180 }, hasTouch: true },
    },
    {
      name: "phone",
      grep: sizes,
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    },
  ],
});
