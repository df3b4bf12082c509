/**
 * What the panel shows of customers who left for a reason, and of those whose subscription ends soon.
 *
 * It computes no figure: the amounts are those of the report.
 */

import type {
  CustomerQuery,
  CustomerSort,
  LostCustomers,
  LostWindow,
  Reason,
  RenewalOutlook,
  RenewalRateReport,
  RenewedGroup,
  Report,
} from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { exclusions } from "../sentence.ts";
import { isolated } from "../text.ts";
import type { CustomerGroup } from "./behind.ts";
import type { Derived } from "./derivation.ts";
import { inputOf } from "./figure-inputs.ts";

/** What the renewal rate means: it is worked out as customer retention is, of fewer customers. */
export const RENEWAL_RATE =
  "Of the customers whose renewal came up in the span, the share who were still there at its end.";

/** Who could renew in the span of a renewal rate: who did not first. */
export function groupsOfRenewal({ period, renewalRate }: RenewalRateReport): CustomerGroup[] {
  const [start, end] = [inputOf(renewalRate, "start"), inputOf(renewalRate, "end")];
  if (start === null || end === null) return [];
  const group = (
    name: string,
    group: RenewedGroup,
    n: number,
    sort: CustomerSort,
  ): CustomerGroup => ({
    name,
    query: { of: { kind: "renewed", period, group }, sort, descending: sort === "now" },
    n,
  });
  return [
    group("Did not renew", "lapsed", start - end, "change"),
    group("Renewed", "renewed", end, "now"),
    group("All who could", "due", start, "change"),
  ];
}

/** How a stretch of time in which customers were lost is named. */
export function lostSpan({ window, period }: LostCustomers, format: Format): string {
  if (window === "latest-period") return format.period(period);
  return window === "trailing-year" ? "Last twelve months" : "The whole file";
}

/** All who were lost in it, whom a share is of. */
export function lostOf(lost: LostCustomers, format: Format): string {
  const span = lostSpan(lost, format);
  const when = lost.window === "latest-period" ? span : span.toLowerCase();
  return `${format.counted(lost.customers, "customer")} lost, ${when}`;
}

/** Who left with a reason, the largest losses first. */
export function leftWith({ reason, stated }: Reason, window: string): CustomerQuery {
  const of = {
    kind: "reason",
    ...(stated ? { reason } : {}),
    window: window as LostWindow,
  } as const;
  return { of, sort: "change" };
}

/** Those who left with a reason, among all who left in a stretch of time. */
export function derivedReason(
  reason: Reason,
  of: LostCustomers,
  format: Format,
): Pick<Derived, "name" | "of"> & { customers: CustomerQuery } {
  const name = reason.stated ? `the reason “${isolated(reason.reason)}”` : "no reason stated";
  return {
    name: `Left with ${name}`,
    of: lostOf(of, format),
    customers: leftWith(reason, of.window),
  };
}

/** What comes up for renewal within some days: of one level of risk, or all of it. */
export function derivedRenewal(
  report: Report,
  { asOf, source }: RenewalOutlook,
  due: { days: number; customers: number; revenue: number | null; level?: string },
  format: Format,
): Derived {
  const { days, customers, revenue, level } = due;
  const from = format.date(asOf ?? "");
  const risk =
    level === undefined
      ? ""
      : level === "unknown"
        ? ", level of risk not known"
        : `, level of risk: ${isolated(level)}`;
  return {
    name: `Up for renewal within ${format.count(days)} days`,
    of: `After ${from}${risk}`,
    figure: null,
    amount: {
      value:
        revenue === null
          ? format.counted(customers, "customer")
          : `${format.money(revenue)} a month`,
      meaning:
        "What customers pay per month for the subscriptions that come up for renewal in these days.",
      arithmetic: `${format.counted(customers, "customer")} with a date after ${from} and not later than ${format.count(days)} days on; each counts once, by its first date`,
      source:
        source === "column"
          ? "The dates of renewal in the file."
          : "The start of each subscription and how often it is billed.",
    },
    kind: "money",
    info: null,
    leftOut: exclusions(report.input.notes),
    customers: {
      of: { kind: "renewal", withinDays: days, ...(level === undefined ? {} : { level }) },
      sort: "now",
      descending: true,
    },
  };
}
