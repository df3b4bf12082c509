/**
 * `<rc-cohorts>`: what is left of the customers who began together, and of their revenue.
 *
 * It computes no figure but the mean of revenue, which the report has for customers only.
 */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Report } from "../../engine/core.ts";
import { cohortGrid, type Measure, weightedMean } from "../charts/cohort-grid.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import { cohortFinding } from "./findings.ts";
import { viewStyles } from "./view.styles.ts";

/** Cohorts of a report. */
export class CohortsElement extends LitElement {
  static override properties = {
    report: { attribute: false },
    locale: {},
    currency: {},
    measure: { state: true },
  };

  static override styles = [controls, viewStyles];

  declare report: Report | null;
  declare locale: string;
  declare currency: string;
  declare protected measure: Measure;

  constructor() {
    super();
    this.report = null;
    this.locale = "";
    this.currency = "";
    this.measure = "customers";
  }

  get #format(): Format {
    return formatFor(this.locale, this.currency || this.report?.input.currency);
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.report) return nothing;
    const { cohorts } = this.report;
    if (!cohorts || cohorts.rows.length === 0) {
      return html`<p class="lede">There are no cohorts: they need the date on which each customer began, and the file has none.</p>`;
    }
    const hasRevenue = cohorts.rows.some(({ revenue }) => revenue.some((one) => one !== null));
    const measure = hasRevenue ? this.measure : "customers";
    const means = this.#means(measure);
    const format = this.#format;
    const unit = cohorts.granularity;
    const subheading =
      measure === "customers"
        ? `Share of each ${unit}'s new customers who are active ${unit}s later`
        : `Revenue of each ${unit}'s new customers ${unit}s later, as a share of that of ${unit} 0`;
    return html`
      <div class="view">
        <section>
          <h2 class="visually-hidden">Cohorts</h2>
          ${hasRevenue ? this.#switch(measure) : nothing}
          <rc-cohort-heatmap
            .format=${format}
            .heading=${cohortFinding(cohorts, means, measure, format)}
            .subheading=${subheading}
            .cohorts=${cohorts.rows}
            .means=${means}
            .measure=${measure}
            .granularity=${unit}
          ></rc-cohort-heatmap>
        </section>
      </div>
    `;
  }

  #switch(measure: Measure): TemplateResult {
    const options = [
      ["customers", "Customers"],
      ["revenue", "Revenue"],
    ] as const;
    return html`
      <fieldset class="switch">
        <legend>Share of</legend>
        ${options.map(
          ([value, label]) => html`<label>
            <input type="radio" name="measure" value=${value} .checked=${value === measure} @change=${() => {
              this.measure = value;
            }} />
            ${label}
          </label>`,
        )}
      </fieldset>
    `;
  }

  #means(measure: Measure): (number | null)[] {
    const cohorts = this.report?.cohorts;
    if (!cohorts) return [];
    if (measure === "customers") return cohorts.meanRetention.map(({ value }) => value);
    const grid = cohortGrid(cohorts.rows, measure);
    return (grid[0]?.cells ?? []).map((_, age) => weightedMean(grid, age).share);
  }
}
