/**
 * `<rc-lifespan-value>`: what a new customer is worth within some years, and what one in hand still is.
 *
 * It works nothing out: each choice is one question to the core, on the file's own fitted curve.
 */

import {
  type CSSResultGroup,
  css,
  html,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import type { LifetimeView, Projection, Report, Scenario } from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { asEntry, readEntry } from "../number-entry.ts";
import { numberField, numberFieldStyles } from "../number-field.ts";
import { whyWords } from "../words.ts";
import { choiceOf } from "./choice.ts";
import { differenceWords } from "./difference.ts";
import { timeWords } from "./findings.ts";
import { baseOf, curvesOf, DRAWS, hasRevenue, marginOf, periodNoun, scenarioOf } from "./levers.ts";
import { LifespanSection } from "./lifespan-section.ts";

/** What it needs of the engine. */
export interface ProjectingAside {
  project(scenario: Scenario): Promise<Projection>;
}

const YEARS = ["1", "2", "3", "5", "10"] as const;

/** Tenures that it is said for, by the months in a period. */
const TENURES: Readonly<Record<number, readonly number[]>> = {
  1: [1, 2, 3, 6, 12, 24, 36],
  3: [1, 2, 4, 8, 12],
  12: [1, 2, 3, 5, 8],
};

/** The worth of customers. */
export class LifespanValueElement extends LifespanSection<ProjectingAside, Projection> {
  static override properties: PropertyDeclarations = {
    ...LifespanSection.properties,
    years: { state: true },
    rateText: { state: true },
    rate: { state: true },
    problem: { state: true },
  };

  static override styles: CSSResultGroup = [
    LifespanSection.styles,
    numberFieldStyles,
    css`
      .tools .field {
        max-inline-size: 12rem;
      }

      .box {
        overflow-x: auto;
      }

      th[scope="row"] {
        font-weight: 400;
      }

      td.number {
        white-space: nowrap;
      }

      .pair {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-3) var(--rc-space-6);
      }

      @container (min-width: 860px) {
        .pair {
          grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
        }
      }
    `,
  ];

  declare protected years: string;
  declare protected rate: number;
  declare protected rateText: string | null;
  declare protected problem: string;

  protected override readonly asks = ["report", "engine", "years", "rate"];

  constructor() {
    super();
    this.years = "5";
    this.rate = 0.1;
    this.rateText = null;
    this.problem = "";
  }

  protected override question(report: Report) {
    const base = baseOf(report, {});
    if (!base || report.input.shape === "transactions" || !hasRevenue(report)) return null;
    const periods = Math.max(1, Math.round((Number(this.years) * 12) / base.periodMonths));
    const assumptions = { periods, discountRate: this.rate, growthGoal: 0 };
    const curve = curvesOf(report).includes("sbg") ? "sbg" : "average";
    return (engine: ProjectingAside) =>
      engine.project({
        ...scenarioOf(base, {}, assumptions, { curve, segment: null }),
        ...DRAWS,
        tenures: [...(TENURES[base.periodMonths] ?? [])],
      });
  }

  override render(): TemplateResult | typeof nothing {
    const { report, answer } = this;
    // Who buys without a contract does not churn from period to period.
    if (!report || !hasRevenue(report) || report.input.shape === "transactions") return nothing;
    const { format } = this;
    return html`
      <section aria-labelledby="worth">
        <h2 id="worth">What a customer is worth</h2>
        ${
          this.failure
            ? html`<p class="aside">What a customer is worth cannot be said. ${this.failure}</p>`
            : answer
              ? this.#worth(report, answer, format)
              : html`<p class="aside">Working it out…</p>`
        }
      </section>
    `;
  }

  #worth(report: Report, outcome: Projection, format: Format): TemplateResult {
    const base = baseOf(report, {});
    const noun = periodNoun(base?.periodMonths ?? 1);
    const margin = marginOf(report);
    const isFitted = curvesOf(report).includes("sbg");
    return html`
      <p class="lede">${this.#lede(outcome, format)}</p>
      <p class="aside">
        ${margin === null ? "On revenue, since no gross margin is given" : `On a gross margin of ${format.share(margin, 0)}`}, at today's revenue per customer, undiscounted.
        ${isFitted ? "By the fitted curve (shifted beta-geometric); the range is that of its parameters." : "By the average churn, as too few have left for a fitted curve; the range is that of the churn counted."}
      </p>
      <div class="tools">
        ${choiceOf(
          "Within",
          "years",
          this.years,
          YEARS.map((years) => [years, years === "1" ? "1 year" : `${years} years`] as const),
          (years) => {
            this.years = years;
          },
        )}
        ${numberField({
          id: "rate",
          label: "Discount rate per year",
          kind: "share",
          text: this.rateText ?? asEntry(this.rate, "share", format.locale),
          unit: "%",
          problem: this.problem || undefined,
          onInput: (text) => this.#take(text),
        })}
      </div>
      <div class="pair">
        ${this.#ways(outcome, noun, format)}
        ${this.#residual(outcome, noun, format)}
      </div>
    `;
  }

  /** The sentence with its amount as the button that opens it. */
  #lede(outcome: Projection, format: Format): TemplateResult | string {
    const sentence = worthSentence(outcome, Number(this.years), format);
    const figure = outcome.clv["horizon"];
    const amount = figure?.value == null ? "" : format.compactMoney(figure.value);
    const at = amount === "" ? -1 : sentence.indexOf(amount);
    if (!figure || at < 0) return sentence;
    const after = sentence.slice(at + amount.length);
    return html`${sentence.slice(0, at)}${this.opener(amount, { name: "What a new customer is worth", of: within(this.years), figure })}${after}`;
  }

  #take(text: string): void {
    this.rateText = text;
    const entry = readEntry(text, "share", this.format.locale);
    if (entry === null) return;
    const isRate = !("problem" in entry) && 0 <= entry.value && entry.value <= 10;
    this.problem = isRate ? "" : "Type a percentage, such as 10.";
    if (!("problem" in entry) && isRate) this.rate = entry.value;
  }

  /** Each way to reckon it, beside “1 ÷ churn”. */
  #ways({ lifetimes }: Projection, noun: string, format: Format): TemplateResult {
    const names: Readonly<Record<string, string>> = {
      "one-over-churn": "1 ÷ churn, for ever",
      fitted: "Fitted curve, for ever",
      horizon: within(this.years),
      discounted: `For ever, discounted by ${format.share(this.rate)} a year`,
    };
    const stays = ({ lifespan }: LifetimeView): string =>
      lifespan.value === null ? "no end" : timeWords(lifespan.value, noun, format);
    const [first] = lifetimes;
    const of = "A new customer";
    const nameOf = ({ name }: LifetimeView): string => names[name] ?? name;
    const against = (view: LifetimeView): TemplateResult | string => {
      if (view === first || view.difference == null || first?.value.value == null) return "–";
      const words = differenceWords({ id: "clv", unit: "money" }, view.difference, noun, format);
      return this.opener(words, {
        name: `${nameOf(view)}: against 1 ÷ churn`,
        of,
        amount: {
          value: words,
          certainty: "A difference of two figures, each of which opens by itself.",
          meaning: "What this way of reckoning says more or less than 1 ÷ churn.",
          arithmetic: `${format.money(view.value.value ?? 0)} less ${format.money(first.value.value)}`,
        },
      });
    };
    const infinite = lifetimes.find(({ lifespan }) => lifespan.why === "mean-infinite");
    return html`
      <div>
        <div class="box" tabindex="0" role="region" aria-label="Table: what a new customer is worth">
          <table class="stacks">
            <caption class="visually-hidden">What a new customer is worth, by way of reckoning</caption>
            <thead>
              <tr>
                <th scope="col">A new customer</th>
                <th scope="col" class="number">Pays for</th>
                <th scope="col" class="number">Is worth</th>
                <th scope="col" class="number">Against 1 ÷ churn</th>
              </tr>
            </thead>
            <tbody>
              ${lifetimes.map(
                (view) => html`<tr>
                  <th scope="row">${nameOf(view)}</th>
                  <td class="number">${this.opener(stays(view), { name: `${nameOf(view)}: pays for`, of, figure: view.lifespan, more: { unit: noun } })}</td>
                  <td class="number">${view.value.value === null ? "–" : this.opener(format.compactMoney(view.value.value), { name: `${nameOf(view)}: is worth`, of, figure: view.value })}</td>
                  <td class="number">${against(view)}</td>
                </tr>`,
              )}
            </tbody>
          </table>
        </div>
        ${
          infinite
            ? html`<p class="aside">Under the fitted curve the average has no end: those who stay are ever more loyal, and a few stay for so long that the sum never settles. Go by the years or by the discounted value.</p>`
            : nothing
        }
      </div>
    `;
  }

  /** What one in hand is worth still. */
  #residual(
    { residual }: Projection,
    noun: string,
    format: Format,
  ): TemplateResult | typeof nothing {
    if (residual.length === 0) return nothing;
    const since = (tenure: number): string =>
      `A customer since ${timeWords(tenure, noun, format)}, discounted by ${format.share(this.rate)} a year`;
    return html`
      <div>
        <div class="box" tabindex="0" role="region" aria-label="Table: what a customer in hand is worth">
          <table class="stacks">
            <caption class="visually-hidden">What a customer in hand is worth, by how long it has been one</caption>
            <thead>
              <tr>
                <th scope="col">A customer since</th>
                <th scope="col" class="number">Payments to come</th>
                <th scope="col" class="number">Are worth</th>
              </tr>
            </thead>
            <tbody>
              ${residual.map(
                ({ tenure, lifespan, value }) => html`<tr>
                  <th scope="row">${timeWords(tenure, noun, format)}</th>
                  <td class="number">${lifespan.value === null ? whyWords(lifespan.why) : this.opener(format.periods(lifespan.value), { name: "Payments to come", of: since(tenure), figure: lifespan, more: { unit: noun } })}</td>
                  <td class="number">${value.value === null ? "–" : this.opener(format.compactMoney(value.value), { name: "What payments to come are worth", of: since(tenure), figure: value })}</td>
                </tr>`,
              )}
            </tbody>
          </table>
        </div>
        <p class="aside">From the renewal at hand on, discounted by ${format.share(this.rate)} a year.</p>
      </div>
    `;
  }
}

function within(years: string): string {
  return years === "1" ? "Within 1 year" : `Within ${years} years`;
}

/** What a new customer is worth within some years, with its range. */
export function worthSentence(outcome: Projection, years: number, format: Format): string {
  const { value, low, high } = outcome.clv["horizon"] ?? {};
  const within = years === 1 ? "one year" : `${format.count(years)} years`;
  if (value == null) return `What a new customer is worth over ${within} is not known.`;
  const range =
    low == null || high == null
      ? ""
      : `, likely ${format.compactMoney(low)} to ${format.compactMoney(high)}`;
  return `A new customer is worth ${format.compactMoney(value)} over ${within}${range}.`;
}
