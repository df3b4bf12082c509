// What `cargo xtask test browser` hands over, and where the built files are.
// It deliberately has no default: a test against the wrong build would prove nothing.

import { fileURLToPath, pathToFileURL } from "node:url";

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") {
    throw new Error(`${name} is not set; run the browser tests by \`cargo xtask test browser\``);
  }
  return value;
}

/** The program to test in. */
export const browser = given("RETENTION_BROWSER");

/** The address at which `dist/` is served, with a closing slash. */
export const dist = given("RETENTION_DIST");

/** The hosted page. */
export const site = new URL("site/", dist).href;

/** The page as one document, as it is opened from a folder. */
export const singleFile = pathToFileURL(distPath("retention-calculator.html")).href;

/** The path of a built file. */
export function distPath(file: string): string {
  return fileURLToPath(new URL(`../../dist/${file}`, import.meta.url));
}
