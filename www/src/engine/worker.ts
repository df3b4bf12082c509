/**
 * The worker: owns the core and the file's session, and answers one request at a time.
 *
 * It has no state of its own, and it opens no address: the core comes by message.
 */

import { Handler } from "./handler.ts";
import type { ToWorker } from "./protocol.ts";
import { Serving } from "./serving.ts";

declare const self: DedicatedWorkerGlobalScope;

const serving = new Serving(
  (module, memoryBytesMax, rest) => new Handler(module, memoryBytesMax, rest),
  (message, transfer) => self.postMessage(message, transfer),
);

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => serving.take(data));
