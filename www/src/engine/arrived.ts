/**
 * A part of the page that is loaded behind its beginning, or an error that says what to do.
 *
 * It loads nothing itself, and it does not try again.
 */

import { RetentionError } from "./retention-error.ts";

/**
 * The part, once it is there.
 *
 * It is asked for when the document is whole: the hosted page may load no script but by an element
 * with its integrity, and one that is asked for before its element is there would be refused.
 */
export async function arrived<Part>(load: () => Promise<Part>): Promise<Part> {
  if (document.readyState === "loading") {
    await new Promise((resolve) => {
      document.addEventListener("readystatechange", resolve, { once: true });
    });
  }
  try {
    return await load();
  } catch {
    throw new RetentionError(
      "page-incomplete",
      "A part of this page could not be loaded. Check the connection, then reload the page.",
    );
  }
}
