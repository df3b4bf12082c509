/**
 * Registers the views and the charts that they draw with; importing it is its only use.
 *
 * It holds no element. A name that is taken already is left alone.
 */

import "../charts/define.ts";
import { CohortsElement } from "./cohorts.ts";
import { DerivationElement } from "./derivation.ts";
import { HealthElement } from "./health.ts";
import { HealthAccountsElement } from "./health-accounts.ts";
import { HealthPlaybookElement } from "./health-playbook.ts";
import { HealthSheetElement } from "./health-sheet.ts";
import { LifespanElement } from "./lifespan.ts";
import { MovementsElement } from "./movements.ts";
import { OverviewElement } from "./overview.ts";
import { WhatIfElement } from "./what-if.ts";

const elements = {
  "rc-cohorts": CohortsElement,
  "rc-derivation": DerivationElement,
  "rc-health": HealthElement,
  "rc-health-accounts": HealthAccountsElement,
  "rc-health-playbook": HealthPlaybookElement,
  "rc-health-sheet": HealthSheetElement,
  "rc-lifespan": LifespanElement,
  "rc-movements": MovementsElement,
  "rc-overview": OverviewElement,
  "rc-what-if": WhatIfElement,
} as const;

for (const [name, element] of Object.entries(elements)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

declare global {
  interface HTMLElementTagNameMap {
    "rc-cohorts": CohortsElement;
    "rc-derivation": DerivationElement;
    "rc-health": HealthElement;
    "rc-health-accounts": HealthAccountsElement;
    "rc-health-playbook": HealthPlaybookElement;
    "rc-health-sheet": HealthSheetElement;
    "rc-lifespan": LifespanElement;
    "rc-movements": MovementsElement;
    "rc-overview": OverviewElement;
    "rc-what-if": WhatIfElement;
  }
}
