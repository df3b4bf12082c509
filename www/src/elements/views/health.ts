/**
 * `<rc-health>`: which accounts are likely to leave, why, what of them is not known, and what acting
 * on them would save.
 *
 * It scores nothing: each change of sheet, playbook or date is one question to the core, and while
 * one is being answered only the newest waits.
 */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type {
  FormulaInfo,
  HealthGroup,
  MeanReport,
  Playbook,
  Question,
  RiskReport,
  RiskSheet,
  ScoreOptions,
} from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import { exclusions } from "../sentence.ts";
import { cell, quoting } from "../text.ts";
import { WideTables } from "../wide-tables.ts";
import { leftOutWords } from "../words.ts";
import { choiceOf } from "./choice.ts";
import type { DerivationElement, Derived } from "./derivation.ts";
import {
  derivedAtRisk,
  derivedGroup,
  derivedLevel,
  derivedPlaybook,
  derivedPlaybookLevel,
  type GroupCell,
  type GroupKind,
  type HealthSource,
  type LevelCell,
} from "./derived-health.ts";
import { healthFieldStyles, levelMark } from "./health-field.ts";
import type { PlaybookEvent, PlaybookFigureEvent } from "./health-playbook.ts";
import type { SheetEvent } from "./health-sheet.ts";
import {
  HEALTH_ROLES,
  methodSentence,
  openingSentence,
  outOfReachSentence,
  unreachableSentence,
} from "./health-words.ts";
import { messageOf } from "./latest.ts";
import { viewStyles } from "./view.styles.ts";

/** What the view needs of the engine. */
export interface Scoring {
  rescore(
    source: Blob,
    options?: ScoreOptions,
    watch?: { signal?: AbortSignal },
  ): Promise<RiskReport>;
}

/** Account health. */
export class HealthElement extends LitElement {
  static override properties = {
    source: { attribute: false },
    engine: { attribute: false },
    base: { attribute: false },
    formulas: { attribute: false },
    locale: {},
    currency: {},
    options: { state: true },
    report: { state: true },
    failure: { state: true },
  };

  /** The file. */
  declare source: Blob | null;
  declare engine: Scoring | null;
  /** Options that the file was read with: encoding, separator, header. */
  declare base: ScoreOptions;
  /** The catalogue of formulas. */
  declare formulas: readonly FormulaInfo[];
  declare locale: string;
  declare currency: string;
  declare protected options: ScoreOptions;
  declare protected report: RiskReport | null;
  declare protected failure: string;

  #isAsking = false;
  #isStale = false;
  /** What was asked for and has no answer yet: the next change is one of these, not of the report's. */
  #asked: { playbook?: Playbook; sheet?: RiskSheet } = {};

  constructor() {
    super();
    new WideTables(this);
    this.source = null;
    this.engine = null;
    this.base = {};
    this.formulas = [];
    this.locale = "";
    this.currency = "";
    this.options = {};
    this.report = null;
    this.failure = "";
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("source")) {
      this.options = {};
      this.#asked = {};
      this.report = null;
      this.failure = "";
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (["source", "engine", "base", "options"].some((name) => changed.has(name))) {
      void this.#ask();
    }
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) {
      this.#isStale = true;
      return;
    }
    this.#isAsking = true;
    try {
      do {
        this.#isStale = false;
        const { options } = this;
        await this.#score();
        if (this.options === options) this.#asked = {};
      } while (this.#isStale);
    } finally {
      this.#isAsking = false;
    }
  }

