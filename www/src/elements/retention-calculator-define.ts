/**
 * Registers `<retention-calculator>` and the elements inside it, each only once.
 */

import { Calculator } from "./calculator.ts";
import { Failure } from "./failure.ts";
import { ImportReport } from "./import-report.ts";
import { Mapping } from "./mapping.ts";
import { Questions } from "./questions.ts";
import { Reading } from "./reading.ts";
import { RetentionCalculator } from "./retention-calculator.ts";
import { Tabs } from "./tabs.ts";
import { Understood } from "./understood.ts";
import "./views/define.ts";
import { WaysIn } from "./ways-in.ts";

const elements: Readonly<Record<string, CustomElementConstructor>> = {
  "rc-calculator": Calculator,
  "rc-failure": Failure,
  "rc-import-report": ImportReport,
  "rc-mapping": Mapping,
  "rc-questions": Questions,
  "rc-reading": Reading,
  "rc-tabs": Tabs,
  "rc-understood": Understood,
  "rc-ways-in": WaysIn,
  "retention-calculator": RetentionCalculator,
};

for (const [name, element] of Object.entries(elements)) {
  if (customElements.get(name) === undefined) {
    customElements.define(name, element);
  }
}
