/**
 * What of the page is loaded behind its beginning, so that the first figure does not wait for it.
 *
 * It holds no element: each of the modules registers its own when it comes.
 */

import { arrived, arrivedLast } from "../engine/arrived.ts";

/** The elements of a report's first view. */
export function reportElements(): Promise<typeof import("./report-elements.ts")> {
  return arrived(() => import("./report-elements.ts"));
}

/** All other elements, and the texts of the samples. */
export function furtherElements(): Promise<typeof import("./further-elements.ts")> {
  return arrivedLast(() => import("./further-elements.ts"));
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
