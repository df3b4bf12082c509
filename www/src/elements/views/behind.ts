/**
 * Which customers stand behind a figure: the groups that move it, each as a question to the core.
 *
 * It counts nobody: how many are in a group is said where the report says it, and nowhere else.
 */

import type {
  CustomerHistory,
  CustomerList,
  CustomerQuery,
  CustomerSort,
  PeriodGroup,
  PeriodReport,
  Report,
  Segment,
} from "../../engine/core.ts";
import { inputOf } from "./figure-inputs.ts";
import type { RateField } from "./headline.ts";
import type { Counted } from "./period-movements.ts";

/** What answers questions about customers. */
export interface CustomerSource {
  customers(query: CustomerQuery): Promise<CustomerList>;
  customersCsv(query: CustomerQuery): Promise<Blob>;
  customer(id: string): Promise<CustomerHistory>;
}

/** Some customers, by a name that is short enough for a switch. */
export interface CustomerGroup {
  readonly name: string;
  readonly query: CustomerQuery;
  /** How many there are, where the report says it. */
  readonly n: number | null;
}

/** The label of the twelve months up to the last day, as the core takes it. */
export const TRAILING_YEAR = "trailing-year";

/** The names of the groups of a period, and the order in which their customers are most telling. */
const GROUPS: Readonly<
  Record<PeriodGroup, { name: string; sort: CustomerSort; descending: boolean }>
> = {
  start: { name: "At the start", sort: "then", descending: true },
  end: { name: "At the end", sort: "now", descending: true },
  lost: { name: "Lost", sort: "change", descending: false },
  new: { name: "New", sort: "change", descending: true },
  reactivated: { name: "Returned", sort: "change", descending: true },
  expanded: { name: "Paying more", sort: "change", descending: true },
  contracted: { name: "Paying less", sort: "change", descending: false },
  retained: { name: "Stayed", sort: "change", descending: false },
  cameAndWent: { name: "Came and went", sort: "lifetime", descending: true },
  expandedOfStart: { name: "Paying more", sort: "change", descending: true },
  contractedOfStart: { name: "Paying less", sort: "change", descending: false },
};

/** The groups that move each rate, the one that takes from it first. */
const RATE_GROUPS: Readonly<Record<RateField, readonly PeriodGroup[]>> = {
  customerRetentionRate: ["lost", "retained", "start"],
  customerChurnRate: ["lost", "retained", "start"],
  grossRevenueRetention: ["lost", "contractedOfStart", "start"],
  netRevenueRetention: ["lost", "contractedOfStart", "expandedOfStart", "start"],
  revenueChurnRate: ["lost", "contractedOfStart", "start"],
  quickRatio: ["new", "reactivated", "expanded", "contracted", "lost"],
};

/** The group behind each movement, by the key of the report. */
const MOVEMENT_GROUPS: Readonly<Record<string, PeriodGroup>> = {
  start: "start",
  new: "new",
  reactivated: "reactivated",
  reactivation: "reactivated",
  expansion: "expanded",
  contraction: "contracted",
  lost: "lost",
  churned: "lost",
  end: "end",
  cameAndWent: "cameAndWent",
};

/** Whether a file says who its customers are. */
export function knowsCustomers(report: Report): boolean {
  return report.input.shape !== "periods";
}

/** How many customers a group of a period has, where the report says it. */
function countOf(period: PeriodReport, group: PeriodGroup): number | null {
  const { customers, revenue, netRevenueRetention } = period;
  switch (group) {
    case "start":
    case "end":
    case "lost":
    case "new":
    case "reactivated":
    case "cameAndWent":
      return customers[group];
    case "expanded":
      return nobodyFor(revenue?.expansion);
    case "contracted":
      return nobodyFor(revenue?.contraction);
    case "expandedOfStart":
      return nobodyFor(inputOf(netRevenueRetention, "expansion"));
    case "contractedOfStart":
      return nobodyFor(inputOf(netRevenueRetention, "contraction"));
    default:
      return null;
  }
}

/** The groups of one segment that move a rate; none where it stands for several. */
export function groupsOfSegment(
  segment: Segment,
  columns: readonly string[],
  period: PeriodReport,
  field: RateField,
): CustomerGroup[] {
  return segmentGroups(segment, columns, period, RATE_GROUPS[field]);
}

/** Groups of one segment in a period; none where it stands for several. */
export function segmentGroups(
  { values }: Segment,
  columns: readonly string[],
  period: PeriodReport,
  groups: readonly PeriodGroup[],
): CustomerGroup[] {
  const [first, ...others] = columns.map((column, place) => ({
    column,
    name: values[place] ?? "",
  }));
  if (!first || values.length !== columns.length) return [];
  return groups.map((group) => {
    const { name, sort, descending } = GROUPS[group];
    const of = {
      kind: "segment",
      ...first,
      with: others,
      period: period.period,
      group,
    } as const;
    return { name, query: { of, sort, descending }, n: countOf(period, group) };
  });
}

