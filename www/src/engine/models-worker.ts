/**
 * The worker for models, projections and health: owns their core, and answers one request at a time.
 *
 * It has no state of its own, and it opens no address: the core comes by message.
 */

import { ModelsHandler } from "./models-handler.ts";
import type { ToWorker } from "./protocol.ts";
import { Serving } from "./serving.ts";

declare const self: DedicatedWorkerGlobalScope;

const serving = new Serving(
  (module) => new ModelsHandler(module),
  (message, transfer) => self.postMessage(message, transfer),
);

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => serving.take(data));
