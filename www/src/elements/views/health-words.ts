/**
 * The words of account health: levels, signals, rules, and the sentences that open the view.
 *
 * It scores nothing; every number in a sentence is the core's.
 */

import type {
  PlaybookReport,
  RiskAccount,
  RiskCategory,
  RiskLevel,
  RiskReport,
  RiskRule,
  RiskSheet,
  RiskSignal,
} from "../../engine/core.ts";
import type { Format, NumberKind } from "../format.ts";

/** A level by its name, and how many of four marks stand for it beside the word. */
export const LEVELS: Readonly<Record<RiskLevel, { name: string; marks: number }>> = {
  critical: { name: "Critical", marks: 4 },
  high: { name: "High", marks: 3 },
  medium: { name: "Medium", marks: 2 },
  low: { name: "Low", marks: 1 },
  unknown: { name: "Too little known", marks: 0 },
};

export const CATEGORIES: Readonly<Record<RiskCategory, string>> = {
  usage: "Usage",
  engagement: "Engagement",
  relationship: "Relationship",
  business: "Business",
};

/** What a signal is measured in: a share, days, a number, or only yes and no. */
export type SignalKind = "share" | "days" | "number" | "flag";

/** A signal in words. */
export interface SignalWords {
  name: string;
  kind: SignalKind;
}

export const SIGNALS: Readonly<Record<RiskSignal, SignalWords>> = {
  activeShare: { name: "Active of the licensed users", kind: "share" },
  daysSinceLogin: { name: "No login", kind: "days" },
  daysSinceCoreUse: { name: "Core features unused", kind: "days" },
  limitedCoreUse: { name: "Core features used in a limited way", kind: "flag" },
  unresolvedTickets: { name: "Unresolved tickets", kind: "number" },
  recentEscalation: { name: "Recent escalation", kind: "flag" },
  dissatisfiedTickets: { name: "Dissatisfied tickets, regularly", kind: "flag" },
  nps: { name: "NPS answer", kind: "number" },
  championLeft: { name: "Champion left", kind: "flag" },
  championChangedRole: { name: "Champion changed role", kind: "flag" },
  decliningResponsiveness: { name: "Declining responsiveness", kind: "flag" },
  missedReviews: { name: "Missed business reviews", kind: "flag" },
  failedPayments: { name: "Failed payments", kind: "number" },
  latePayments: { name: "Late payments", kind: "flag" },
  layoffs: { name: "Layoffs", kind: "flag" },
  merger: { name: "Merger or acquisition", kind: "flag" },
};

/** The kind of number that a bound of a signal is typed as. */
export function entryKind(kind: SignalKind): NumberKind {
  return kind === "share" ? "share" : "ratio";
}

/** `20%`, `14 days`, `3` */
export function signalValue(value: number, kind: SignalKind, format: Format): string {
  switch (kind) {
    case "share":
      return format.share(value, Number.isInteger(Math.round(value * 1e6) / 1e4) ? 0 : 1);
    case "days":
      return format.counted(value, "day");
    default:
      return format.ratio(value);
  }
}

/** `Active of licensed users: 12%`, `No login for 23 days`, `Champion left` */
export function firedWords(
  signal: RiskSignal,
  value: number | null | undefined,
  format: Format,
): string {
  const { name, kind } = SIGNALS[signal];
  if (kind === "flag") return name;
  if (kind === "days") {
    return value == null ? `${name}, ever` : `${name} for ${signalValue(value, kind, format)}`;
  }
  return value == null ? name : `${name}: ${signalValue(value, kind, format)}`;
}

/** `under 20%`, `20% to 40%`, `14 days or more`, `yes` */
export function boundWords(rule: RiskRule, format: Format): string {
  const { kind } = SIGNALS[rule.signal];
  const at = (value: number) => signalValue(value, kind, format);
  if (kind === "flag") return "yes";
  const { atLeast, below, atMost } = rule;
  if (atLeast != null && below != null) return `${at(atLeast)} to under ${at(below)}`;
  if (atLeast != null && atMost != null) return `${at(atLeast)} to ${at(atMost)}`;
  if (atLeast != null) return `${at(atLeast)} or more`;
  if (below != null) return `under ${at(below)}`;
  return atMost == null ? "any" : `${at(atMost)} or less`;
}