/** That there is nobody where there is no amount; of an amount it is not known whose it is. */
function nobodyFor(amount: number | null | undefined): number | null {
  return amount === 0 ? 0 : null;
}

/** One group of a period. */
export function periodGroup(
  period: PeriodReport,
  label: string,
  group: PeriodGroup,
): CustomerGroup {
  const { name, sort, descending } = GROUPS[group];
  return {
    name,
    query: { of: { kind: "period", period: label, group }, sort, descending },
    n: countOf(period, group),
  };
}

/** The groups that a report can have anybody in. */
function told(groups: readonly CustomerGroup[]): CustomerGroup[] {
  const some = groups.filter(({ n }) => n !== 0);
  return some.length === 0 ? groups.slice(0, 1) : some;
}

/** The groups that move a rate of a period; none where the file has no customers. */
export function groupsOfRate(
  report: Report,
  period: PeriodReport,
  field: RateField,
  label = period.period,
): CustomerGroup[] {
  if (!knowsCustomers(report)) return [];
  return told(RATE_GROUPS[field].map((group) => periodGroup(period, label, group)));
}

/** The group of a movement first, then all that moved the period; of a segment, where one is named. */
export function groupsOfMovement(
  report: Report,
  period: PeriodReport,
  key: string,
  counted: Counted,
  segment?: Segment,
): CustomerGroup[] {
  const own = MOVEMENT_GROUPS[key];
  if (!knowsCustomers(report) || own === undefined) return [];
  const groups = [own, ...movingGroups(counted).filter((group) => group !== own)];
  return groupsIn(report, period, groups, segment).filter(({ n }, index) => index === 0 || n !== 0);
}

/** All groups that move a period, or a segment in it. */
export function groupsOfPeriod(
  report: Report,
  period: PeriodReport,
  counted: Counted,
  segment?: Segment,
): CustomerGroup[] {
  if (!knowsCustomers(report)) return [];
  const groups = groupsIn(report, period, movingGroups(counted), segment);
  return groups.length === 0 ? [] : told(groups);
}

function groupsIn(
  report: Report,
  period: PeriodReport,
  groups: readonly PeriodGroup[],
  segment: Segment | undefined,
): CustomerGroup[] {
  return segment
    ? segmentGroups(segment, report.segmentation?.columns ?? [], period, groups)
    : groups.map((group) => periodGroup(period, period.period, group));
}

function movingGroups(counted: Counted): PeriodGroup[] {
  return counted === "money"
    ? ["lost", "contracted", "new", "reactivated", "expanded"]
    : ["lost", "new", "reactivated"];
}

/** The customers of one cohort at one age. */
export function groupsOfCohort(
  report: Report,
  cohort: string,
  age: number,
  n: { size: number; active: number },
): CustomerGroup[] {
  if (!knowsCustomers(report)) return [];
  const of = (
    name: string,
    group: "active" | "gone" | "all",
    sort: CustomerSort,
    count: number,
  ): CustomerGroup => ({
    name,
    query: { of: { kind: "cohort", cohort, age, group }, sort, descending: sort === "now" },
    n: count,
  });
  const bought = report.input.shape === "transactions";
  return told([
    of(bought ? "Did not buy" : "Gone", "gone", "change", n.size - n.active),
    of(bought ? "Bought" : "Active", "active", "now", n.active),
    of("All who began", "all", "change", n.size),
  ]);
}

/** All customers of the file, behind what is counted from whole histories. */
export function groupOfAll(
  report: Report,
  sort: CustomerSort,
  n: number | null = null,
): CustomerGroup[] {
  if (!knowsCustomers(report)) return [];
  return [{ name: "All customers", query: { of: { kind: "all" }, sort, descending: true }, n }];
}

/** The groups behind a figure of the overview, by its field. */
export function groupsOfHeadline(
  report: Report,
  period: PeriodReport,
  id: string,
): CustomerGroup[] {
  if (id in RATE_GROUPS) return groupsOfRate(report, period, id as RateField);
  switch (id) {
    case "repeatCustomerRate":
    case "purchaseFrequency":
      return groupOfAll(report, "purchases");
    case "averagePurchaseValue":
      return groupOfAll(report, "paid");
    case "lifespan":
      return groupOfAll(report, "lifetime");
    case "clv":
      return groupOfAll(report, report.input.shape === "transactions" ? "paid" : "now");
    default:
      return [];
  }
}

/** Who left after a time, of the survival curve. */
export function groupsOfStep(report: Report, duration: number, n: number): CustomerGroup[] {
  if (!knowsCustomers(report)) return [];
  const query: CustomerQuery = {
    of: { kind: "lifetime", duration },
    sort: "lastDay",
    descending: true,
  };
  return [{ name: "Left then", query, n }];
}
