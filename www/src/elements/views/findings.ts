/**
 * What each chart shows, said as a sentence: its title.
 *
 * It reads the report and compares; it estimates nothing. A finding never says more than the
 * numbers do: where two periods cannot be told apart by their intervals, it does not call one better.
 */

import type { Cohorts, Figure, PeriodReport, Report, Survival } from "../../engine/core.ts";
import { valueAt } from "../charts/survival-steps.ts";
import type { Format } from "../format.ts";
import { inputOf } from "./figure-inputs.ts";
import { isWholeFile } from "./period-choice.ts";
import { amountsOf, type Counted } from "./period-movements.ts";

/** The input of a restricted mean that says how far it goes. */
export const HORIZON = "horizon";

/** What moved a level within a period. */
export function waterfallFinding(period: PeriodReport, counted: Counted, format: Format): string {
  const amounts = amountsOf(period, counted);
  const { start, end } = amounts;
  const what = counted === "money" ? "Revenue" : "Customers";
  const when = isWholeFile(period) ? "over the whole file" : `in ${format.period(period.period)}`;
  if (start == null || end == null) return `${what} ${when}`;
  const change = end - start;
  const size =
    counted === "money" ? format.compactMoney(Math.abs(change)) : format.count(Math.abs(change));
  if (isNothing(change, counted))
    return `${what} ended where it began ${when}`.replace(
      "Customers ended where it",
      "The number of customers ended where it",
    );
  const verb = 0 < change ? "grew" : "fell";
  const subject = counted === "money" ? "Revenue" : "The number of customers";
  const cause = mainCause(amounts, counted, 0 < change);
  return `${subject} ${verb} by ${size} ${when}${period.partial ? " so far" : ""}${cause}`;
}

function isNothing(change: number, counted: Counted): boolean {
  return Math.abs(change) < (counted === "money" ? 0.005 : 0.5);
}

/** The largest movement in the direction of the change, in words. */
function mainCause(
  amounts: Readonly<Record<string, number | null>>,
  counted: Counted,
  isGain: boolean,
): string {
  const causes: readonly (readonly [string, string])[] =
    counted === "money"
      ? isGain
        ? [
            ["new", "new customers"],
            ["expansion", "expansion"],
            ["reactivation", "customers who returned"],
          ]
        : [
            ["churned", "customers who left"],
            ["contraction", "contraction"],
          ]
      : isGain
        ? [
            ["new", "new customers"],
            ["reactivated", "customers who returned"],
          ]
        : [["lost", "customers who left"]];
  let best: string | null = null;
  let most = 0;
  for (const [key, words] of causes) {
    const amount = amounts[key] ?? 0;
    if (most < amount) {
      most = amount;
      best = words;
    }
  }
  return best ? `, mostly by ${best}` : "";
}

/** What revenue is called in a report. */
export function revenueName({ input, periods }: Report): string {
  const isByPeriod = periods[0] !== undefined && !isWholeFile(periods[0]);
  return isByPeriod && (input.shape === "subscriptions" || input.shape === "mrr")
    ? "Monthly revenue"
    : "Revenue";
}

/** What the waterfall of a period is drawn from. */
export function waterfallSubject(
  report: Report,
  index: number,
  counted: Counted,
  format: Format,
): string {
  const period = report.periods[index];
  if (!period) return "";
  const what = counted === "money" ? revenueName(report) : "Customers";
  const currency = counted === "money" && format.currency !== null ? `, in ${format.currency}` : "";
  if (isWholeFile(period)) return `${what} of all and of those who are left${currency}`;
  const before = report.periods[index - 1];
  if (report.input.shape === "transactions" && before) {
    return `${what} in ${format.period(before.period)}, in ${format.period(period.period)}, and what lies between${currency}`;
  }
  return `${what} at the start and at the end of ${format.period(period.period)}, and what moved between${currency}`;
}

/** How often gains outweighed losses. */
export function columnsFinding(periods: readonly PeriodReport[], counted: Counted): string {
  const nets = periods
    .filter((period) => !period.partial)
    .map((period) => {
      const { start, end } = amountsOf(period, counted);
      return start == null || end == null ? null : end - start;
    })
    .filter((net) => net !== null);
  const what = counted === "money" ? "Revenue" : "The number of customers";
  if (nets.length === 0) return `${what} by movement`;
  const nShrunk = nets.filter((net) => net < 0 && !isNothing(net, counted)).length;
  if (nets.length === 1)
    return `${what} ${0 < nShrunk ? "fell" : "did not fall"} in the one complete period`;
  if (nShrunk === 0) return `${what} fell in none of ${nets.length} periods`;
  if (nShrunk === nets.length) return `${what} fell in each of ${nets.length} periods`;
  return `${what} fell in ${nShrunk} of ${nets.length} periods`;
}

