/**
 * How long a reading will still take, in words a person would use.
 *
 * It knows no clock: who asks says what time it is.
 */

import type { Format } from "./format.ts";

/** Before this much time has passed, any guess would be noise. */
const GUESS_AFTER_MS = 1000;

/** Before this many reports, too. */
const GUESS_AFTER_REPORTS = 4;

/** What lies this far back counts about a third. */
const MEMORY_MS = 4000;

/** How fast a file is being read: of late more than long ago. */
export class Pace {
  #last: { bytes: number; ms: number } | null = null;
  #bytes = 0;
  #ms = 0;
  #seenMs = 0;
  #nReports = 0;

  /** Takes in how far the reading has come at a time. */
  add(bytes: number, ms: number): void {
    const last = this.#last;
    this.#last = { bytes, ms };
    if (last === null || bytes < last.bytes || ms <= last.ms) {
      return;
    }
    const passedMs = ms - last.ms;
    const kept = Math.exp(-passedMs / MEMORY_MS);
    this.#bytes = this.#bytes * kept + (bytes - last.bytes);
    this.#ms = this.#ms * kept + passedMs;
    this.#seenMs += passedMs;
    this.#nReports += 1;
  }

  /** Seconds for the rest; nothing while that would be a guess, and at the end. */
  secondsLeft(total: number): number | null {
    const done = this.#last?.bytes ?? 0;
    if (
      this.#seenMs < GUESS_AFTER_MS ||
      this.#nReports < GUESS_AFTER_REPORTS ||
      this.#bytes <= 0 ||
      total <= done
    ) {
      return null;
    }
    return ((total - done) / this.#bytes) * (this.#ms / 1000);
  }
}

/** `, about 12 seconds left`, or nothing where that cannot be said. */
export function timeLeft(seconds: number | null, format: Format): string {
  if (seconds === null) {
    return "";
  }
  if (seconds < 2) {
    return ", almost done";
  }
  if (seconds < 20) {
    return `, about ${format.duration(Math.ceil(seconds), "second")} left`;
  }
  // In steps: a number that changes with each report is not read but watched.
  return seconds < 90
    ? `, about ${format.duration(Math.ceil(seconds / 5) * 5, "second")} left`
    : `, about ${format.duration(Math.ceil(seconds / 60), "minute")} left`;
}
