/**
 * A part of the page that is loaded behind its beginning, or an error that says what to do.
 *
 * It loads nothing itself, and it does not try again.
 */

import { RetentionError } from "./retention-error.ts";

/** The part, once it is there. */
export async function arrived<Part>(part: Promise<Part>): Promise<Part> {
  try {
    return await part;
  } catch {
    throw new RetentionError(
      "page-incomplete",
      "A part of this page could not be loaded. Check the connection, then reload the page.",
    );
  }
}
