/**
 * What the levels and movements of a period mean, and how they were worked out, in words.
 *
 * It computes no figure: every number in its words is one of the report.
 */

import type { PeriodReport, Report } from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { type Counted, movementTerms } from "./period-movements.ts";

/** What each amount means where revenue recurs: at two closes. */
const OF_CLOSES: Readonly<Record<Counted, Readonly<Record<string, string>>>> = {
  money: {
    start: "Monthly revenue of all customers active at the close of the day before the period.",
    new: "Monthly revenue at the end from customers who were never active before the period.",
    reactivation:
      "Monthly revenue at the end from customers who were not active at the start, but some time before.",
    expansion: "What customers active at both ends of the period pay more than at its start.",
    contraction: "What customers active at both ends of the period pay less than at its start.",
    churned: "Monthly revenue at the start from customers who are not active at the end.",
    end: "Monthly revenue of all customers active at the close of the period's last day.",
  },
  customers: {
    start: "Customers active at the close of the day before the period.",
    new: "Customers active at the end who were never active before the period.",
    reactivated: "Customers active at the end, not at the start, but some time before.",
    lost: "Customers active at the start who are not active at the end.",
    end: "Customers active at the close of the period's last day.",
    cameAndWent:
      "Customers who came and left inside the period: they are at neither end, so in no other number.",
  },
};

/** The same where the file has orders: this period against the one before. */
const OF_ORDERS: Readonly<Record<Counted, Readonly<Record<string, string>>>> = {
  money: {
    start: "Everything bought in the period before, less what was refunded in it.",
    new: "What customers bought in the period of their first purchase.",
    reactivation: "What customers bought who had not bought in the period before, but earlier.",
    expansion: "What customers of both periods bought more than in the period before.",
    contraction:
      "What customers of both periods bought less than in the period before, and refunds to those who bought nothing.",
    churned: "What customers bought in the period before who bought nothing in this one.",
    end: "Everything bought in the period, less what was refunded in it.",
  },
  customers: {
    start: "Customers who bought in the period before.",
    new: "Customers whose first purchase is in the period.",
    reactivated: "Customers who bought in the period, not in the one before, but earlier.",
    lost: "Customers who bought in the period before and not in this one.",
    end: "Customers who bought in the period.",
  },
};

/** What an amount of a period means. */
export function movementMeaning(report: Report, key: string, counted: Counted): string {
  const texts = report.input.shape === "transactions" ? OF_ORDERS : OF_CLOSES;
  return texts[counted][key] ?? "";
}

/** How an amount was worked out, with the numbers of the report. */
export function movementArithmetic(
  period: PeriodReport,
  key: string,
  counted: Counted,
  format: Format,
): string {
  const terms = movementTerms(period, counted);
  const write = (amount: number): string =>
    counted === "money" ? format.money(amount) : format.count(amount);
  if (key === "end" && terms.every(({ amount }) => amount !== null)) {
    const sum = terms
      .filter((term) => term.key !== "end")
      .map(({ label, kind, amount }, index) => {
        const sign = index === 0 ? "" : kind === "loss" ? "\u2212 " : "+ ";
        return `${sign}${label.toLowerCase()} ${write(amount ?? 0)}`;
      });
    return `End = ${sum.join(" ")}`;
  }
  return counted === "money"
    ? "Added up customer by customer, to the cent."
    : "Counted customer by customer.";
}
