/**
 * One core behind a queue of one.
 *
 * It sends one request at a time and starts the core only when the first one comes. Cancelling stops
 * the worker: nothing else stops a running core, and nothing else gives its memory back.
 */

import type { Host } from "./host.ts";
import type { Answers, AnswerTo, Progress, Request } from "./protocol.ts";
import { isCoreIncomplete, RetentionError } from "./retention-error.ts";

/** How a request is watched and cancelled. */
export interface Watch {
  /** Cancels the request; its promise is rejected with the reason of the signal. */
  signal?: AbortSignal | undefined;
  /** Told how far the reading has come, about ten times a second. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

interface Waiting {
  request: Request;
  watch: Watch;
  resolve(answer: Answers[keyof Answers]): void;
  reject(reason: unknown): void;
}

export class Lane {
  readonly #start: () => Promise<Host>;
  #host: Promise<Host> | null = null;
  /** Another core, ready for the next file where the one in use has to go. */
  #spare: Promise<Host> | null = null;
  #current: Waiting | null = null;
  #queue: Waiting[] = [];

  /** `start` starts the core; it is called with the first request and after each crash. */
  constructor(start: () => Promise<Host>) {
    this.#start = start;
  }

  /** The answer to a request, once all before it have had theirs. */
  ask<R extends Request>(request: R, watch: Watch): Promise<AnswerTo<R>> {
    const { signal } = watch;
    return new Promise<AnswerTo<R>>((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const waiting: Waiting = {
        request,
        watch,
        resolve: (answer) => resolve(answer as AnswerTo<R>),
        reject,
      };
      signal?.addEventListener("abort", () => this.#abort(waiting, signal.reason), { once: true });
      this.#queue.push(waiting);
      void this.#next();
    });
  }

  /** Starts the core before it is asked. */
  warm(): void {
    if (this.#host === null) {
      this.#keepWarm();
    }
  }

  /** Stops the core and rejects what is under way. It starts again with the next request. */
  close(): void {
    const closed = new DOMException("The calculator was closed.", "AbortError");
    const waiting = this.#current === null ? this.#queue : [this.#current, ...this.#queue];
    this.#current = null;
    this.#queue = [];
    this.#stopHost();
    this.#spare?.then(
      (spare) => spare.stop(),
      () => undefined,
    );
    this.#spare = null;
    for (const one of waiting) {
      one.reject(closed);
    }
  }

  async #next(): Promise<void> {
    if (this.#current !== null) {
      return;
    }
    const waiting = this.#queue.shift();
    if (waiting === undefined) {
      return;
    }
    this.#current = waiting;
    try {
      await this.#retireSpent(waiting.request);
      const answered =
        (await this.#attempt(waiting, isCoreIncomplete)) ?? (await this.#attempt(waiting));
      if (answered === null) {
        return;
      }
      waiting.resolve(answered.answer);
      if (answered.host.isSpent) {
        this.#keepWarm();
      }
    } catch (thrown) {
      waiting.reject(
        thrown instanceof Error ? thrown : new RetentionError("unexpected", String(thrown)),
      );
      await this.#dropHostIfUseless(waiting.request);
    } finally {
      if (this.#current === waiting) {
        this.#current = null;
        void this.#next();
      }
    }
  }

  /**
   * Asks the core once. Nothing where the request is not the current one any more, or where it failed
   * for a reason that is passed over: the core is stopped then, and the next one has to answer.
   */
  async #attempt(
    waiting: Waiting,
    passesOver: (thrown: unknown) => boolean = () => false,
  ): Promise<{ answer: Answers[keyof Answers]; host: Host } | null> {
    if (this.#current !== waiting) {
      return null;
    }
    const host = await this.#takeHost();
    if (this.#current !== waiting) {
      return null;
    }
    const tell = (progress: Progress) => {
      if (this.#current === waiting) {
        waiting.watch.onProgress?.(progress);
      }
    };
    try {
      return { answer: await host.answer(waiting.request, tell, waiting.watch.signal), host };
    } catch (thrown) {
      if (!passesOver(thrown)) {
        throw thrown;
      }
      if (this.#current === waiting) {
        this.#stopHost();
      }
      return null;
    }
  }

  #abort(waiting: Waiting, reason: unknown): void {
    waiting.reject(reason);
    if (this.#current === waiting) {
      this.#current = null;
      this.#stopHost();
      this.#keepWarm();
      void this.#next();
    } else {
      this.#queue = this.#queue.filter((one) => one !== waiting);
    }
  }

  /** Ends a core that has filled its memory, before another file is read. */
  async #retireSpent({ kind }: Request): Promise<void> {
    const host = this.#host;
    if (kind === "analyze" && host !== null) {
      const { isSpent } = await host;
      if (isSpent && this.#host === host) {
        this.#stopHost();
      }
    }
  }

  #takeHost(): Promise<Host> {
    if (this.#host === null) {
      this.#host = this.#spare ?? this.#start();
      this.#spare = null;
    }
    return this.#host;
  }

  /** Starts the core that comes next, so that nobody waits for it then. */
  #keepWarm(): void {
    if (this.#spare !== null) {
      return;
    }
    const spare = this.#start();
    this.#spare = spare;
    spare.catch(() => {
      // Who needs one starts one, and hears why that does not go.
      if (this.#spare === spare) {
        this.#spare = null;
      }
    });
  }

  #stopHost(): void {
    const host = this.#host;
    this.#host = null;
    host?.then(
      (started) => started.stop(),
      () => undefined,
    );
  }

  async #dropHostIfUseless({ kind }: Request): Promise<void> {
    const host = this.#host;
    if (host === null) {
      return;
    }
    // A core that has failed to read a file holds none, and its memory may be full of what it read.
    const isUseless = await host.then(
      ({ isDown, isSpent }) => isDown || (isSpent && kind === "analyze"),
      () => true,
    );
    if (isUseless && this.#host === host) {
      this.#stopHost();
    }
  }
}
