/**
 * `<rc-customers>`: all customers of the file, or those who came, left or changed in a period.
 *
 * It computes nothing: it words the question, and the list answers it.
 */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { PeriodReport, Report } from "../../engine/core.ts";
import type { Format } from "../format.ts";
import {
  type CustomerGroup,
  groupOfAll,
  knowsCustomers,
  periodGroup,
  TRAILING_YEAR,
} from "./behind.ts";
import { headlinePeriod, isWholeFile } from "./period-choice.ts";
import { ReportView } from "./report-view.ts";

/** The groups to choose from, beside all. */
const GROUPS = [
  "end",
  "lost",
  "contracted",
  "new",
  "reactivated",
  "expanded",
  "retained",
  "start",
] as const;

type Group = (typeof GROUPS)[number];

/** Groups that nobody is in where the file has no dates. */
const NEEDS_DATES: ReadonlySet<string> = new Set(["new", "reactivated", "expanded", "contracted"]);

const isGroup = (name: string): name is Group => (GROUPS as readonly string[]).includes(name);

/** The customers of a report. */
export class CustomersElement extends ReportView {
  static override properties = {
    group: { state: true },
    period: { state: true },
  };

  static override styles = [
    super.styles,
    css`
      .question {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rc-space-1) var(--rc-space-2);
      }

      .question .field {
        flex: 0 1 16rem;
      }
    `,
  ];

  /** `all`, or a group of the period. */
  declare protected group: string;
  /** The label of the period; empty for the one that the overview speaks of. */
  declare protected period: string;

  constructor() {
    super();
    this.group = "all";
    this.period = "";
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("report") || !this.report) return;
    const { periods, trailingYear } = this.report;
    const isThere =
      periods.some(({ period }) => period === this.period) ||
      (this.period === TRAILING_YEAR && trailingYear !== null);
    if (!isThere) this.period = "";
  }

  protected override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (!report) return nothing;
    if (!knowsCustomers(report)) {
      return html`<p class="lede">The file has totals of periods only, so it does not say who the customers are.</p>`;
    }
    const format = this.format;
    const chosen = this.#chosen(report);
    const group = this.#asked(report, chosen);
    return html`
      <div class="view">
        <section>
          <h2 class="visually-hidden">Customers</h2>
          ${this.#question(report, chosen, format)}
          <rc-customers-behind
            .engine=${this.engine}
            .edition=${report}
            .query=${group?.query ?? null}
            .format=${format}
            .label=${this.#label(chosen, format)}
          ></rc-customers-behind>
        </section>
      </div>
    `;
  }

  /** The period asked about, with the label that the core takes. */
  #chosen(report: Report): { period: PeriodReport; label: string } | null {
    if (this.period === TRAILING_YEAR && report.trailingYear) {
      return { period: report.trailingYear, label: TRAILING_YEAR };
    }
    const period =
      report.periods.find((one) => one.period === this.period) ??
      headlinePeriod(report.periods)?.period;
    return period ? { period, label: period.period } : null;
  }

  #asked(
    report: Report,
    chosen: { period: PeriodReport; label: string } | null,
  ): CustomerGroup | null {
    const { group } = this;
    if (!chosen || !isGroup(group)) return groupOfAll(report, "now")[0] ?? null;
    return periodGroup(chosen.period, chosen.label, group);
  }

  #periodName({ period, label }: { period: PeriodReport; label: string }, format: Format): string {
    if (label === TRAILING_YEAR) return "Last twelve months";
    if (isWholeFile(period)) return "Whole file";
    return `${format.period(period.period)}${period.partial ? ", not over" : ""}`;
  }

  #label(chosen: { period: PeriodReport; label: string } | null, format: Format): string {
    if (!chosen || !isGroup(this.group)) return "All customers";
    const name = this.#groupName(this.group, chosen.period);
    return isWholeFile(chosen.period) ? name : `${name}, ${this.#periodName(chosen, format)}`;
  }

  #groupName(group: Group, period: PeriodReport): string {
    if (group === "end" && isWholeFile(period)) return "Still there";
    if (group === "retained") return "Stayed";
    return periodGroup(period, period.period, group).name;
  }

  #question(
    report: Report,
    chosen: { period: PeriodReport; label: string } | null,
    format: Format,
  ): TemplateResult | typeof nothing {
    if (!chosen) return nothing;
    const isWhole = isWholeFile(chosen.period);
    const groups = GROUPS.filter(
      (group) => !isWhole || !(NEEDS_DATES.has(group) || group === "retained" || group === "start"),
    );
    const periods = [...report.periods].reverse();
    return html`
      <div class="question">
        <div class="field">
          <label for="group">Show</label>
          <select id="group" @change=${(event: Event) => {
            this.group = (event.target as HTMLSelectElement).value;
          }}>
            <option value="all" ?selected=${!isGroup(this.group)}>All customers</option>
            ${groups.map((group) => html`<option value=${group} ?selected=${group === this.group}>${this.#groupName(group, chosen.period)}</option>`)}
          </select>
        </div>
        ${
          isWhole || !isGroup(this.group)
            ? nothing
            : html`<div class="field">
                <label for="period">Period</label>
                <select id="period" @change=${(event: Event) => {
                  this.period = (event.target as HTMLSelectElement).value;
                }}>
                  ${report.trailingYear ? html`<option value=${TRAILING_YEAR} ?selected=${chosen.label === TRAILING_YEAR}>Last twelve months</option>` : nothing}
                  ${periods.map((period) => html`<option value=${period.period} ?selected=${period.period === chosen.label}>${this.#periodName({ period, label: period.period }, format)}</option>`)}
                </select>
              </div>`
        }
      </div>
    `;
  }
}
