/**
 * What the panel shows of account health: levels, renewals, groups and what the playbook saves, each
 * with the accounts behind it.
 *
 * It computes no figure: the amounts are those of the report.
 */

import { html } from "lit";
import type {
  FormulaInfo,
  HealthGroup,
  MeanReport,
  PlaybookOutcome,
  RiskLevel,
  RiskReport,
} from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { exclusions } from "../sentence.ts";
import { isolated } from "../text.ts";
import type { Derived, DerivedAmount } from "./derivation.ts";
import type { AccountFact, ListedAccount } from "./health-accounts.ts";
import {
  LEVELS,
  levelMeaning,
  methodSentence,
  type PlaybookSum,
  playbookMethod,
} from "./health-words.ts";

/** What all cells of the view share. */
export interface HealthSource {
  readonly report: RiskReport;
  readonly formulas: readonly FormulaInfo[];
  readonly format: Format;
}

/** A column of the table of levels. */
export type LevelCell = "customers" | "revenue" | "dueCustomers" | "dueRevenue";

/** Cohorts or owners. */
export type GroupKind = "cohort" | "owner";

/** A column of the table of groups. */
export type GroupCell =
  | "customers"
  | "atRisk"
  | "revenueAtRisk"
  | "scoreDay90"
  | "daysToFirstValue"
  | "twelveMonthRetention";

/** A column of the table of the playbook that is no rate. */
export type PlaybookCell = "customers" | "revenue" | "savedCustomers" | "savedRevenue";

const AT_RISK: ReadonlySet<RiskLevel | undefined> = new Set<RiskLevel>(["critical", "high"]);

/** The columns that a sum was read from. */
function sourceOf({ report }: HealthSource, ...roles: readonly string[]): string {
  const names = report.input.columns
    .filter(({ role }) => role != null && ["customer", ...roles].includes(role))
    .map(({ name }) => isolated(name));
  return `This file: ${names.join(", ")}.`;
}

/** An amount with the accounts behind it. */
function derived(
  source: HealthSource,
  name: string,
  of: string,
  amount: DerivedAmount,
  among: (one: ListedAccount) => boolean,
  fact: AccountFact | "" = "",
): Derived {
  const { report, format } = source;
  return {
    name,
    of,
    figure: null,
    amount,
    kind: "ratio",
    info: null,
    leftOut: exclusions(report.input.notes),
    accounts: html`
      <rc-health-accounts
        .report=${report}
        .among=${among}
        .fact=${fact}
        .label=${`${name}, ${of}`}
        .locale=${format.locale}
        .currency=${format.currency ?? ""}
      ></rc-health-accounts>
    `,
  };
}

function upTo({ report, format }: HealthSource): string {
  const { asOf } = report.input;
  return asOf === "" ? "All scored accounts" : `Counted up to ${format.date(asOf)}`;
}

/** What is said of accounts that no sum of revenue holds. */
function withoutRevenue({ report, format }: HealthSource): string {
  return report.withoutRevenue === 0
    ? ""
    : ` Of ${format.counted(report.withoutRevenue, "scored account")} it is not known what they pay: they add nothing.`;
}

/** A cell of the table of levels. */
export function derivedLevel(source: HealthSource, level: RiskLevel, cell: LevelCell): Derived {
  const { report, format } = source;
  const isDue = cell === "dueCustomers" || cell === "dueRevenue";
  const isMoney = cell === "revenue" || cell === "dueRevenue";
  const rows = isDue ? (report.renewals ?? []) : report.levels;
  const own = rows.find((one) => one.level === level);
  const accounts = format.counted(own?.customers ?? 0, "account");
  const { name } = LEVELS[level];
  const from = format.date(report.input.asOf);
  const due = `with a renewal after ${from} and not later than 90 days on`;
  return derived(
    source,
    `${isMoney ? "Revenue a month" : "Accounts"}${isDue ? " that renew within 90 days" : ""}, ${name.toLowerCase()}`,
    upTo(source),
    {
      value: isMoney ? format.money(own?.revenue ?? 0) : accounts,
      meaning: levelMeaning(report, level, format),
      arithmetic: isMoney
        ? `What ${accounts}${isDue ? ` ${due}` : ""} pay a month, added up.${withoutRevenue(source)}`
        : `${accounts}${isDue ? ` ${due}` : ""}, of ${format.count(report.customers)} that are scored. ${methodSentence(report, format)}`,
      source: sourceOf(source, ...(isMoney ? ["amount"] : []), ...(isDue ? ["renewal"] : [])),
    },
    (one) => one.level === level && (!isDue || one.isDue === true),
  );
}

