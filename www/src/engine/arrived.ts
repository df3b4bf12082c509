/**
 * A part of the page that is loaded behind its beginning, or an error that says what to do.
 *
 * It loads nothing but by the elements that stand in the document, and it does not try again.
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

/** The same for a part that no first figure waits for. */
export async function arrivedLast<Part>(load: () => Promise<Part>): Promise<Part> {
  return arrived(() => {
    letLastCome();
    return load();
  });
}

/**
 * Lets the scripts come that no first figure waits for: the hosted page holds them back, since they
 * would share the connection and the processor with what one waits for.
 */
function letLastCome(): void {
  for (const held of document.querySelectorAll<HTMLTemplateElement>(
    "template[data-last-scripts]",
  )) {
    held.replaceWith(held.content);
  }
}

/** Resolves when the page has nothing else to do, or after a second. */
export function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === "function") {
      requestIdleCallback(() => resolve(), { timeout: 1000 });
    } else {
      setTimeout(resolve, 100);
    }
  });
}
