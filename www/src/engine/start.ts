/**
 * Starts the core once it is there: it is loaded behind the beginning of the page.
 *
 * How it runs is for the host to say.
 */

import { arrived } from "./arrived.ts";
import type { Host } from "./host.ts";

/** Starts the core that reads files, fits models and projects. */
export async function startHost(): Promise<Host> {
  const host = await arrived(import("./host.ts"));
  return host.startHost();
}