/** The level's count and money in a report. */
function levelOf(report: RiskReport, level: RiskLevel) {
  return report.levels.find((one) => one.level === level);
}

/** `12 of 200 accounts are critical, $185,000 a month; for 31 too little is known.` */
export function openingSentence(report: RiskReport, format: Format): string {
  const critical = levelOf(report, "critical");
  const unknown = levelOf(report, "unknown")?.customers ?? 0;
  const nCritical = critical?.customers ?? 0;
  const all = format.counted(report.customers, "account");
  if (report.customers === 0) {
    return "No account is left to score: all rows are left out, or have left already.";
  }
  const money =
    critical?.revenue == null || nCritical === 0
      ? ""
      : `, ${format.compactMoney(critical.revenue)} a month`;
  const are = nCritical === 1 ? "is" : "are";
  const first =
    nCritical === 0
      ? `None of ${all} is critical`
      : `${format.count(nCritical)} of ${all} ${are} critical${money}`;
  return unknown === 0
    ? `${first}.`
    : `${first}; for ${format.count(unknown)} too little is known.`;
}

/** Which accounts are at a level. */
export function levelMeaning({ sheet }: RiskReport, level: RiskLevel, format: Format): string {
  const { levels } = sheet;
  const at = (points: number): string => format.ratio(points);
  switch (level) {
    case "critical":
      return `Accounts that score ${at(levels.critical)} or more.`;
    case "high":
      return `Accounts that score ${at(levels.high)} to under ${at(levels.critical)}.`;
    case "medium":
      return `Accounts that score ${at(levels.medium)} to under ${at(levels.high)}.`;
    case "low":
      return `Accounts that score under ${at(levels.medium)}, with enough known of them to say so.`;
    case "unknown":
      return `Accounts of which less than ${format.share(sheet.knownAtLeast, 0)} of the score is known, and what is known gives less than ${at(levels.high)}.`;
  }
}

/** What the method in use does, with the scale it gives. */
export function methodSentence(report: RiskReport, format: Format): string {
  const { sheet, attainable } = report;
  const top = format.ratio(attainable.score);
  return sheet.method === "points"
    ? `Points are added up as they are, 0 to ${top} on this sheet; the weights are not used.`
    : `Each category's points are taken as a share of its maximum and weighted, 0 to ${top}.`;
}

/** Why the printed words cannot both hold; nothing where they do on this sheet. */
export function unreachableSentence(report: RiskReport, format: Format): string {
  const { attainable, sheet } = report;
  const names = (["critical", "high", "medium"] as const).filter(
    (level) => attainable.pointsTimesWeights < sheet.levels[level],
  );
  return names.length === 0
    ? ""
    : `Points times weights, as the framework is printed, come to ${format.ratio(attainable.pointsTimesWeights)} at most: ${format.list(names.map((name) => `${name} (${format.ratio(sheet.levels[name])})`))} could never be reached. So one of two ways to add up has to be chosen.`;
}

/** Levels that the method in use cannot reach in this file; nothing where it reaches all. */
export function outOfReachSentence({ attainable, sheet }: RiskReport, format: Format): string {
  const names = (["critical", "high", "medium"] as const).filter(
    (level) => attainable.score < sheet.levels[level],
  );
  return names.length === 0
    ? ""
    : `On this sheet ${format.list(names)} cannot be reached: the highest score is ${format.ratio(attainable.score)}.`;
}

/** `65`, `65 to 120`, or that nothing is known. */
export function scoreWords(account: RiskAccount, format: Format): string {
  if (account.score == null) return "not known";
  return format.ratio(account.score);
}

/** `at most 120` where something is missing. */
export function rangeWords({ low, high }: RiskAccount, format: Format): string {
  return low === high ? "all known" : `up to ${format.ratio(high)}`;
}

/** A sum over all levels of the playbook. */
export type PlaybookSum =
  | "savedCustomers"
  | "savedRevenue"
  | "programReturn"
  | "programNetReturn"
  | "costPerSave";

/** A piece of a sentence: words, or a sum that opens. */
export type PlaybookPiece = string | { readonly sum: PlaybookSum; readonly words: string };

