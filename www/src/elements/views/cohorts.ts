/**
 * `<rc-cohorts>`: what is left of the customers who began together, and of their revenue.
 *
 * It computes no figure but the mean of revenue, which the report has for customers only.
 */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Report } from "../../engine/core.ts";
import type { ChartOpenEvent } from "../charts/chart-element.ts";
import { cohortGrid, type Measure, weightedMean } from "../charts/cohort-grid.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import type { CustomerSource } from "./behind.ts";
import type { DerivationElement } from "./derivation.ts";
import { derivedCohort } from "./derived-amounts.ts";
import { cohortFinding } from "./findings.ts";
import { viewStyles } from "./view.styles.ts";

/** Cohorts of a report. */
export class CohortsElement extends LitElement {
  static override properties = {
    report: { attribute: false },
    engine: { attribute: false },
    locale: {},
    currency: {},
    measure: { state: true },
  };

  static override styles = [controls, viewStyles];

  declare report: Report | null;
  /** What answers questions about customers. */
  declare engine: CustomerSource | null;
  declare locale: string;
  declare currency: string;
  declare protected measure: Measure;

  constructor() {
    super();
    this.report = null;
    this.engine = null;
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
            .openable=${this.engine !== null}
            @rc-chart-open=${({ key }: ChartOpenEvent) => this.#open(key, measure)}
          ></rc-cohort-heatmap>
        </section>
      </div>
      <rc-derivation .format=${format} .engine=${this.engine}></rc-derivation>
    `;
  }

  /** Opens a cell by what it is known by: `2026-03/4`. */
  #open(key: string, measure: Measure): void {
    const { report } = this;
    const [cohort = "", text = ""] = key.split("/");
    const age = Number(text);
    const row = cohortGrid(report?.cohorts?.rows ?? [], measure).find(
      (one) => one.cohort === cohort,
    );
    const share = row?.cells[age]?.share ?? null;
    const derived = report && derivedCohort(report, { cohort, age, measure }, share, this.#format);
    if (!derived) return;
    void this.renderRoot.querySelector<DerivationElement>("rc-derivation")?.show(derived);
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
