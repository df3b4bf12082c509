/**
 * The first part of the core that reads files, as text: a script of its own, so that its worker
 * starts meanwhile. It is the last that a first figure waits for, and lets the others come.
 */

import { lastMayCome } from "./arrived.ts";

export { default as characters } from "virtual:files-wasm";

// Not from here: a browser that asks for a script notes from where, and would parse all of this text
// again for that.
queueMicrotask(lastMayCome);
