/**
 * What the panel shows of the bridge from one quarter's retention to the next: what each kind of
 * movement took or added, and what each customer did.
 *
 * It computes no figure: the shares and changes are those of the report.
 */

import type {
  BridgeStep,
  Contributor,
  PeriodGroup,
  PeriodReport,
  Report,
  RetentionBridge,
} from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { exclusions } from "../sentence.ts";
import { isolated } from "../text.ts";
import { capitalised } from "../words.ts";
import { periodGroup } from "./behind.ts";
import type { Derived } from "./derivation.ts";
import { sourceWords } from "./derived-amounts.ts";
import { inputOf } from "./figure-inputs.ts";

/** What each kind of movement is called, what it means, and who made it. */
const STEPS: Readonly<Record<string, readonly [name: string, meaning: string, PeriodGroup]>> = {
  expansion: [
    "Expansion",
    "What customers of the start pay more at the end, as a share of the revenue at the start.",
    "expandedOfStart",
  ],
  contraction: [
    "Contraction",
    "What customers of the start who stayed pay less at the end, as a share of the revenue at the start.",
    "contractedOfStart",
  ],
  churned: [
    "Churn",
    "What customers of the start paid who are gone at the end, as a share of the revenue at the start.",
    "lost",
  ],
};

/** Which cell of a row of the bridge. */
export type BridgeCell = "before" | "after" | "change";

/** What a kind of movement is called. */
export function stepName({ movement }: BridgeStep): string {
  return STEPS[movement]?.[0] ?? capitalised(movement);
}

/** How a span of the bridge is called. */
export function bridgeSpan(
  { window }: RetentionBridge,
  period: PeriodReport,
  format: Format,
): string {
  return window === "year" && period.to !== null
    ? `Year to ${format.date(period.to)}`
    : format.period(period.period);
}

/** Both spans, the earlier first. */
export function bridgeSpans(bridge: RetentionBridge, format: Format): string {
  const [before, after] = [bridge.before, bridge.after].map((one) =>
    bridgeSpan(bridge, one, format),
  );
  return `${before} against ${after}`;
}

/** What one kind of movement did in a span, or what it added from one to the other. */
export function derivedBridgeStep(
  report: Report,
  bridge: RetentionBridge,
  step: BridgeStep,
  at: BridgeCell,
  format: Format,
): Derived {
  const [name = stepName(step), meaning = "", group] = STEPS[step.movement] ?? [];
  const span = at === "before" ? bridge.before : bridge.after;
  const amount = (key: string): string => {
    const value = inputOf(span.netRevenueRetention, key);
    return value === null ? "not known" : format.money(value);
  };
  return {
    name: at === "change" ? `What ${name.toLowerCase()} added to the change` : name,
    of: at === "change" ? bridgeSpans(bridge, format) : bridgeSpan(bridge, span, format),
    figure: null,
    amount: {
      value: at === "change" ? format.points(step.change) : format.change(step[at]),
      certainty: "Counted; it has no interval.",
      meaning,
      arithmetic:
        at === "change"
          ? `${format.change(step.after)} less ${format.change(step.before)}`
          : `${amount(step.movement)} ÷ ${amount("start")} at the start`,
      source: sourceWords(report),
    },
    kind: "share",
    info: null,
    leftOut: exclusions(report.input.notes),
    groups: group ? [periodGroup(span, span.period, group)] : [],
  };
}

/** What one customer added to the change. */
export function derivedContributor(
  report: Report,
  bridge: RetentionBridge,
  { customer, change, movedBefore, movedAfter }: Contributor,
  format: Format,
): Derived {
  const part = (moved: number, { netRevenueRetention }: PeriodReport): string => {
    const start = inputOf(netRevenueRetention, "start");
    return `${format.signedMoney(moved)} ÷ ${start === null ? "the start" : format.money(start)}`;
  };
  return {
    name: `What ${isolated(customer)} added to net revenue retention`,
    of: bridgeSpans(bridge, format),
    figure: null,
    amount: {
      value: format.points(change, 2),
      certainty: "Counted; it has no interval.",
      meaning:
        "By how much this customer’s revenue moved in each span, as a share of all revenue at the start of the span: the later less the earlier.",
      arithmetic: `${part(movedAfter, bridge.after)} less ${part(movedBefore, bridge.before)}`,
      source: sourceWords(report),
    },
    kind: "share",
    info: null,
    leftOut: exclusions(report.input.notes),
    customers: { of: { kind: "all" }, search: customer },
  };
}
