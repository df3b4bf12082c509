/**
 * Registers the views and the charts that they draw with; importing it is its only use.
 *
 * A view is added here, and comes behind the first one by itself. It holds no element.
 */

import "../charts/define.ts";
import { registered } from "../registered.ts";
import { BenchmarkListElement } from "./benchmark-list.ts";
import { CasesElement } from "./cases.ts";
import { ClaimsElement } from "./claims.ts";
import { CohortsElement } from "./cohorts.ts";
import { CustomerHistoryElement } from "./customer-history.ts";
import { CustomersElement } from "./customers.ts";
import { CustomersBehindElement } from "./customers-behind.ts";
import { DashboardElement } from "./dashboard.ts";
import { DefinitionsElement } from "./definitions.ts";
import { DefinitionsTableElement } from "./definitions-table.ts";
import { GoalSeekElement } from "./goal-seek.ts";
import { HealthElement } from "./health.ts";
import { HealthAccountsElement } from "./health-accounts.ts";
import { HealthPlaybookElement } from "./health-playbook.ts";
import { HealthSheetElement } from "./health-sheet.ts";
import { LifespanElement } from "./lifespan.ts";
import { LifespanPurchasesElement } from "./lifespan-purchases.ts";
import { LifespanSegmentsElement } from "./lifespan-segments.ts";
import { LifespanValueElement } from "./lifespan-value.ts";
import { MovementsElement } from "./movements.ts";
import { ReasonsElement } from "./reasons.ts";
import { RenewalsElement } from "./renewals.ts";
import { SegmentsElement } from "./segments.ts";
import { WhatIfElement } from "./what-if.ts";

const elements = {
  "rc-benchmark-list": BenchmarkListElement,
  "rc-cases": CasesElement,
  "rc-claims": ClaimsElement,
  "rc-cohorts": CohortsElement,
  "rc-dashboard": DashboardElement,
  "rc-definitions": DefinitionsElement,
  "rc-definitions-table": DefinitionsTableElement,
  "rc-customer-history": CustomerHistoryElement,
  "rc-customers": CustomersElement,
  "rc-customers-behind": CustomersBehindElement,
  "rc-goal-seek": GoalSeekElement,
  "rc-health": HealthElement,
  "rc-health-accounts": HealthAccountsElement,
  "rc-health-playbook": HealthPlaybookElement,
  "rc-health-sheet": HealthSheetElement,
  "rc-lifespan": LifespanElement,
  "rc-lifespan-purchases": LifespanPurchasesElement,
  "rc-lifespan-segments": LifespanSegmentsElement,
  "rc-lifespan-value": LifespanValueElement,
  "rc-movements": MovementsElement,
  "rc-reasons": ReasonsElement,
  "rc-renewals": RenewalsElement,
  "rc-segments": SegmentsElement,
  "rc-what-if": WhatIfElement,
} as const;

registered(elements);

declare global {
  interface HTMLElementTagNameMap {
    "rc-benchmark-list": BenchmarkListElement;
    "rc-cases": CasesElement;
    "rc-claims": ClaimsElement;
    "rc-cohorts": CohortsElement;
    "rc-dashboard": DashboardElement;
    "rc-definitions": DefinitionsElement;
    "rc-definitions-table": DefinitionsTableElement;
    "rc-customer-history": CustomerHistoryElement;
    "rc-customers": CustomersElement;
    "rc-customers-behind": CustomersBehindElement;
    "rc-goal-seek": GoalSeekElement;
    "rc-health": HealthElement;
    "rc-health-accounts": HealthAccountsElement;
    "rc-health-playbook": HealthPlaybookElement;
    "rc-health-sheet": HealthSheetElement;
    "rc-lifespan": LifespanElement;
    "rc-lifespan-purchases": LifespanPurchasesElement;
    "rc-lifespan-segments": LifespanSegmentsElement;
    "rc-lifespan-value": LifespanValueElement;
    "rc-movements": MovementsElement;
    "rc-reasons": ReasonsElement;
    "rc-renewals": RenewalsElement;
    "rc-segments": SegmentsElement;
    "rc-what-if": WhatIfElement;
  }
}
