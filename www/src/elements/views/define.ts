/**
 * Registers the views and the charts that they draw with; importing it is its only use.
 *
 * A view is added here, and comes behind the first one by itself. It holds no element.
 */

import "../charts/define.ts";
import { registered } from "../registered.ts";
import { CohortsElement } from "./cohorts.ts";
import { DashboardElement } from "./dashboard.ts";
import { LifespanElement } from "./lifespan.ts";
import { MovementsElement } from "./movements.ts";
import { WhatIfElement } from "./what-if.ts";

const elements = {
  "rc-cohorts": CohortsElement,
  "rc-dashboard": DashboardElement,
  "rc-lifespan": LifespanElement,
  "rc-movements": MovementsElement,
  "rc-what-if": WhatIfElement,
} as const;

registered(elements);

declare global {
  interface HTMLElementTagNameMap {
    "rc-cohorts": CohortsElement;
    "rc-dashboard": DashboardElement;
    "rc-lifespan": LifespanElement;
    "rc-movements": MovementsElement;
    "rc-what-if": WhatIfElement;
  }
}
