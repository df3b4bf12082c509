/**
 * `<rc-cohorts>`: what is left of the customers who began together, and of their revenue.
 *
 * It computes no figure. How cohorts are counted is asked of `<retention-calculator>`.
 */

import { css, html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Cohorts, Figure } from "../../engine/core.ts";
import type { ChartOpenEvent } from "../charts/chart-element.ts";
import type { Age, Measure } from "../charts/cohort-grid.ts";
import type { Format } from "../format.ts";
import { OptionsEvent } from "../inward-events.ts";
import { capitalised } from "../words.ts";
import { groupOfAll } from "./behind.ts";
import { choiceOf } from "./choice.ts";
import { derivedCohort, derivedCohortSize } from "./derived-amounts.ts";
import { cohortFinding } from "./findings.ts";
import { ReportView } from "./report-view.ts";

const MEASURES: readonly (readonly [measure: Measure, name: string])[] = [
  ["customers", "Customers"],
  ["revenue", "Revenue"],
  ["net", "Net retention"],
  ["gross", "Gross retention"],
];

/** How cohorts are counted, as the option takes it. */
type Choice = NonNullable<OptionsEvent["options"]["cohorts"]>;

/** Cohorts of a report. */
export class CohortsElement extends ReportView {
  static override properties = {
    measure: { state: true },
    isShort: { state: true },
  };

  static override styles = [
    super.styles,
    css`
      .choices {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--rc-space-1) var(--rc-space-2);
      }

      .choices label {
        inline-size: 11rem;
      }

      .choices label.days {
        inline-size: 5.5rem;
      }

      .choices select,
      .choices input {
        min-block-size: 36px;
        font-size: var(--rc-text-s);
        color: var(--rc-text);
      }

      @container (max-width: 479px) {
        .choices label {
          flex: 1 1 9rem;
          inline-size: auto;
        }
      }

      @media print {
        .choices {
          display: none;
        }
      }
    `,
  ];

  declare protected measure: Measure;
  /** Whether only the ages of a round number of months are shown. */
  declare protected isShort: boolean;

  constructor() {
    super();
    this.measure = "customers";
    this.isShort = false;
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.report) return nothing;
    const { cohorts } = this.report;
    if (!cohorts || cohorts.rows.length === 0) {
      return html`<p class="lede">There are no cohorts: they need the date on which each customer began, and the file has none.</p>`;
    }
    const hasRevenue = cohorts.rows.some(({ revenue }) => revenue.some((one) => one !== null));
    const measure = hasRevenue ? this.measure : "customers";
    const format = this.format;
    const means = meansOf(cohorts, measure);
    const hasOrders = this.report.input.shape === "transactions";
    return html`
      <div class="view">
        <section>
          <h2 class="visually-hidden">Cohorts</h2>
          ${hasRevenue ? this.#switch(measure) : nothing}
          ${this.#choices(cohorts, measure)}
          <rc-cohort-heatmap
            .format=${format}
            .heading=${cohortFinding(cohorts, measure === "revenue" ? meansOf(cohorts, "net") : means, measure, format, hasOrders)}
            .subheading=${subjectOf(cohorts, measure, format, hasOrders)}
            .cohorts=${cohorts.rows}
            .ages=${agesOf(cohorts, this.isShort, format)}
            .means=${means}
            .steps=${measure === "customers" && !this.isShort ? cohorts.meanStepRetention : NO_FIGURES}
            .measure=${measure}
            .granularity=${cohorts.granularity}
            .openable=${this.engine !== null}
            @rc-chart-open=${({ key }: ChartOpenEvent) => this.#open(key, measure)}
          ></rc-cohort-heatmap>
        </section>
      </div>
      ${this.panel()}
    `;
  }

  /** Opens a cell by what it is known by: `2026-03/4`, `mean/4`, `step/4`, `2026-03/size`. */
  #open(key: string, measure: Measure): void {
    const { report } = this;
    const [cohort = "", text = ""] = key.split("/");
    const age = Number(text);
    if (text === "size") {
      const of = cohort === "mean" ? null : cohort;
      this.show(report && derivedCohortSize(report, of, this.format));
    } else if (cohort === "mean" || cohort === "step") this.#openMean(cohort, age, measure);
    else this.show(report && derivedCohort(report, { cohort, age, measure }, this.format));
  }

  #openMean(row: "mean" | "step", age: number, measure: Measure): void {
    const cohorts = this.report?.cohorts;
    const figures =
      row === "step" ? cohorts?.meanStepRetention : cohorts && meansOf(cohorts, measure);
    const figure = figures?.[age];
    if (!cohorts || !figure) return;
    const { name } = ageAt(cohorts, age, this.format);
    const [title, of, meaning] =
      row === "step"
        ? [
            "Step of all cohorts",
            "of those there one age before; cohorts known in full",
            "Of the customers who were active one age before, the share who are active at this one.",
          ]
        : [
            "Mean of all cohorts",
            "cohorts known in full, by size",
            "Of all customers of the cohorts that are known in full at this age, what is left at it: larger cohorts count for more.",
          ];
    this.showFigure(title, `${name}, ${of}`, figure, {
      kind: "share",
      meaning,
      groups: this.report ? groupOfAll(this.report, "lifetime") : [],
    });
  }

  #switch(measure: Measure): TemplateResult {
    return choiceOf("Show", "measure", measure, MEASURES, (value) => {
      this.measure = value;
    });
  }

  #choices(cohorts: Cohorts, measure: Measure): TemplateResult {
    const isMonthly = this.report?.input.shape === "mrr";
    const choose =
      (name: keyof Choice) =>
      (event: Event): void => {
        const { value } = event.target as HTMLSelectElement;
        this.#ask({ [name]: value });
      };
    const option = (value: string, chosen: string, name: string): TemplateResult =>
      html`<option value=${value} .selected=${live(value === chosen)}>${name}</option>`;
    return html`
      <div class="choices">
        <label>Began in the same
          <select @change=${choose("granularity")}>
            ${option("month", cohorts.granularity, "Month")}
            ${option("quarter", cohorts.granularity, "Quarter")}
            ${option("year", cohorts.granularity, "Year")}
          </select>
        </label>
        ${
          isMonthly
            ? nothing
            : html`<label>Age counted in
              <select @change=${choose("clock")}>
                ${option("calendar", cohorts.clock, `Calendar ${cohorts.granularity}s`)}
                ${option("days", cohorts.clock, "Days since the first")}
              </select>
            </label>`
        }
        ${
          cohorts.clock === "days"
            ? html`<label class="days">Days
              <input type="number" inputmode="numeric" min="7" max="366" step="1" .value=${String(cohorts.days ?? 30)} @change=${(event: Event) => this.#chooseDays(event)} />
            </label>`
            : nothing
        }
        ${
          measure === "customers"
            ? html`<label>Counts who is active
              <select @change=${choose("counting")}>
                ${option("on", cohorts.counting, "At that age")}
                ${option("on-or-after", cohorts.counting, "At that age or later")}
              </select>
            </label>`
            : nothing
        }
        ${
          0 < cohorts.milestones.length
            ? html`<label>Ages shown
              <select @change=${(event: Event) => {
                this.isShort = (event.target as HTMLSelectElement).value === "short";
              }}>
                ${option("all", this.isShort ? "short" : "all", "All")}
                ${option("short", this.isShort ? "short" : "all", `${cohorts.milestones.map(({ months }) => months).join(", ")} months`)}
              </select>
            </label>`
            : nothing
        }
      </div>
    `;
  }

  #chooseDays(event: Event): void {
    const input = event.target as HTMLInputElement;
    // What is no length of an age is not asked for: the browser says what is.
    if (input.reportValidity() && input.value !== "") {
      this.#ask({ days: input.valueAsNumber });
    }
  }

  /** Asks for one choice: what was chosen before, shown already or not, stays. */
  #ask(choice: Choice): void {
    this.dispatchEvent(new OptionsEvent({ cohorts: choice }));
  }
}