/** What is at the levels critical and high together. */
export function derivedAtRisk(source: HealthSource, isMoney: boolean): Derived {
  const { atRisk: own, customers } = source.report;
  return atRisk(
    source,
    upTo(source),
    { accounts: own.customers, revenue: own.revenue ?? 0, of: customers },
    isMoney,
    () => true,
    sourceOf(source, ...(isMoney ? ["amount"] : [])),
  );
}

/** Critical and high accounts of some, counted or by what they pay. */
function atRisk(
  source: HealthSource,
  of: string,
  counted: { accounts: number; revenue: number; of: number },
  isMoney: boolean,
  among: (one: ListedAccount) => boolean,
  from: string,
): Derived {
  const { report, format } = source;
  const accounts = format.counted(counted.accounts, "account");
  return derived(
    source,
    isMoney ? "Revenue a month at risk" : "Critical or high",
    of,
    {
      value: isMoney ? format.money(counted.revenue) : accounts,
      meaning: `Accounts that score ${format.ratio(report.sheet.levels.high)} or more: the levels critical and high together.`,
      arithmetic: isMoney
        ? `What ${accounts} pay a month, added up.${withoutRevenue(source)}`
        : `${accounts} at critical or high, of ${format.counted(counted.of, "account")}. ${methodSentence(report, format)}`,
      source: from,
    },
    (one) => among(one) && AT_RISK.has(one.level),
  );
}

/** A cell of the table of cohorts or owners. */
export function derivedGroup(
  source: HealthSource,
  kind: GroupKind,
  group: HealthGroup,
  cell: GroupCell,
): Derived {
  const { report, format, formulas } = source;
  const own = group.name ?? null;
  const among = (one: ListedAccount): boolean => (one[kind] ?? null) === own;
  const noun = kind === "cohort" ? "Cohort" : "Owner";
  const of = `${noun}: ${own === null ? "not known" : isolated(own)}`;
  const all = format.counted(group.customers, "account");
  switch (cell) {
    case "customers":
      return derived(
        source,
        "Accounts",
        of,
        {
          value: all,
          meaning: "Accounts of the group, those that have left included.",
          arithmetic: `${all} counted, of ${format.count(report.customers)} that are scored and ${format.count(report.left)} that have left.`,
          source: sourceOf(source, kind),
        },
        among,
      );
    case "atRisk":
    case "revenueAtRisk":
      return atRisk(
        source,
        of,
        { accounts: group.atRisk, revenue: group.revenueAtRisk ?? 0, of: group.customers },
        cell === "revenueAtRisk",
        among,
        sourceOf(source, kind, ...(cell === "revenueAtRisk" ? ["amount"] : [])),
      );
    case "scoreDay90":
      return derived(
        source,
        "Average score on day 90",
        of,
        {
          ...meanAmount(group.scoreDay90, group.customers, "", format),
          meaning:
            "The score that the file gives an account on its ninetieth day, averaged over the accounts that have one. It is the file’s own and not that of the sheet.",
          source: sourceOf(source, kind, "score_day_90"),
        },
        among,
        cell,
      );
    case "daysToFirstValue":
      return derived(
        source,
        "Days to first value",
        of,
        {
          ...meanAmount(group.daysToFirstValue, group.customers, " days", format),
          meaning:
            "Days from the start of an account to the first time that it got what it came for, averaged over the accounts where the file says it.",
          source: sourceOf(source, kind, "first_value", "start"),
        },
        among,
        cell,
      );
    case "twelveMonthRetention": {
      const figure = group.twelveMonthRetention ?? null;
      const base = derived(
        source,
        "There after twelve months",
        of,
        { value: "", meaning: "", arithmetic: "", source: "" },
        among,
        "retainedTwelveMonths",
      );
      const { amount: _none, ...rest } = base;
      return {
        ...rest,
        figure,
        kind: "share",
        info: formulas.find(({ id }) => id === figure?.formula) ?? null,
        meaning:
          "Of the accounts that began at least twelve months ago, the share who were there twelve months after they began.",
      };
    }
  }
}

/** A mean with how it came about, how sure it is, and for how many it is not known. */
function meanAmount(
  { value, n, sum, low, high }: MeanReport,
  nAll: number,
  unit: string,
  format: Format,
): Pick<DerivedAmount, "value" | "certainty" | "arithmetic"> {
  const known = `known for ${format.count(n)} of ${format.counted(nAll, "account")}`;
  const ends =
    low == null || high == null
      ? "No interval: it takes two accounts at least"
      : `Likely ${format.periods(low)} to ${format.periods(high)} by Student’s distribution`;
  return {
    value: value == null ? "Not known" : `${format.periods(value)}${unit}`,
    certainty: `${ends}; ${known}.`,
    arithmetic: `${format.periods(sum)} in all ÷ ${format.counted(n, "account")}${value == null ? "" : ` = ${format.periods(value)}${unit}`}`,
  };
}