/** Where a rate has been and where it is. */
export function rateFinding(
  name: string,
  periods: readonly PeriodReport[],
  pick: (period: PeriodReport) => PeriodReport["customerRetentionRate"],
  format: Format,
): string {
  const known = periods.filter((period) => !period.partial && pick(period).value !== null);
  const last = known.at(-1);
  if (!last) return `${name} is not known for any complete period`;
  const value = pick(last).value ?? 0;
  const at = `${name} was ${format.share(value)} in ${format.period(last.period)}`;
  if (known.length < 3) return at;
  const values = known.map((period) => pick(period).value ?? 0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const year = known.length === 1 ? "" : `${known.length} periods`;
  if (high - low < 0.0005) return `${name} stayed at ${format.share(value)} in all ${year}`;
  if (value === high) return `${at}, the highest of ${year}`;
  if (value === low) return `${at}, the lowest of ${year}`;
  return `${at}, between ${format.share(low)} and ${format.share(high)} before`;
}

/** What is left of a cohort early on, by the mean over all. */
export function cohortFinding(
  cohorts: Cohorts,
  means: readonly Figure[],
  measure: "customers" | "revenue" | "net" | "gross",
  format: Format,
  hasOrders = false,
): string {
  const what = {
    customers: "of customers are still there",
    revenue: "of the first revenue is still there",
    net: "of the first revenue is there, expansion included,",
    gross: "of the first revenue is still there",
  }[measure];
  const { days } = cohorts;
  const unit = days === null ? cohorts.granularity : "day";
  const known = means.flatMap(({ value }, age) =>
    value === null || age === 0 ? [] : [{ mean: value, age }],
  );
  const early = known.find(({ age }) => age === (unit === "year" ? 1 : 3)) ?? known.at(-1);
  if (!early) return "The cohorts are too young to compare";
  const late = known.findLast(({ age }) => early.age < age && [6, 12, 24].includes(age));
  const time = ({ age }: { age: number }): string => format.counted(age * (days ?? 1), unit);
  if (hasOrders && measure === "customers") {
    const again = `${format.share(early.mean)} of customers bought again ${time(early)} later`;
    return late ? `${again}, ${format.share(late.mean)} ${time(late)} later` : again;
  }
  const first = `${format.share(early.mean)} ${what} after ${time(early)}`;
  return late
    ? `${first}, ${format.share(late.mean)} after ${format.count(late.age * (days ?? 1))}`
    : first;
}

/** A length of time in the unit of the curve. */
export function timeWords(value: number, unit: string, format: Format): string {
  if (unit === "day" || unit === "month" || unit === "year") return format.duration(value, unit);
  return `${format.periods(value)} ${unit}${value === 1 ? "" : "s"}`;
}

/** The mean length of a month of the Gregorian calendar. */
const DAYS_PER_MONTH = 365.2425 / 12;

/** A length of time as in {@link timeWords}; many days also in months, which are easier to grasp. */
export function spanWords(value: number, unit: string, format: Format): string {
  const plain = timeWords(value, unit, format);
  return unit === "day" && 60 < value ? `${plain} (${monthsWords(value, format)})` : plain;
}

/** A length in days, in months. */
export function monthsWords(days: number, format: Format): string {
  return format.duration(days / DAYS_PER_MONTH, "month");
}

/** How long anybody was observed: beyond the last loss, those who are still there. */
export function lastTimeOf({ timeline, median, rmst }: Survival): number {
  return Math.max(
    timeline.at(-1) ?? 0,
    inputOf(median, "last_time") ?? 0,
    inputOf(rmst, HORIZON) ?? 0,
  );
}

/** When half are gone, or that they are not. */
export function medianSentence(survival: Survival, format: Format): string {
  const { median, unit } = survival;
  const time = (value: number): string => spanWords(value, unit, format);
  if (median.value !== null) {
    const interval =
      median.low != null && median.high != null
        ? `, likely after ${format.periods(median.low)} to ${timeWords(median.high, unit, format)}`
        : median.low != null
          ? `, likely after more than ${timeWords(median.low, unit, format)}`
          : "";
    return `Half of the customers are gone after ${time(median.value)}${interval}.`;
  }
  const last = lastTimeOf(survival);
  const share = survival.survival.at(-1) ?? 1;
  if (last === 0) return "How long customers stay is not known.";
  if (share === 1) {
    return `Nobody has left within ${time(last)}, so when half will be gone is not known.`;
  }
  return `After ${time(last)}, as far as the data go, ${format.share(share)} of the customers are still there, so when half will be gone is not known yet.`;
}

/** The mean inside the horizon, in words. */
export function meanSentence({ rmst, unit }: Survival, format: Format): string | null {
  if (rmst.value === null) return null;
  const horizon = inputOf(rmst, HORIZON);
  const within =
    horizon === null ? "Within the data" : `Within the first ${timeWords(horizon, unit, format)}`;
  const interval =
    rmst.low == null || rmst.high == null
      ? ""
      : `, likely ${format.periods(rmst.low)} to ${timeWords(rmst.high, unit, format)}`;
  return `${within} a customer stays ${spanWords(rmst.value, unit, format)} on average${interval}.`;
}

/** How much is lost early on, and how much after that. */
export function survivalFinding(curve: Survival, format: Format): string {
  const { timeline, survival, unit } = curve;
  const last = lastTimeOf(curve);
  const end = survival.at(-1) ?? 1;
  if (last === 0) return "How long customers stay";
  if (end === 1) return `Nobody left within ${timeWords(last, unit, format)}`;
  const candidates = unit === "day" ? [365, 90, 30] : unit === "month" ? [12, 3, 1] : [4, 1];
  const early = candidates.find((one) => 3 * one <= last);
  if (early === undefined) {
    return `${format.share(1 - end)} leave within ${timeWords(last, unit, format)}`;
  }
  const share = valueAt(timeline, survival, early, 1);
  const rest = timeWords(last - early, unit, format);
  return `${format.share(1 - share)} leave within the first ${timeWords(early, unit, format)}, ${format.share(share - end)} in the ${rest} after`;
}
