/**
 * What the panel shows of an amount that no formula gave: a level, a movement, a cell of a cohort.
 *
 * It computes no figure: the amounts are those of the report.
 */

import type { PeriodReport, Report } from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { exclusions } from "../sentence.ts";
import { isolated } from "../text.ts";
import { groupsOfCohort, groupsOfMovement, groupsOfPeriod } from "./behind.ts";
import type { Derived } from "./derivation.ts";
import { movementArithmetic, movementMeaning } from "./movement-words.ts";
import { isWholeFile } from "./period-choice.ts";
import { amountsOf, type Counted, movementTerms } from "./period-movements.ts";

/** What an amount is called on its own, where its label is too short for that. */
const NAMES: Readonly<Record<Counted, Readonly<Record<string, string>>>> = {
  money: {
    start: "Revenue at the start",
    new: "New revenue",
    reactivation: "Revenue of customers who returned",
    expansion: "Expansion",
    contraction: "Contraction",
    churned: "Churned revenue",
    end: "Revenue at the end",
  },
  customers: {
    start: "Customers at the start",
    new: "New customers",
    reactivated: "Customers who returned",
    lost: "Lost customers",
    end: "Customers at the end",
    cameAndWent: "Customers who came and went",
  },
};

/** The columns that customers and amounts were read from. */
function sourceWords({ input }: Report): string {
  const named = (role: string): string[] =>
    input.columns.filter((column) => column.role === role).map(({ name }) => isolated(name));
  const [customers, amounts] = [named("customer"), named("amount")];
  const parts = [
    customers.length === 0 ? "" : `customers by ${customers.join(", ")}`,
    amounts.length === 0 || 2 < amounts.length ? "" : `amounts from ${amounts.join(", ")}`,
  ].filter(Boolean);
  return `This file${parts.length === 0 ? "" : `: ${parts.join(", ")}`}.`;
}

function periodWords(period: PeriodReport, format: Format): string {
  if (isWholeFile(period)) return "The whole file";
  return `${format.period(period.period)}${period.partial ? ", not over" : ""}`;
}

function amountWords(value: number, counted: Counted, format: Format): string {
  return counted === "money" ? format.money(value) : format.count(value);
}

/** One level or movement of a period; nothing where the file does not give it. */
export function derivedMovement(
  report: Report,
  period: PeriodReport,
  key: string,
  counted: Counted,
  format: Format,
): Derived | null {
  const amount =
    key === "cameAndWent" ? period.customers.cameAndWent : amountsOf(period, counted)[key];
  if (amount == null) return null;
  return {
    name: NAMES[counted][key] ?? key,
    of: periodWords(period, format),
    figure: null,
    amount: {
      value: amountWords(amount, counted, format),
      meaning: movementMeaning(report, key, counted),
      arithmetic: movementArithmetic(period, key, counted, format),
      source: sourceWords(report),
    },
    kind: counted === "money" ? "money" : "count",
    info: null,
    leftOut: exclusions(report.input.notes),
    groups: groupsOfMovement(report, period, key, counted),
  };
}

/** All that moved a period, by the level that it ended with. */
export function derivedPeriod(
  report: Report,
  period: PeriodReport,
  counted: Counted,
  format: Format,
): Derived | null {
  const end = derivedMovement(report, period, "end", counted, format);
  const isKnown = movementTerms(period, counted).some(({ amount }) => amount !== null);
  if (!end || !isKnown) return null;
  return { ...end, groups: groupsOfPeriod(report, period, counted) };
}

/** One cell of the cohorts. */
export interface CohortCell {
  readonly cohort: string;
  readonly age: number;
  readonly measure: "customers" | "revenue";
}

/** A cell of the cohorts, by the share that is drawn in it; nothing where it is not reached. */
export function derivedCohort(
  report: Report,
  { cohort, age, measure }: CohortCell,
  share: number | null,
  format: Format,
): Derived | null {
  const row = report.cohorts?.rows.find((one) => one.cohort === cohort);
  const active = row?.customers[age];
  if (!row || active == null) return null;
  const unit = report.cohorts?.granularity ?? "period";
  const bought = report.input.shape === "transactions";
  const [then, now] = [row.revenue[0], row.revenue[age]];
  const isMoney = measure === "revenue" && then != null && now != null;
  const doing = bought ? "bought" : "were active";
  return {
    name: isMoney ? "Revenue of a cohort" : "Customers of a cohort",
    of: `Began in ${format.period(cohort)}, ${unit} ${format.count(age)}${row.partial[age] ? ", not over" : ""}`,
    figure: null,
    amount: {
      value: share === null ? "Not defined" : format.share(share),
      meaning: isMoney
        ? `Revenue of the customers who began in this ${unit}, ${unit}s later, as a share of that of ${unit} 0.`
        : `Share of the customers who began in this ${unit} who ${doing} ${unit}s later.`,
      arithmetic: isMoney
        ? `${format.money(now)} in ${unit} ${format.count(age)} ÷ ${format.money(then)} in ${unit} 0`
        : `${format.counted(active, "customer")} who ${doing} in ${unit} ${format.count(age)} ÷ ${format.count(row.size)} who began`,
      source: sourceWords(report),
    },
    kind: "share",
    info: null,
    leftOut: exclusions(report.input.notes),
    groups: groupsOfCohort(report, cohort, age, { size: row.size, active }),
  };
}
