/**
 * Answers requests for models, projections and the health of accounts with the core: the same in the
 * worker and, where a host forbids workers, in the page itself.
 *
 * It knows nothing of the file that the report is on.
 */

import { claims, fit, initSync, project, ScoreSession, seek } from "../../pkg/models.js";
import type { Way } from "./file-work.ts";
import type { Answers, Request } from "./protocol.ts";
import { ScoreWork } from "./score-work.ts";
import type { Answering } from "./serving.ts";

/** Answers requests, one at a time. */
export class ModelsHandler implements Answering {
  readonly #memory: WebAssembly.Memory;
  readonly #scores = new ScoreWork((options) => new ScoreSession(options));

  constructor(module: WebAssembly.Module) {
    this.#memory = initSync({ module }).memory;
  }

  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  async answer(request: Request, way: Way): Promise<Answers[keyof Answers]> {
    switch (request.kind) {
      case "fit":
        return fit(request.request);
      case "project":
        return project(request.scenario);
      case "seek":
        return seek(request.goal);
      case "claims":
        return claims();
      case "score":
        return this.#scores.score(request.source, request.options, way.signal);
      case "rescore":
        return this.#scores.rescore(request.source, request.options, way.signal);
      default:
        throw new Error(`another core answers ${request.kind}`);
    }
  }
}
