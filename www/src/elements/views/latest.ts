/**
 * Questions of which only the last one counts: an answer that comes after another question is dropped.
 *
 * It cancels nothing: that would stop the worker, and with it the file.
 */

/** What was thrown, in words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** An answer, or why there is none. */
export type Answered<Answer> =
  | { readonly answer: Answer; readonly failure: "" }
  | { readonly answer: null; readonly failure: string };

/** One question after the other. */
export class Latest {
  #round = 0;

  /** Nothing where something else was asked meanwhile, or this is of no use any more. */
  async ask<Answer>(question: () => Promise<Answer>): Promise<Answered<Answer> | null> {
    this.drop();
    const round = this.#round;
    try {
      const answer = await question();
      return round === this.#round ? { answer, failure: "" } : null;
    } catch (thrown) {
      return round === this.#round ? { answer: null, failure: messageOf(thrown) } : null;
    }
  }

  /** What was asked is of no use any more. */
  drop(): void {
    this.#round += 1;
  }
}
