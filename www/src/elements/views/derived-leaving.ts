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
import { cell, isolated } from "../text.ts";
import type { CustomerGroup } from "./behind.ts";
import type { Derived } from "./derivation.ts";
import { sourceWords } from "./derived-amounts.ts";
import { inputOf } from "./figure-inputs.ts";
import type { Counted } from "./period-movements.ts";

/** How many reasons are named in a sum. */
const N_ADDED = 8;

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

/** Some of those who were lost, with the reasons that they left with. */
export interface Leaving {
  readonly name: string;
  readonly customers: number;
  /** What they paid a month; nothing where it is not known. */
  readonly revenue: number | null;
  readonly reasons: readonly Reason[];
}

/** What a reason is called. */
export function reasonName({ reason, stated }: Reason): string {
  return stated ? cell(reason) : "No reason stated";
}

/** The groups of those who left, one for each reason. */
export function groupsOfReasons(
  reasons: readonly Reason[],
  { window }: LostCustomers,
): CustomerGroup[] {
  return reasons.map((reason) => ({
    name: reasonName(reason),
    query: leftWith(reason, window),
    n: reason.customers,
  }));
}

/** How many left, or what they paid, added up over their reasons. */
export function derivedLost(
  report: Report,
  lost: LostCustomers,
  { name, customers, revenue, reasons }: Leaving,
  counted: Counted,
  format: Format,
): Derived {
  const isMoney = counted === "money" && revenue !== null;
  const written = (amount: number | null): string =>
    isMoney ? (amount === null ? "not known" : format.money(amount)) : format.count(amount ?? 0);
  const parts = reasons.map(
    (reason) =>
      `${isolated(reasonName(reason))} ${written(isMoney ? reason.revenue : reason.customers)}`,
  );
  const most = parts.slice(0, N_ADDED);
  const more = parts.length - most.length;
  return {
    name: isMoney ? `${name}: revenue a month` : name,
    of: lostSpan(lost, format),
    figure: null,
    amount: {
      value: isMoney ? `${format.money(revenue)} a month` : format.counted(customers, "customer"),
      meaning: whoIsLost(lost),
      arithmetic:
        parts.length === 1
          ? `${parts[0]}: ${isMoney ? "added up over" : "counted from"} ${format.counted(customers, "customer")}`
          : `${most.join(" + ")}${0 < more ? ` + ${format.counted(more, "other reason")}` : ""} = ${written(isMoney ? revenue : customers)}`,
      source: sourceWords(report),
    },
    kind: isMoney ? "money" : "count",
    info: null,
    leftOut: exclusions(report.input.notes),
    groups: groupsOfReasons(reasons, lost),
  };
}

/** Who counts as lost, and by which revenue. */
export function whoIsLost({ window }: LostCustomers): string {
  return window === "whole-file"
    ? "Everyone who has left and not come back, with the revenue before leaving."
    : "Everyone there at the start and gone at the end, with the revenue at the start.";
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
