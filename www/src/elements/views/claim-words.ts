/**
 * The sentences of the claims: what is printed, what is true, and when the print would hold.
 *
 * Every number in them comes from the core.
 */

import type { Claim } from "../../engine/core.ts";
import type { Format } from "../format.ts";

/** One claim in words. */
export interface ClaimWords {
  readonly print: string;
  readonly truth: string;
  readonly holds: string;
}

/** A claim in words; nothing for one that has none here. */
export function claimWords(claim: Claim, format: Format): ClaimWords | null {
  const part =
    (numbers: Claim["truth"]) =>
    (name: string, digits = 0): string => {
      const number = numbers.find((one) => one.name === name);
      if (!number) return "not known";
      return number.unit === "share"
        ? format.share(number.value, digits)
        : format.ratio(number.value);
    };
  const [print, truth, holds] = [part(claim.printed), part(claim.truth), part(claim.holds)];
  switch (claim.id) {
    case "80-to-85":
      return {
        print: "“80 to 85% retention roughly doubles lifetime value.”",
        truth: `It is ${truth("uplift", 1)} more: ${truth("lifespan-from")} years become ${truth("lifespan-to")}. Discounted at 10% a year it is ${truth("uplift-discounted", 1)}.`,
        holds: `From 80%, doubling takes ${holds("retention-to")}.`,
      };
    case "85-to-90":
      return {
        print: `“85 to 90% retention increases lifetime value by ${print("uplift-low")} to ${print("uplift-high")}.”`,
        truth: `By lifespan it is ${truth("uplift")}: ${truth("lifespan-from")} years become ${truth("lifespan-to")}.`,
        holds: `The print holds with future profit discounted at ${holds("rate-low", 1)} to ${holds("rate-high", 1)} a year, which is not said.`,
      };
    case "new-for-growth":
      return {
        print: `“For 10% growth, 95% retention needs ${print("new-at-95")} new customers and 80% needs ${print("new-at-80")}: ${print("times")} times as many.”`,
        truth: `The lost have to be replaced first: it takes ${truth("new-at-95")} and ${truth("new-at-80")}, ${truth("times")} times as many.`,
        holds: `With the printed numbers the base grows by ${holds("growth-at-95")} and ${holds("growth-at-80")}.`,
      };
    case "monthly-1-to-3":
      return {
        print: `“A monthly churn of 1 to 3% translates to ${print("monthly-low")} to ${print("monthly-high")} monthly retention.”`,
        truth: `Monthly it is ${truth("monthly-low")} to ${truth("monthly-high")}; over a year ${truth("yearly-low", 1)} to ${truth("yearly-high", 1)} stay.`,
        holds: `The print mixes two periods: ${holds("yearly-at-1", 1)} is the yearly retention at 1% a month, ${holds("monthly-at-3")} the monthly one at 3%.`,
      };
    case "typical-and-target":
      return {
        print: `“${print("monthly-churn-low")} to ${print("monthly-churn-high")} monthly churn is typical; aim at ${print("yearly-low")} to ${print("yearly-high")} a year.”`,
        truth: `${print("monthly-churn-low")} to ${print("monthly-churn-high")} a month keeps ${truth("yearly-low", 1)} to ${truth("yearly-high", 1)} over a year: most of it misses the aim.`,
        holds: `The aim needs a monthly churn of ${holds("monthly-churn-low", 2)} to ${holds("monthly-churn-high", 2)}.`,
      };
    case "quarterly-3-to-8":
      return {
        print: `“A quarterly churn of ${print("quarterly-churn-low")} to ${print("quarterly-churn-high")} is healthy; aim at ${print("yearly-low")} to ${print("yearly-high")} a year.”`,
        truth: `Over a year that keeps ${truth("yearly-low", 1)} to ${truth("yearly-high", 1)}.`,
        holds: `The aim needs a quarterly churn of ${holds("quarterly-churn-low", 1)} to ${holds("quarterly-churn-high", 1)}.`,
      };
    case "dashboard":
      return {
        print: `“Monthly churn ${print("monthly-churn", 1)}”, beside “customer retention ${print("yearly")}”.`,
        truth: `${print("monthly-churn", 1)} a month keeps ${truth("yearly", 1)} over a year; ${print("yearly")} a year is ${truth("monthly-churn", 2)} a month.`,
        holds: `Both hold only if the retention is counted over ${holds("months")} months.`,
      };
    case "90-to-95":
      return {
        print: `“90 to 95% gross revenue retention takes the lifespan from ${print("lifespan-from")} to ${print("lifespan-to")} years.”`,
        truth: `That doubles lifetime value undiscounted (+${truth("uplift")}), and adds ${truth("uplift-discounted", 1)} at a discount of 10% a year.`,
        holds:
          "It holds for a retention of customers. A revenue retention also falls by downgrades, and says nothing of how long anybody stays.",
      };
    case "ten-percent":
      return {
        print: `“Improve retention by ${print("improvement")}”, from 80%.`,
        truth: `By ${print("improvement")} of itself it is ${truth("relative-to")}, and lifetime value rises by ${truth("uplift-relative", 1)}; by ten points it is ${truth("points-to")}, and it rises by ${truth("uplift-points")}.`,
        holds: "The print does not say which of the two it means.",
      };
    default:
      return null;
  }
}
