/**
 * Registers the views and the charts that they draw with; importing it is its only use.
 *
 * It holds no element. A name that is taken already is left alone.
 */

import "../charts/define.ts";
import { CohortsElement } from "./cohorts.ts";
import { CustomerHistoryElement } from "./customer-history.ts";
import { CustomersElement } from "./customers.ts";
import { CustomersBehindElement } from "./customers-behind.ts";
import { DerivationElement } from "./derivation.ts";
import { LifespanElement } from "./lifespan.ts";
import { MovementsElement } from "./movements.ts";
import { OverviewElement } from "./overview.ts";
import { SegmentsElement } from "./segments.ts";
import { WhatIfElement } from "./what-if.ts";

const elements = {
  "rc-cohorts": CohortsElement,
  "rc-customer-history": CustomerHistoryElement,
  "rc-customers": CustomersElement,
  "rc-customers-behind": CustomersBehindElement,
  "rc-derivation": DerivationElement,
  "rc-lifespan": LifespanElement,
  "rc-movements": MovementsElement,
  "rc-overview": OverviewElement,
  "rc-segments": SegmentsElement,
  "rc-what-if": WhatIfElement,
} as const;

for (const [name, element] of Object.entries(elements)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

declare global {
  interface HTMLElementTagNameMap {
    "rc-cohorts": CohortsElement;
    "rc-customer-history": CustomerHistoryElement;
    "rc-customers": CustomersElement;
    "rc-customers-behind": CustomersBehindElement;
    "rc-derivation": DerivationElement;
    "rc-lifespan": LifespanElement;
    "rc-movements": MovementsElement;
    "rc-overview": OverviewElement;
    "rc-segments": SegmentsElement;
    "rc-what-if": WhatIfElement;
  }
}
