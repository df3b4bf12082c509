/**
 * Starts a module of the core: the small one at once, the others when they are there. They are
 * loaded behind the beginning of the page.
 *
 * How it runs is for its host to say.
 */

import { arrived, arrivedLast } from "./arrived.ts";
import { startFormulas } from "./formulas-core.ts";
import type { Host } from "./host.ts";
import type { CoreName } from "./protocol.ts";

/** Starts one. */
export async function startHost(core: CoreName): Promise<Host> {
  switch (core) {
    case "formulas":
      return startFormulas();
    case "files":
      return (await arrived(() => import("./host.ts"))).startFiles();
    case "models":
      return (await arrivedLast(() => import("./models-core.ts"))).startModels();
  }
}
