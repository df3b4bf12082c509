/**
 * Registers the elements of a report's first view; importing it is its only use.
 *
 * It holds no element. Other views are registered in `views/define.ts`.
 */

import { Questions } from "./questions.ts";
import { registered } from "./registered.ts";
import { Tabs } from "./tabs.ts";
import { Understood } from "./understood.ts";
import { DerivationElement } from "./views/derivation.ts";
import { OverviewElement } from "./views/overview.ts";

registered({
  "rc-derivation": DerivationElement,
  "rc-overview": OverviewElement,
  "rc-questions": Questions,
  "rc-tabs": Tabs,
  "rc-understood": Understood,
});

declare global {
  interface HTMLElementTagNameMap {
    "rc-derivation": DerivationElement;
    "rc-overview": OverviewElement;
  }
}