/** `(58.0% − 5.0%)`: how many more stay at a level. */
function gain({ retainedWith, retainedWithout }: PlaybookOutcome, format: Format): string {
  return `(${format.share(retainedWith)} − ${format.share(retainedWithout)})`;
}

/** What one level adds to a sum of the playbook. */
function term(one: PlaybookOutcome, source: HealthSource, isMoney: boolean): string {
  const { format, report } = source;
  const { months } = report.playbook.playbook;
  return isMoney
    ? `${format.money(one.revenue ?? 0)} × ${format.counted(months, "month")} × ${gain(one, format)}`
    : `${format.count(one.customers)} × ${gain(one, format)}`;
}

const SAVED_CUSTOMERS =
  "Accounts that stay where they would have left without the playbook, on average.";
const SAVED_REVENUE = "What the saved accounts pay in the months that count, on average.";

/** A cell of the playbook’s table: one level. */
export function derivedPlaybookLevel(
  source: HealthSource,
  one: PlaybookOutcome,
  cell: PlaybookCell,
): Derived {
  if (cell === "customers" || cell === "revenue") return derivedLevel(source, one.level, cell);
  const { format } = source;
  const isMoney = cell === "savedRevenue";
  const value = isMoney ? format.money(one.savedRevenue ?? 0) : format.ratio(one.savedCustomers);
  return derived(
    source,
    isMoney ? "Saved revenue" : "Saved accounts",
    `Playbook, ${LEVELS[one.level].name.toLowerCase()}`,
    {
      value,
      certainty: "An expected number; the sum over all levels has an interval.",
      meaning: isMoney ? SAVED_REVENUE : SAVED_CUSTOMERS,
      arithmetic: `${term(one, source, isMoney)} = ${value}`,
      source: `${sourceOf(source, ...(isMoney ? ["amount"] : []))} The rates are those typed.`,
    },
    ({ level }) => level === one.level,
  );
}

/** A sum of the playbook over all levels. */
export function derivedPlaybook(source: HealthSource, sum: PlaybookSum): Derived {
  const { report, format, formulas } = source;
  const { playbook } = report;
  const levels = new Set<RiskLevel | undefined>(playbook.levels.map(({ level }) => level));
  const among = ({ level }: ListedAccount): boolean => levels.has(level);
  const of = "Playbook, all levels";
  const isMoney = sum !== "savedCustomers";
  const terms = playbook.levels.map((one) => term(one, source, isMoney)).join(" + ");
  const rates = `${sourceOf(source, ...(isMoney ? ["amount"] : []))} Rates, months and cost are those typed.`;
  if (sum === "programReturn" || sum === "programNetReturn") {
    const figure = playbook[sum] ?? null;
    const info = formulas.find(({ id }) => id === figure?.formula) ?? null;
    const name = sum === "programReturn" ? "Benefit over cost" : "Net return";
    return { name, of, figure, kind: "ratio", info, leftOut: exclusions(report.input.notes) };
  }
  if (sum === "costPerSave") {
    const { cost } = playbook.playbook;
    return derived(
      source,
      "Cost of each saved account",
      of,
      {
        value: format.money(playbook.costPerSave ?? 0),
        certainty: "Of the expected number of saved accounts; it has no interval of its own.",
        meaning: "What the programme costs for each account that it saves.",
        arithmetic: `${cost == null ? "Cost" : format.money(cost)} ÷ ${format.ratio(playbook.savedCustomers.value)} saved accounts`,
        source: rates,
      },
      among,
    );
  }
  const estimate = isMoney ? playbook.savedRevenue : playbook.savedCustomers;
  const write = (value: number): string => (isMoney ? format.money(value) : format.ratio(value));
  return derived(
    source,
    isMoney ? "Saved revenue" : "Saved accounts",
    of,
    {
      value: write(estimate?.value ?? 0),
      certainty: `Likely ${write(estimate?.low ?? 0)} to ${write(estimate?.high ?? 0)}. ${playbookMethod(playbook)}`,
      meaning: isMoney ? SAVED_REVENUE : SAVED_CUSTOMERS,
      arithmetic: `${terms} = ${write(estimate?.value ?? 0)}${isMoney ? `.${withoutRevenue(source)}` : ""}`,
      source: rates,
    },
    among,
  );
}
