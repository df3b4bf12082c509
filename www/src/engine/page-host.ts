/**
 * A core in the page itself: the small one always, the others where the host's policy forbids
 * workers.
 *
 * It starts no worker.
 */

import type { Host } from "./host.ts";
import type { Answers, Progress, Request } from "./protocol.ts";
import { flatten, isFatal, RetentionError } from "./retention-error.ts";
import type { Answering } from "./serving.ts";
import { unpacked } from "./unpacked.ts";

/** Starts the core that is packed into `characters`, and its rest; `make` makes what answers. */
export async function startInPage(
  characters: string,
  make: (module: WebAssembly.Module, rest: WebAssembly.Module | undefined) => Answering,
  rest?: string,
): Promise<Host> {
  try {
    const module = await WebAssembly.compile(unpacked(characters));
    const more = rest === undefined ? undefined : await WebAssembly.compile(unpacked(rest));
    return new PageHost(make(module, more));
  } catch (thrown) {
    throw RetentionError.from(flatten(thrown));
  }
}

class PageHost implements Host {
  readonly #answering: Answering;
  /** Its memory is the page's: another one would only be added to it. */
  readonly isSpent = false;
  #isDown = false;

  constructor(answering: Answering) {
    this.#answering = answering;
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  async answer(
    request: Request,
    tell: (progress: Progress) => void,
    signal: AbortSignal | undefined,
  ): Promise<Answers[keyof Answers]> {
    try {
      return await this.#answering.answer(request, { tell, signal });
    } catch (thrown) {
      this.#isDown = isFatal(thrown);
      throw signal?.aborted ? signal.reason : RetentionError.from(flatten(thrown));
    }
  }

  stop(): void {
    // The request ends by its own signal at the next chunk; the core stays usable.
  }
}