/** What the playbook comes to: sentences in pieces. */
export function playbookSentences(report: PlaybookReport, format: Format): PlaybookPiece[][] {
  const { levels, savedCustomers, savedRevenue, playbook } = report;
  const { cost } = playbook;
  const acted = levels.filter(({ customers }) => 0 < customers);
  if (acted.length === 0) return [["No account is at a level that the playbook acts on."]];
  const who = format.list(
    acted.map(({ level, customers }) => `${format.count(customers)} ${level}`),
  );
  const saved: PlaybookPiece[] = [
    `Acting on ${who} accounts saves `,
    { sum: "savedCustomers", words: `${format.periods(savedCustomers.value)} of them` },
    ` on average, likely ${format.count(savedCustomers.low)} to ${format.count(savedCustomers.high)}`,
  ];
  const money: PlaybookPiece[] =
    savedRevenue == null
      ? [". The file does not say what accounts pay, so no revenue is known."]
      : [
          ", and ",
          {
            sum: "savedRevenue",
            words: `${format.compactMoney(savedRevenue.value)} of revenue`,
          },
          ` over ${format.counted(playbook.months, "month")}, likely ${format.compactMoney(savedRevenue.low)} to ${format.compactMoney(savedRevenue.high)}.`,
        ];
  const sentences = [[...saved, ...money]];
  const { programReturn, programNetReturn, costPerSave } = report;
  if (cost != null && programReturn?.value != null && programNetReturn?.value != null) {
    const likely =
      programReturn.low == null || programReturn.high == null
        ? ""
        : ` (likely ${format.ratio(programReturn.low)} to ${format.ratio(programReturn.high)})`;
    sentences.push([
      `At a cost of ${format.money(cost)} the benefit is `,
      { sum: "programReturn", words: `${format.ratio(programReturn.value)} times the cost` },
      `${likely}. With the cost taken off, the net return is `,
      { sum: "programNetReturn", words: `${format.ratio(programNetReturn.value)} times the cost` },
      ".",
      ...(costPerSave == null
        ? []
        : [
            " Each saved account costs ",
            { sum: "costPerSave", words: format.money(costPerSave) } as const,
            ".",
          ]),
    ]);
  } else if (cost === 0) {
    sentences.push(["Without a cost there is no return to speak of."]);
  }
  return sentences;
}

/** How the intervals of the playbook came about. */
export function playbookMethod(report: PlaybookReport): string {
  const revenue =
    report.revenueInterval === "simulated"
      ? `, that of the revenue by 4,000 draws of every account (seed ${report.playbook.seed})`
      : report.revenueInterval === "normal"
        ? ", that of the revenue by the normal distribution with its exact mean and variance"
        : "";
  return `The interval of the accounts is exact (a sum of binomial counts)${revenue}. Both are about luck alone: they take the rates for granted.`;
}

/** Whether two sheets say the same. */
export function isSameSheet(a: RiskSheet, b: RiskSheet): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The roles that a column of a file of accounts can have, by name. */
export const HEALTH_ROLES: readonly (readonly [role: string, name: string])[] = [
  ["customer", "Account"],
  ["owner", "Owner"],
  ["cohort", "Cohort"],
  ["start", "Start date"],
  ["end", "End date"],
  ["renewal", "Renewal date"],
  ["amount", "Revenue"],
  ["currency", "Currency"],
  ["churned", "Has left"],
  ["score_day_90", "Score on day 90"],
  ["first_value", "Time to first value"],
  ["retained_twelve_months", "There after twelve months"],
  ["active_share", "Share of active users"],
  ["active_users", "Active users"],
  ["licensed_users", "Licensed users"],
  ["last_login", "Last login"],
  ["last_core_use", "Last use of core features"],
  ["core_use", "Use of core features"],
  ["unresolved_tickets", "Unresolved tickets"],
  ["recent_escalation", "Recent escalation"],
  ["dissatisfied_tickets", "Dissatisfied tickets"],
  ["nps", "NPS answer, 0 to 10"],
  ["champion", "Champion"],
  ["champion_left", "Champion left"],
  ["champion_changed_role", "Champion changed role"],
  ["declining_responsiveness", "Responsiveness"],
  ["missed_reviews", "Missed business reviews"],
  ["failed_payments", "Failed payments"],
  ["late_payments", "Late payments"],
  ["layoffs", "Layoffs"],
  ["merger", "Merger or acquisition"],
];
