/**
 * The core for lifespan models, projections and the health of accounts, in a worker of its own.
 *
 * No report waits for it.
 */

import characters from "virtual:models-wasm";
import workerText from "virtual:models-worker";
import { type Host, Starter } from "./host.ts";
import { ModelsHandler } from "./models-handler.ts";

const models = new Starter({
  characters: async () => characters,
  workerText,
  make: (module) => new ModelsHandler(module),
  nCores: 1,
});

/** Starts it. */
export function startModels(): Promise<Host> {
  return models.start();
}
