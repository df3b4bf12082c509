/**
 * Ledgers that come in any order, for who takes them in the order of the file.
 *
 * It does not look into them.
 */

type Ledger = Uint8Array | null;

export class Ledgers {
  readonly #come = new Map<number, Ledger>();
  readonly #waiting = new Map<number, (ledger: Ledger) => void>();

  /** The ledger of a part has come; nothing where there is none. */
  put(index: number, ledger: Ledger): void {
    const waiting = this.#waiting.get(index);
    if (waiting === undefined) {
      this.#come.set(index, ledger);
    } else {
      this.#waiting.delete(index);
      waiting(ledger);
    }
  }

  /** The ledger of a part, now or once it comes; it is not kept. */
  take(index: number): Promise<Ledger> {
    const come = this.#come.get(index);
    if (come === undefined) {
      return new Promise((resolve) => this.#waiting.set(index, resolve));
    }
    this.#come.delete(index);
    return Promise.resolve(come);
  }
}