/** Of money there is no mean: what is kept of it has one. */
const NO_FIGURES: readonly Figure[] = [];

function meansOf(cohorts: Cohorts, measure: Measure): readonly Figure[] {
  switch (measure) {
    case "customers":
      return cohorts.meanRetention;
    case "net":
      return cohorts.meanNetRevenueRetention;
    case "gross":
      return cohorts.meanGrossRevenueRetention;
    case "revenue":
      return NO_FIGURES;
  }
}

/** One age as a column. */
function ageAt({ granularity, days }: Cohorts, age: number, format: Format): Age {
  return days === null
    ? { age, label: format.count(age), name: `${capitalised(granularity)} ${format.count(age)}` }
    : { age, label: format.count(age * days), name: `Day ${format.count(age * days)}` };
}

/** The columns: every age, or those of a round number of months. */
function agesOf(cohorts: Cohorts, isShort: boolean, format: Format): Age[] {
  if (isShort) {
    return cohorts.milestones.map(({ months, age }) => ({
      age,
      label: `${format.count(months)} mo`,
      name: `${format.count(months)} months`,
    }));
  }
  const nAges = cohorts.rows[0]?.customers.length ?? 0;
  return Array.from({ length: nAges }, (_, age) => ageAt(cohorts, age, format));
}

/** What is drawn, with its unit. */
function subjectOf(cohorts: Cohorts, measure: Measure, format: Format, hasOrders: boolean): string {
  const unit = cohorts.granularity;
  const later =
    cohorts.days === null
      ? `so many ${unit}s later`
      : `so many days after each one’s first, in steps of ${format.count(cohorts.days)}`;
  const active = hasOrders ? "buy" : "are active";
  switch (measure) {
    case "customers":
      return cohorts.counting === "on"
        ? `Share of each ${unit}'s new customers who ${active} ${later}`
        : `Share of each ${unit}'s new customers who ${active} ${later}, or at any later time up to now`;
    case "revenue":
      return `Revenue of each ${unit}'s new customers ${later}`;
    case "net":
      return `Net revenue retention: revenue of each ${unit}'s new customers ${later}, as a share of what they paid first`;
    case "gross":
      return `Gross revenue retention: the same with each customer at most at what it paid first, ${later}`;
  }
}
