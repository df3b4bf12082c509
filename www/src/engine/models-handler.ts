/**
 * Answers requests for models and projections with the core: the same in the worker and, where a
 * host forbids workers, in the page itself.
 *
 * It knows no file.
 */

import { fit, initSync, project } from "../../pkg/models.js";
import type { Answers, Request } from "./protocol.ts";
import type { Answering } from "./serving.ts";

/** Answers requests, one at a time. */
export class ModelsHandler implements Answering {
  readonly #memory: WebAssembly.Memory;

  constructor(module: WebAssembly.Module) {
    this.#memory = initSync({ module }).memory;
  }

  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  async answer(request: Request): Promise<Answers[keyof Answers]> {
    switch (request.kind) {
      case "fit":
        return fit(request.request);
      case "project":
        return project(request.scenario);
      default:
        throw new Error(`another core answers ${request.kind}`);
    }
  }
}
