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

/** How many small files wait for their first figure. */
let nWaiting = 0;
/** Whether the last scripts are to come when none does any more. */
let isLastDue = false;
let letCome = () => {};
const cameLast = new Promise<void>((resolve) => {
  letCome = resolve;
});

/**
 * Keeps the last scripts back while a first figure is made, with which they would share the connection
 * and the processor; what is given back ends it. Who needs one of them does not wait for that.
 */
export function holdLast(): () => void {
  nWaiting += 1;
  return () => {
    nWaiting -= 1;
    if (isLastDue && nWaiting === 0) {
      letLastCome();
    }
  };
}

/** Lets the scripts come that no first figure waits for, now or when none is being made. */
export function lastMayCome(): void {
  isLastDue = true;
  if (nWaiting === 0) {
    letLastCome();
  }
}

/** Resolves when the last scripts have been let come. */
export function lastOnTheirWay(): Promise<void> {
  return cameLast;
}

/** Lets them come: the hosted page has them in templates until then. */
function letLastCome(): void {
  letCome();
  for (const held of document.querySelectorAll<HTMLTemplateElement>(
    "template[data-last-scripts]",
  )) {
    held.replaceWith(held.content);
  }
}
