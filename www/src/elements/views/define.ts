/**
 * Registers the views and the charts that they draw with; importing it is its only use.
 *
 * It holds no element. A name that is taken already is left alone.
 */

import "../charts/define.ts";
import { BenchmarkListElement } from "./benchmark-list.ts";
import { CohortsElement } from "./cohorts.ts";
import { DefinitionsElement } from "./definitions.ts";
import { DefinitionsTableElement } from "./definitions-table.ts";
import { DerivationElement } from "./derivation.ts";
import { LifespanElement } from "./lifespan.ts";
import { MovementsElement } from "./movements.ts";
import { OverviewElement } from "./overview.ts";
import { WhatIfElement } from "./what-if.ts";

const elements = {
  "rc-benchmark-list": BenchmarkListElement,
  "rc-cohorts": CohortsElement,
  "rc-definitions": DefinitionsElement,
  "rc-definitions-table": DefinitionsTableElement,
  "rc-derivation": DerivationElement,
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
    "rc-benchmark-list": BenchmarkListElement;
    "rc-cohorts": CohortsElement;
    "rc-definitions": DefinitionsElement;
    "rc-definitions-table": DefinitionsTableElement;
    "rc-derivation": DerivationElement;
    "rc-lifespan": LifespanElement;
    "rc-movements": MovementsElement;
    "rc-overview": OverviewElement;
    "rc-what-if": WhatIfElement;
  }
}
