// What a reader does on the page, for the specs of its parts.
// It deliberately checks nothing.

import { site } from "./environment.ts";
import type { Page } from "./harness.ts";

/**
 * Four customers. B ends in March; C came in February, D in March. So in March: 3 at the start,
 * 1 lost, 1 new, 3 at the end.
 */
export const SUBSCRIPTIONS = [
  "account_id,start_date,end_date,mrr",
  "A,2024-01-01,,100.00",
  "B,2024-01-01,2024-03-15,50.00",
  "C,2024-02-01,,30.00",
  "D,2024-03-31,,20.00",
  "",
].join("\n");

/** The same with dates that can be read in two ways: no part but the year is above 12. */
export const AMBIGUOUS = [
  "account_id,start_date,end_date,mrr",
  "A,01/02/2024,,100.00",
  "B,02/03/2024,05/06/2024,50.00",
  "C,03/04/2024,,30.00",
  "",
].join("\n");

/** Opens the hosted page and waits for its first screen. */
export async function open(page: Page, fragment = ""): Promise<void> {
  await page.goto(site + fragment);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** Opens the hosted page with a sample in a view of its report, as a host sets them. */
export async function openSample(
  page: Page,
  sample: string,
  view: string,
  fragment = "",
): Promise<void> {
  await page.goto(site + fragment);
  await page.evaluate(
    (chosen) => {
      Object.assign(document.querySelector("retention-calculator") ?? {}, chosen);
    },
    { sample, view },
  );
}

/** Chooses a file in the dialog. */
export async function choose(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page
    .getByLabel("Choose file")
    .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content) });
}

/** Drops files somewhere on the page. */
export async function drop(
  page: Page,
  files: readonly { name: string; text: string }[],
  selector = "body",
): Promise<void> {
  const transfer = await page.evaluateHandle((given) => {
    const made = new DataTransfer();
    for (const { name, text } of given) made.items.add(new File([text], name));
    return made;
  }, files);
  for (const type of ["dragenter", "dragover", "drop"]) {
    await page.dispatchEvent(selector, type, { dataTransfer: transfer });
  }
}

/** Pastes text where the focus is. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((given) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", given);
    let at: Element = document.activeElement ?? document.body;
    while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    at.dispatchEvent(
      new ClipboardEvent("paste", {
        clipboardData,
        bubbles: true,
        composed: true,
        cancelable: true,
      }),
    );
  }, text);
}
