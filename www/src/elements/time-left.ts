/**
 * How long a reading will still take, in words a person would use.
 */

import type { Progress } from "../engine/protocol.ts";
import type { Format } from "./format.ts";

/** Before this much time has passed, any guess would be noise. */
const GUESS_AFTER_MS = 1000;

/** `, about 12 seconds left`, or nothing while that cannot be said. */
export function timeLeft({ bytes, total }: Progress, elapsedMs: number, format: Format): string {
  if (elapsedMs < GUESS_AFTER_MS || bytes <= 0 || total <= bytes) {
    return "";
  }
  const seconds = ((total - bytes) / bytes) * (elapsedMs / 1000);
  if (seconds < 2) {
    return ", almost done";
  }
  return seconds < 90
    ? `, about ${format.duration(Math.ceil(seconds), "second")} left`
    : `, about ${format.duration(Math.ceil(seconds / 60), "minute")} left`;
}
