/**
 * Registers `<retention-calculator>` and the elements inside it that stand there from the beginning.
 *
 * The others are registered by `report-elements.ts` and `further-elements.ts`, which come later.
 */

import { Calculator } from "./calculator.ts";
import { Failure } from "./failure.ts";
import { Reading } from "./reading.ts";
import { registered } from "./registered.ts";
import { RetentionCalculator } from "./retention-calculator.ts";
import { WaysIn } from "./ways-in.ts";

registered({
  "rc-calculator": Calculator,
  "rc-failure": Failure,
  "rc-reading": Reading,
  "rc-ways-in": WaysIn,
  "retention-calculator": RetentionCalculator,
});