  async #score(): Promise<void> {
    const { engine, source } = this;
    if (engine === null || source === null) return;
    const options = { ...this.base, ...this.options };
    try {
      const report = await engine.rescore(source, options);
      if (this.source === source) {
        this.report = report;
        this.failure = "";
      }
    } catch (thrown) {
      if (this.source === source) {
        this.failure = messageOf(thrown);
      }
    }
  }

  #change(changed: ScoreOptions): void {
    this.options = { ...this.options, ...changed };
  }

  #changePlaybook(change: PlaybookEvent["change"]): void {
    const before = this.#asked.playbook ?? this.report?.playbook.playbook;
    if (before === undefined) return;
    this.#asked.playbook = change(before);
    this.#change({ playbook: this.#asked.playbook });
  }

  #changeSheet(change: SheetEvent["change"]): void {
    const before = this.#asked.sheet ?? this.report?.sheet;
    if (before === undefined) return;
    this.#asked.sheet = change(before);
    this.#change({ sheet: this.#asked.sheet });
  }

  override render(): TemplateResult {
    const { report } = this;
    if (report === null) {
      return this.failure === ""
        ? html`<p class="lede" role="status">Scoring the accounts.</p>`
        : html`<p class="problem" role="alert">${quoting(this.failure)}</p>`;
    }
    const format = this.#format(report);
    const currency = report.input.currency ?? this.currency;
    return html`
      <div class="view">
        <section class="opening">
          <p class="lede">${openingSentence(report, format)}</p>
          ${this.failure === "" ? nothing : html`<p class="problem" role="alert">${quoting(this.failure)} The figures are still those before.</p>`}
          ${this.#method(report, format)} ${this.#levels(report, format)}
          ${report.input.questions.map((question) => this.#question(question))}
        </section>
        <section>
          <h3 class="title">Accounts</h3>
          <rc-health-accounts
            .report=${report}
            .locale=${this.locale}
            .currency=${currency}
            @rc-list-all=${() => this.#change({ listed: report.customers })}
          ></rc-health-accounts>
        </section>
        ${this.#groups("Cohorts", "cohort", report.cohorts, format)}
        ${this.#groups("Owners", "owner", report.owners, format)}
        <section>
          <h3 class="title">Playbook</h3>
          <rc-health-playbook
            .report=${report.playbook}
            .locale=${this.locale}
            .currency=${currency}
            @rc-playbook-figure=${(event: PlaybookFigureEvent) => this.#openPlaybook(event)}
            @rc-playbook=${(event: PlaybookEvent) => this.#changePlaybook(event.change)}
          ></rc-health-playbook>
        </section>
        <section>
          <h3 class="title">Sheet</h3>
          <rc-health-sheet
            .report=${report}
            .locale=${this.locale}
            .currency=${currency}
            @rc-sheet=${(event: SheetEvent) => this.#changeSheet(event.change)}
          ></rc-health-sheet>
        </section>
        <section>
          <h3 class="title">Read from the file</h3>
          ${this.#reading(report, format)}
        </section>
        <section>
          <h3 class="title">What does not hold in print</h3>
          ${this.#print(report, format)}
        </section>
      </div>
      <rc-derivation .format=${format}></rc-derivation>
    `;
  }

  #method(report: RiskReport, format: Format): TemplateResult {
    const { sheet } = report;
    const outOfReach = outOfReachSentence(report, format);
    const methods = [
      ["points", "Points, added up"],
      ["weighted", "Weighted, 0 to 100"],
    ] as const;
    return html`
      ${choiceOf("Score", "method", this.options.sheet?.method ?? sheet.method, methods, (method) =>
        this.#changeSheet((before) => ({ ...before, method })),
      )}
      <p class="aside">
        ${methodSentence(report, format)}
        Critical from ${format.ratio(sheet.levels.critical)}, high from ${format.ratio(sheet.levels.high)}, medium from ${format.ratio(sheet.levels.medium)}.
        ${outOfReach === "" ? nothing : html`<strong>${outOfReach}</strong>`}
      </p>
    `;
  }

  #levels(report: RiskReport, format: Format): TemplateResult {
    const hasRevenue = report.revenue != null;
    const { renewals } = report;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label="Levels">
        <table class="levels stacks">
          <thead>
            <tr>
              <th scope="col">Level</th>
              <th scope="col" class="number">Accounts</th>
              ${hasRevenue ? html`<th scope="col" class="number">Revenue a month</th>` : nothing}
              ${renewals == null ? nothing : html`<th scope="col" class="number">Renew within 90 days</th>${hasRevenue ? html`<th scope="col" class="number">Renewing a month</th>` : nothing}`}
            </tr>
          </thead>
          <tbody>
            ${report.levels.map(({ level, customers, revenue }) => {
              const due = renewals?.find((one) => one.level === level);
              const nDue = due?.customers ?? 0;
              // Nothing opens to nobody.
              const figure = (n: number, cell: LevelCell, words: string) =>
                n === 0
                  ? words
                  : this.#figure(words, (source) => derivedLevel(source, level, cell));
              return html`
                <tr data-level=${level}>
                  <th scope="row">${levelMark(level)}</th>
                  <td class="number">${figure(customers, "customers", format.count(customers))}</td>
                  ${hasRevenue ? html`<td class="number">${revenue == null ? "" : figure(customers, "revenue", format.money(revenue))}</td>` : nothing}
                  ${renewals == null ? nothing : html`<td class="number">${figure(nDue, "dueCustomers", format.count(nDue))}</td>${hasRevenue ? html`<td class="number">${due?.revenue == null ? "" : figure(nDue, "dueRevenue", format.money(due.revenue))}</td>` : nothing}`}
                </tr>
              `;
            })}
          </tbody>
        </table>
      </div>
      <p class="aside">
        ${report.atRisk.revenue == null || report.atRisk.customers === 0 ? nothing : html`Critical and high together: ${this.#figure(format.counted(report.atRisk.customers, "account"), (source) => derivedAtRisk(source, false))}, ${this.#figure(format.money(report.atRisk.revenue), (source) => derivedAtRisk(source, true))} a month at risk.`}
        ${report.withoutRevenue === 0 ? nothing : `Of ${format.counted(report.withoutRevenue, "account")} it is not known what they pay; they are in no sum of revenue.`}
        ${report.left === 0 ? nothing : `${format.counted(report.left, "account")} ${report.left === 1 ? "has" : "have"} left already and ${report.left === 1 ? "is" : "are"} not scored.`}
        ${report.renewalsWhy === "no-as-of" ? "Renewals need a date to count from, and the file has none: set it below." : nothing}
        ${report.input.asOf === "" ? nothing : `Counted up to ${format.date(report.input.asOf)}.`}
      </p>
    `;
  }

  /** A figure as the button that opens it. */
  #figure(words: string, derive: (source: HealthSource) => Derived): TemplateResult {
    return html`<button type="button" class="worked" aria-haspopup="dialog" @click=${() => this.#open(derive)}>${words}</button>`;
  }

  #open(derive: (source: HealthSource) => Derived): void {
    const { report, formulas } = this;
    if (report === null) return;
    const format = this.#format(report);
    const derivation = this.renderRoot.querySelector<DerivationElement>("rc-derivation");
    void derivation?.show(derive({ report, formulas, format }));
  }

  #format(report: RiskReport): Format {
    return formatFor(this.locale, report.input.currency ?? this.currency);
  }

  #openPlaybook({ figure }: PlaybookFigureEvent): void {
    this.#open((source) =>
      typeof figure === "string"
        ? derivedPlaybook(source, figure)
        : derivedPlaybookLevel(source, figure.of, figure.cell),
    );
  }

  #question(question: Question): TemplateResult {
    const { code, message, options, readings, answerTo, assumed } = question;
    const given = (this.options as Record<string, unknown>)[answerTo];
    return html`
      <fieldset class="question" data-code=${code}>
        <legend>${quoting(message)}</legend>
        ${options.map(
          (option, index) => html`<label>
            <input
              type="radio"
              name=${code}
              value=${option}
              .checked=${option === (given ?? assumed)}
              @change=${() => this.#change({ [answerTo]: option } as ScoreOptions)}
            />
            ${option}<span class="muted">: ${quoting(readings[index] ?? "")}</span>
          </label>`,
        )}
      </fieldset>
    `;
  }

  #groups(
    heading: string,
    kind: GroupKind,
    groups: readonly HealthGroup[] | null | undefined,
    format: Format,
  ): TemplateResult | typeof nothing {
    if (groups == null) return nothing;
    const has = {
      revenue: groups.some(({ revenueAtRisk }) => revenueAtRisk != null),
      score: groups.some(({ scoreDay90 }) => 0 < scoreDay90.n),
      days: groups.some(({ daysToFirstValue }) => 0 < daysToFirstValue.n),
      retention: groups.some(({ twelveMonthRetention }) => twelveMonthRetention != null),
    };
    const opening = (group: HealthGroup) => (cell: GroupCell, words: string) =>
      this.#figure(words, (source) => derivedGroup(source, kind, group, cell));
    return html`
      <section data-groups=${kind}>
        <h3 class="title">${heading}</h3>
        <div class="scroll" tabindex="0" role="region" aria-label=${heading}>
          <table class="stacks">
            <thead>
              <tr>
                <th scope="col">${kind === "cohort" ? "Cohort" : "Owner"}</th>
                <th scope="col" class="number">Accounts</th>
                <th scope="col" class="number">Critical or high</th>
                ${has.revenue ? html`<th scope="col" class="number">At risk a month</th>` : nothing}
                ${has.score ? html`<th scope="col" class="number">Score on day 90</th>` : nothing}
                ${has.days ? html`<th scope="col" class="number">Days to first value</th>` : nothing}
                ${has.retention ? html`<th scope="col" class="number">There after twelve months</th>` : nothing}
              </tr>
            </thead>
            <tbody>
              ${groups.map((group) => {
                const figure = opening(group);
                const { name, customers, atRisk, revenueAtRisk } = group;
                return html`
                  <tr>
                    <th scope="row">${name == null ? html`<span class="muted">not known</span>` : html`<bdi>${cell(name)}</bdi>`}</th>
                    <td class="number">${figure("customers", format.count(customers))}</td>
                    <td class="number">${atRisk === 0 ? "0" : figure("atRisk", format.count(atRisk))}</td>
                    ${has.revenue ? html`<td class="number">${revenueAtRisk == null ? "" : atRisk === 0 ? format.money(revenueAtRisk) : figure("revenueAtRisk", format.money(revenueAtRisk))}</td>` : nothing}
                    ${has.score ? html`<td class="number">${mean(group.scoreDay90, (words) => figure("scoreDay90", words), format)}</td>` : nothing}
                    ${has.days ? html`<td class="number">${mean(group.daysToFirstValue, (words) => figure("daysToFirstValue", words), format)}</td>` : nothing}
                    ${has.retention ? html`<td class="number">${retention(group, (words) => figure("twelveMonthRetention", words), format)}</td>` : nothing}
                  </tr>
                `;
              })}
            </tbody>
          </table>
        </div>
        <p class="aside">
          Accounts that have left are counted here too.
          ${has.score ? "The score on day 90 is the file's own, averaged over the accounts that have one." : nothing}
          ${has.retention ? "Twelve-month retention is of accounts that began at least twelve months ago." : nothing}
        </p>
      </section>
    `;
  }

  #reading(report: RiskReport, format: Format): TemplateResult {
    const { input } = report;
    const reasons = exclusions(input.notes);
    const others = input.notes.filter(({ excludes }) => !excludes);
    return html`
      <p>
        ${format.count(input.rows.read)} rows read = ${format.count(input.rows.used)} used +
        ${format.count(input.rows.excluded)} left out${
          reasons.length === 0
            ? "."
            : `: ${format.list(reasons.map((note) => `${format.count(note.count)} ${leftOutWords(note.code, note.count)}`))}.`
        }
      </p>
      <p class="as-of">
        <label for="as-of">Count up to</label>
        <input
          id="as-of"
          type="date"
          .value=${input.asOf}
          @change=${(event: Event) => this.#change({ asOf: (event.target as HTMLInputElement).value })}
        />
        <span class="aside">The latest date of activity in the file where nothing else is set.</span>
      </p>
      ${
        others.length + reasons.length === 0
          ? nothing
          : html`<ul class="notes">${[...reasons, ...others].map(
              ({ code, message, count, rows }) => html`<li data-code=${code}>
                <bdi>${quoting(message)}</bdi>
                ${1 < count ? html`<span class="muted">${format.count(count)} times${rows.length === 0 ? "" : `, rows ${rows.slice(0, 8).join(", ")}${8 < rows.length ? " and more" : ""}`}.</span>` : nothing}
              </li>`,
            )}</ul>`
      }
      <details>
        <summary>Which column says what</summary>
        <div class="columns">
          ${HEALTH_ROLES.map(([role, name]) => {
            const own = input.columns.find((column) => column.role === role)?.name ?? "";
            return html`
              <label for="role-${role}">${name}</label>
              <select
                id="role-${role}"
                @change=${(event: Event) =>
                  this.#change({
                    roles: {
                      ...this.options.roles,
                      [role]: (event.target as HTMLSelectElement).value,
                    },
                  })}
              >
                <option value="" ?selected=${own === ""}>no column</option>
                ${input.columns.map((column) => html`<option value=${column.name} ?selected=${column.name === own}>${cell(column.name)}</option>`)}
              </select>
            `;
          })}
        </div>
      </details>
    `;
  }

  #print(report: RiskReport, format: Format): TemplateResult {
    const unreachable = unreachableSentence(report, format);
    return html`
      <ul class="print">
        ${unreachable === "" ? nothing : html`<li>${unreachable}</li>`}
        <li>
          The four categories can give 60, 35, 40 and 45 points, 180 in all: 33, 19, 22 and 25 % of the
          whole, and not the weights of 40, 25, 20 and 15. If the three rules on tickets added up it
          would be 203. It is not said whether they do; here the highest counts, and that can be changed.
        </li>
        <li>
          The playbook's rates, on the printed 85, 180 and 320 accounts a quarter, save 45.05 + 55.8 +
          51.2 = 152.05 a quarter, some 608 a year. A gain of 6 pp in retention would then need about
          10,100 customers, and $3.2M over 608 is $5,263 each. No base is named for the rates.
        </li>
        <li>
          $3.2M saved at a cost of $480,000 is printed as an ROI of 6.7. That is benefit ÷ cost (6.67);
          with the cost taken off, the return is 5.67. Both are shown here, by their own names.
        </li>
        <li>
          The points are a judgement, not an estimate from data: a score says what to look at, not how
          likely an account is to leave.
        </li>
      </ul>
    `;
  }

  static override styles = [
    controls,
    viewStyles,
    healthFieldStyles,
    css`
      .title {
        font-size: var(--rc-text-l);
      }

      .opening {
        justify-items: start;
      }

      .opening .scroll {
        max-inline-size: 100%;
      }

      .levels {
        inline-size: auto;
      }

      .levels tbody th {
        font-weight: 400;
      }

      th[scope="row"] {
        white-space: nowrap;
      }

      .aside strong {
        color: var(--rc-text);
      }

      .problem {
        color: var(--rc-error-text);
      }

      .question {
        display: grid;
        gap: var(--rc-space-half);
      }

      .question label {
        display: flex;
        align-items: center;
        gap: var(--rc-space-1);
        color: var(--rc-text);
      }

      .range {
        display: block;
        color: var(--rc-text-muted);
      }

      .as-of {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--rc-space-half) var(--rc-space-1);
        max-inline-size: none;
      }

      .as-of input {
        inline-size: auto;
      }

      .notes,
      .print {
        display: grid;
        gap: var(--rc-space-1);
        font-size: var(--rc-text-s);
      }

      .print li {
        padding-inline-start: var(--rc-space-2);
        border-inline-start: 1px solid var(--rc-line);
      }

      summary {
        inline-size: fit-content;
        color: var(--rc-accent);
      }

      .columns {
        display: grid;
        grid-template-columns: minmax(0, max-content) minmax(0, 18em);
        align-items: center;
        gap: var(--rc-space-half) var(--rc-space-2);
        padding-block-start: var(--rc-space-1);
      }
    `,
  ];
}

/** A mean as a button, with its interval and of how many it is. */
function mean(
  { value, low, high, n }: MeanReport,
  figure: (words: string) => TemplateResult,
  format: Format,
): TemplateResult {
  if (value == null) return html`<span class="muted">not known</span>`;
  const likely =
    low == null || high == null ? "" : `likely ${format.periods(low)} to ${format.periods(high)}, `;
  return html`${figure(format.periods(value))}<span class="range">${likely}of ${format.count(n)}</span>`;
}

function retention(
  { twelveMonthRetention: own }: HealthGroup,
  figure: (words: string) => TemplateResult,
  format: Format,
): TemplateResult {
  if (own?.value == null) return html`<span class="muted">not known yet</span>`;
  const likely =
    own.low == null || own.high == null
      ? ""
      : `likely ${format.interval(own.low, own.high, "share")}, of ${format.count(own.n ?? 0)}`;
  return html`${figure(format.share(own.value))}<span class="range">${likely}</span>`;
}
