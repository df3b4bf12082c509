/**
 * Gives the thread to others now and then.
 *
 * A loop that waits for promises alone may never let go: where the next bytes are always there
 * already, no message is heard, a page stands still and a worker cannot be ended.
 */

/** The longest that others wait. */
const TURN_EVERY_MS = 12;

export class Turns {
  #since = performance.now();

  /** Lets others have their turn, where it is time. */
  async take(): Promise<void> {
    if (TURN_EVERY_MS <= performance.now() - this.#since) {
      await nextTask();
      this.#since = performance.now();
    }
  }
}

/** Resolves in a task of its own. Timers would wait four milliseconds each time. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** How long a frame may take to come; where a page is hidden, none does. */
const FRAME_WITHIN_MS = 500;

/** Resolves when what has changed on the page is on the screen. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, FRAME_WITHIN_MS);
    // The frame is drawn behind its callbacks.
    requestAnimationFrame(() => {
      clearTimeout(late);
      void nextTask().then(resolve);
    });
  });
}
