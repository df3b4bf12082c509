/**
 * `<rc-what-if>`: levers on one side, consequences on the other, today's line always in sight.
 *
 * It projects nothing: each movement of a lever is one question to the core, and while one is being
 * answered only the newest waits. It works on a report and, without one, on typed numbers.
 */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Projection, Report, Scenario } from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor, type NumberKind } from "../format.ts";
import { asEntry, readEntry } from "../number-entry.ts";
import { numberField, numberFieldStyles } from "../number-field.ts";
import { type Consequence, consequences, scenarioSentence } from "./difference.ts";
import { isForTheBetter } from "./headline.ts";
import {
  type AssumptionId,
  baseOf,
  hasRevenue,
  type Lever,
  type LeverId,
  leversOf,
  type Moved,
  marginOf,
  NOTHING_KNOWN,
  periodMonthsOf,
  periodNoun,
  scenarioOf,
  type Today,
  type Typed,
  type TypedId,
  todayOf,
} from "./levers.ts";
import { viewStyles } from "./view.styles.ts";

/** What the view needs of the engine. */
export interface Projecting {
  project(scenario: Scenario): Promise<Projection>;
}

const TYPED: readonly { id: TypedId; label: string; kind: NumberKind; example: number }[] = [
  { id: "customers", label: "Customers now", kind: "count", example: 500 },
  { id: "revenuePerCustomer", label: "Revenue per customer and", kind: "money", example: 50 },
  { id: "retention", label: "Customers kept each", kind: "share", example: 0.92 },
];

/** Codes of the core for a report that nothing can be projected from. */
const CANNOT_START = /^report-without-/;

/** Quiet time before the outcome is read out. */
const SPOKEN_AFTER_MS = 900;

/** The what-if. */
export class WhatIfElement extends LitElement {
  static override properties = {
    report: { attribute: false },
    engine: { attribute: false },
    locale: {},
    currency: {},
    typed: { state: true },
    moved: { state: true },
    assumptions: { state: true },
    texts: { state: true },
    problems: { state: true },
    outcome: { state: true },
    failure: { state: true },
    refused: { state: true },
    spoken: { state: true },
  };

  static override styles = [
    controls,
    numberFieldStyles,
    viewStyles,
    css`
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-4) var(--rc-space-6);
        align-items: start;
      }

      @container (min-width: 680px) {
        .columns {
          grid-template-columns: minmax(15rem, 22rem) minmax(0, 1fr);
        }
        .consequences {
          position: sticky;
          inset-block-start: var(--rc-space-2);
        }
        .bar {
          display: none;
        }
      }

      .levers,
      .consequences {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-3);
        min-inline-size: 0;
      }

      .levers h2 {
        font-size: var(--rc-text-m);
        font-weight: 600;
      }

      .lever {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 7.5rem;
        align-items: end;
        gap: 2px var(--rc-space-2);
      }

      .lever .field {
        display: contents;
      }

      .lever label {
        grid-column: 1;
        align-self: center;
        color: var(--rc-text);
      }

      .lever .entry {
        grid-column: 2;
        grid-row: 1;
      }

      .lever .problem {
        grid-column: 1 / -1;
      }

      .lever input[type="range"] {
        grid-column: 1 / -1;
        min-block-size: 32px;
      }

      .lever input[type="range"]:focus-visible {
        border-radius: var(--rc-radius);
        outline-offset: 0;
      }

      .lever .back {
        grid-column: 1 / -1;
        display: flex;
        justify-content: space-between;
        gap: var(--rc-space-1);
        min-block-size: 24px;
        font-size: var(--rc-text-s);
        color: var(--rc-text-muted);
      }

      .pair {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: var(--rc-space-2);
        align-items: end;
      }

      .typed {
        display: grid;
        gap: var(--rc-space-2);
      }

      .typed legend {
        margin-block-end: var(--rc-space-1);
      }

      table.outcome th {
        font-weight: 400;
      }

      table.outcome td {
        font-variant-numeric: tabular-nums;
      }

      table.outcome td.scenario {
        font-weight: 600;
      }

      .bar {
        position: sticky;
        z-index: 2;
        inset-block-end: 0;
        margin-inline: calc(-1 * var(--rc-space-1));
        padding: 10px var(--rc-space-1);
        border-block-start: 1px solid var(--rc-line-strong);
        background: var(--rc-surface);
        font-size: var(--rc-text-s);
        font-variant-numeric: tabular-nums;
      }

      .consequences {
        container: consequences / inline-size;
      }

      .empty {
        padding-block: var(--rc-space-3);
        border-block: 1px solid var(--rc-line);
        color: var(--rc-text-muted);
      }

      @container consequences (max-width: 559px) {
        table.outcome thead {
          position: absolute;
          inline-size: 1px;
          block-size: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        table.outcome tr {
          display: grid;
          grid-template-columns: auto auto minmax(0, 1fr);
          gap: 0 var(--rc-space-1);
          padding-block: 6px;
          border-block-end: 1px solid var(--rc-line);
        }
        table.outcome :is(th, td) {
          padding: 0;
          border: 0;
        }
        table.outcome th {
          grid-column: 1 / -1;
          font-size: var(--rc-text-s);
          color: var(--rc-text-muted);
        }
        table.outcome td.number {
          white-space: normal;
        }
        table.outcome td.today {
          color: var(--rc-text-muted);
        }
        table.outcome td.today::after {
          content: " \\2192";
          color: var(--rc-text-muted);
        }
      }

      @media print {
        .bar {
          display: none;
        }
      }
    `,
  ];

  declare report: Report | null;
  declare engine: Projecting | null;
  declare locale: string;
  declare currency: string;
  /** Today's numbers as the reader has typed them. */
  declare protected typed: Typed;
  declare protected moved: Moved;
  declare protected assumptions: Record<AssumptionId, number>;
  /** What stands in a field that is being typed in. */
  declare protected texts: Readonly<Record<string, string>>;
  declare protected problems: Readonly<Record<string, string>>;
  declare protected outcome: { today: Projection; scenario: Projection } | null;
  declare protected failure: string;
  /** Why the file's report cannot be projected from, so that totals have to be typed. */
  declare protected refused: string;
  declare protected spoken: string;

  /** Today's projection and the question that it answers. */
  #today: { question: string; projection: Projection } | null = null;
  #isAsking = false;
  #isStale = false;
  #speaking: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.report = null;
    this.engine = null;
    this.locale = "";
    this.currency = "";
    this.typed = {};
    this.moved = {};
    this.assumptions = { discountRate: 0.1, periods: 24 };
    this.texts = {};
    this.problems = {};
    this.outcome = null;
    this.failure = "";
    this.refused = "";
    this.spoken = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#speaking);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("report")) {
      this.typed = {};
      this.moved = {};
      this.texts = {};
      this.problems = {};
      this.outcome = null;
      this.failure = "";
      this.refused = "";
      this.#today = null;
      const periods = { 3: 8, 12: 5 }[periodMonthsOf(this.report)] ?? 24;
      this.assumptions = { ...this.assumptions, periods };
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (
      ["report", "engine", "typed", "moved", "assumptions", "refused"].some((name) =>
        changed.has(name),
      )
    ) {
      void this.#ask();
    }
  }

  get #format(): Format {
    return formatFor(this.locale, this.currency || this.report?.input.currency);
  }

  /** The report, as long as it can be projected from. */
  get #source(): Report | null {
    return this.refused === "" ? this.report : null;
  }

  /** Whether it is known what a customer pays. */
  get #isPriced(): boolean {
    const source = this.#source;
    return this.typed.revenuePerCustomer != null || (source !== null && hasRevenue(source));
  }

  get #start(): Today {
    const base = baseOf(this.#source, this.typed);
    return base && this.outcome ? todayOf(this.outcome.today, base, this.#isPriced) : NOTHING_KNOWN;
  }

  get #noun(): string {
    return periodNoun(periodMonthsOf(this.#source));
  }

  get #isMoved(): boolean {
    const start = this.#start;
    return Object.entries(this.moved).some(([id, value]) => value !== start[id as LeverId]);
  }

  /** Asks for the newest scenario; what comes in the meantime waits, and only the last of it. */
  async #ask(): Promise<void> {
    if (this.#isAsking) {
      this.#isStale = true;
      return;
    }
    this.#isAsking = true;
    try {
      do {
        this.#isStale = false;
        await this.#project();
      } while (this.#isStale);
    } finally {
      this.#isAsking = false;
    }
  }

  async #project(): Promise<void> {
    const { engine } = this;
    const base = baseOf(this.#source, this.typed);
    if (!engine || !base) {
      this.outcome = null;
      return;
    }
    try {
      const asToday = scenarioOf(base, {}, this.assumptions);
      const question = asked(asToday, this.typed);
      if (this.#today?.question !== question) {
        this.#today = { question, projection: await engine.project(asToday) };
      }
      const today = this.#today.projection;
      const scenario = scenarioOf(base, this.moved, this.assumptions);
      const isToday = asked(scenario, this.typed) === question;
      this.outcome = { today, scenario: isToday ? today : await engine.project(scenario) };
      this.failure = "";
      this.#speak();
    } catch (thrown) {
      this.outcome = null;
      const { code = "" } = thrown as { code?: string };
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      if (this.#source && CANNOT_START.test(code)) this.refused = message;
      else this.failure = message;
    }
  }

  #speak(): void {
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => {
      this.spoken = this.#isMoved ? scenarioSentence(this.#consequences(), true) : "";
    }, SPOKEN_AFTER_MS);
  }

  #consequences(): Consequence[] {
    if (!this.outcome) return [];
    const { today, scenario } = this.outcome;
    return consequences(today, scenario, this.#noun, this.#isPriced, this.#format);
  }

  override render(): TemplateResult {
    const format = this.#format;
    const start = this.#start;
    const noun = this.#noun;
    const all = this.#consequences();
    return html`
      <div class="view">
        <div class="columns">
          <div class="levers">
            ${this.#typedFields(noun, format)}
            ${baseOf(this.#source, this.typed) ? this.#levers(start, noun, format) : nothing}
          </div>
          <div class="consequences">${this.#results(all, noun, format)}</div>
        </div>
        ${this.#bar(all)}
        <p class="visually-hidden" role="status">${this.spoken}</p>
      </div>
    `;
  }

  /** What has to be typed: all of today without a report, and revenue where it has none. */
  #typedFields(noun: string, format: Format): TemplateResult | typeof nothing {
    const source = this.#source;
    if (source && hasRevenue(source)) return nothing;
    const fields = source ? TYPED.filter(({ id }) => id === "revenuePerCustomer") : TYPED;
    return html`
      <fieldset class="typed">
        <legend>Today</legend>
        ${
          source
            ? html`<p class="small muted">The file has no amounts; with this number the scenario is said in money, too.</p>`
            : html`
              ${this.refused ? html`<p class="small muted">${this.refused}</p>` : nothing}
              <p class="small muted">Three numbers are enough. <button type="button" class="link" @click=${this.#fillExample}>Fill in an example</button></p>`
        }
        ${fields.map(({ id, label, kind, example }) =>
          numberField({
            id: `today-${id}`,
            label: labelFor(label, noun),
            kind,
            text: this.#text(`today-${id}`, this.typed[id] ?? null, kind, format),
            placeholder: asEntry(example, kind, format.locale),
            problem: this.problems[`today-${id}`],
            unit: unitOf(kind, format),
            onInput: (text) =>
              this.#type(`today-${id}`, text, kind, (value) => {
                this.typed = { ...this.typed, [id]: value };
              }),
          }),
        )}
      </fieldset>
    `;
  }

  #levers(start: Today, noun: string, format: Format): TemplateResult {
    const ahead = `${noun.charAt(0).toUpperCase()}${noun.slice(1)}s ahead`;
    return html`
      <h2>Levers</h2>
      ${leversOf(start, this.moved).map((lever) => this.#lever(lever, start, noun, format))}
      <h2>For both lines</h2>
      <div class="lever">
        ${this.#assumption("discountRate", "Discount rate per year", "share", "%", format)}
        <input
          type="range"
          aria-label="Discount rate per year, as a slider"
          aria-valuetext=${format.value(this.assumptions.discountRate, "share")}
          min="0"
          max="0.5"
          step="0.005"
          .value=${String(this.assumptions.discountRate)}
          @input=${(event: InputEvent) => {
            this.#forget("both-discountRate");
            const value = Number((event.target as HTMLInputElement).value);
            this.assumptions = { ...this.assumptions, discountRate: clean(value, 0, 0.005) };
          }}
        />
      </div>
      <div class="pair">
        ${this.#assumption("periods", ahead, "count", undefined, format)}
      </div>
      ${this.#isMoved ? html`<p><button type="button" @click=${this.#reset}>Back to today</button></p>` : nothing}
    `;
  }

  #lever(lever: Lever, start: Today, noun: string, format: Format): TemplateResult {
    const { id, kind, low, high, step } = lever;
    const today = start[id];
    const value = this.moved[id] ?? today;
    const key = `lever-${id}`;
    const label = labelFor(lever.label, noun);
    const move = (to: number | null): void => {
      const { [id]: _before, ...others } = this.moved;
      this.moved = to === null ? others : { ...others, [id]: to };
    };
    const isMoved = value !== today;
    return html`
      <div class="lever">
        ${numberField({
          id: key,
          label,
          kind,
          text: this.#text(key, value, kind, format),
          problem: this.problems[key],
          unit: unitOf(kind, format),
          onInput: (text) => this.#type(key, text, kind, move),
        })}
        <input
          type="range"
          aria-label=${`${label}, as a slider`}
          aria-valuetext=${value === null ? nothing : format.value(value, kind)}
          min=${low}
          max=${high}
          step=${step}
          .value=${String(value ?? low)}
          ?disabled=${value === null}
          @input=${(event: InputEvent) => {
            this.#forget(key);
            move(clean(Number((event.target as HTMLInputElement).value), low, step));
          }}
        />
        <span class="back">
          <span>Today ${today === null ? "not known" : format.value(today, kind)}${id === "grossMargin" && marginOf(this.report) === null ? " (assumed)" : ""}</span>
          ${
            isMoved && today !== null
              ? html`<button type="button" class="link" aria-label=${`${label}: back to today`} @click=${() => {
                  this.#forget(key);
                  move(null);
                }}>Back</button>`
              : nothing
          }
        </span>
      </div>
    `;
  }

  #assumption(
    id: AssumptionId,
    label: string,
    kind: NumberKind,
    unit: string | undefined,
    format: Format,
  ): TemplateResult {
    const key = `both-${id}`;
    return numberField({
      id: key,
      label,
      kind,
      text: this.#text(key, this.assumptions[id], kind, format),
      problem: this.problems[key],
      unit,
      onInput: (text) =>
        this.#type(key, text, kind, (value) => {
          if (value === null) return;
          if (id === "periods" && (value < 1 || 240 < value)) {
            this.problems = { ...this.problems, [key]: "Type a number from 1 to 240." };
            return;
          }
          this.assumptions = { ...this.assumptions, [id]: value };
        }),
    });
  }

  #results(all: readonly Consequence[], noun: string, format: Format): TemplateResult {
    if (this.failure) return html`<p class="empty" role="alert">${this.failure}</p>`;
    if (!baseOf(this.#source, this.typed)) {
      return html`<p class="empty">Type today's customers, their revenue and how many you keep, and the line to here appears.</p>`;
    }
    if (!this.outcome) return html`<p class="empty">Working it out.</p>`;
    const { today, scenario } = this.outcome;
    const isMoved = this.#isMoved;
    return html`
      <p class="lede">${scenarioSentence(all, isMoved)}</p>
      <rc-curve-comparison
        .format=${format}
        .heading=${this.#finding(all, isMoved)}
        .subheading=${`Customers at the end of each ${noun}, as today and under the scenario`}
        .history=${this.#history()}
        .today=${[today.start.customers, ...fromPeriodOne(today)]}
        .scenario=${isMoved ? [scenario.start.customers, ...fromPeriodOne(scenario)] : []}
        .measure=${"Customers"}
        .unit=${"count"}
        .periodName=${noun}
      ></rc-curve-comparison>
      <table class="outcome">
        <caption class="visually-hidden">Consequences, as today and under the scenario</caption>
        <thead>
          <tr>
            <th scope="col">Consequence</th>
            <th scope="col" class="number">As today</th>
            <th scope="col" class="number">Scenario</th>
            <th scope="col" class="number">Difference</th>
          </tr>
        </thead>
        <tbody>
          ${all.map((one) => {
            const isBetter = one.change === null ? null : isForTheBetter(one.change, "more");
            return html`<tr>
              <th scope="row">${one.label}</th>
              <td class="number today">${one.today}</td>
              <td class="number scenario">${one.scenario}</td>
              <td class="number ${isBetter === null ? "" : isBetter ? "better" : "worse"}">${one.difference}</td>
            </tr>`;
          })}
        </tbody>
      </table>
      ${all.filter(({ why }) => why).map(({ label, why }) => html`<p class="aside">${label}: ${why}.</p>`)}
      <p class="aside">
        In every ${noun} the same share of customers is kept, however long they have been there; that is too hard on old customers and too kind to new ones.
        ${this.#source && this.#source.input.shape !== "accounts" ? html`New customers, expansion and contraction go on as on average in the complete periods.` : nothing}
      </p>
    `;
  }

  #finding(all: readonly Consequence[], isMoved: boolean): string {
    const customers = all.find(({ id }) => id === "customers");
    if (!customers) return "Customers from here on";
    const after = customers.label.replace("Customers after ", "after ");
    if (!isMoved || customers.change === null)
      return `As today: ${customers.today} customers ${after}`;
    if (Math.abs(customers.change) < 0.5)
      return `The scenario leaves the number of customers as it is: ${customers.today} ${after}`;
    return `The scenario leads to ${customers.scenario} customers ${after}, ${customers.difference} on today's course`;
  }

  /** Customers at the end of the last periods, up to the one that the core starts from. */
  #history(): number[] {
    const report = this.#source;
    const now = this.outcome?.today.start.customers;
    if (!report || report.input.shape === "accounts" || now === undefined) return [];
    const ends = report.periods.map(({ customers }) => customers.end ?? null);
    if (ends.at(-1) !== now && report.periods.at(-1)?.partial) ends.pop();
    if (ends.at(-1) !== now) return [];
    const last = ends.slice(-13);
    return last.slice(last.lastIndexOf(null) + 1).filter((end) => end !== null);
  }

  /** The money of the scenario, in sight while the levers are moved on a narrow screen. */
  #bar(all: readonly Consequence[]): TemplateResult | typeof nothing {
    const clv = all.find(({ id }) => id === "clv");
    const customers = all.find(({ id }) => id === "customers");
    if (!clv || !customers || !this.#isMoved) return nothing;
    return html`<div class="bar" aria-hidden="true">
      Lifetime value <strong>${clv.scenario}</strong> ${clv.difference ? `(${clv.difference})` : ""} · ${customers.label.toLowerCase()} <strong>${customers.scenario}</strong> (${customers.difference})
    </div>`;
  }

  #text(key: string, value: number | null, kind: NumberKind, format: Format): string {
    return (
      this.texts[key] ?? (value === null ? "" : asEntry(rounded(value, kind), kind, format.locale))
    );
  }

  #type(key: string, text: string, kind: NumberKind, take: (value: number | null) => void): void {
    this.texts = { ...this.texts, [key]: text };
    const { [key]: _solved, ...problems } = this.problems;
    const entry = readEntry(text, kind, this.#format.locale);
    if (entry !== null && "problem" in entry) {
      this.problems = { ...problems, [key]: entry.problem };
      return;
    }
    const value = entry === null ? null : entry.value;
    const problem = value === null ? undefined : problemOf(value, kind);
    this.problems = problem === undefined ? problems : { ...problems, [key]: problem };
    if (problem === undefined) take(value);
  }

  #forget(key: string): void {
    const { [key]: _text, ...texts } = this.texts;
    const { [key]: _problem, ...problems } = this.problems;
    this.texts = texts;
    this.problems = problems;
  }

  #fillExample(): void {
    this.texts = {};
    this.problems = {};
    this.typed = Object.fromEntries(TYPED.map(({ id, example }) => [id, example]));
  }

  #reset(): void {
    this.texts = Object.fromEntries(
      Object.entries(this.texts).filter(([key]) => !key.startsWith("lever-")),
    );
    this.problems = {};
    this.moved = {};
  }
}

function labelFor(label: string, noun: string): string {
  return /(each|and)$/.test(label) ? `${label} ${noun}` : label;
}

function unitOf(kind: NumberKind, format: Format): string | undefined {
  if (kind === "share") return "%";
  return kind === "money" ? (format.currency ?? undefined) : undefined;
}

/** As many decimals as can be told apart in a field. */
function rounded(value: number, kind: NumberKind): number {
  const digits = kind === "share" ? 4 : kind === "money" ? 2 : kind === "count" ? 0 : 1;
  return Number(value.toFixed(digits));
}

/** What a slider gives, without the dust of binary fractions. */
function clean(value: number, low: number, step: number): number {
  const digits = Math.max(
    0,
    Math.ceil(-Math.log10(step)) + 1,
    (String(low).split(".")[1] ?? "").length,
  );
  return Number(value.toFixed(Math.min(12, digits)));
}

function problemOf(value: number, kind: NumberKind): string | undefined {
  if (value < 0) return "It cannot be below 0. Type it without a minus sign.";
  return kind === "share" && 1 < value
    ? "It cannot be above 100 %. Type the percentage, such as 92."
    : undefined;
}

/** Customers by period, from the first period after now. */
function fromPeriodOne(projection: Projection): number[] {
  return projection.periods.filter(({ period }) => 0 < period).map(({ customers }) => customers);
}

/** A question to the core as text that can be compared; the report itself is the same until reset. */
function asked({ from: _from, ...levers }: Scenario, typed: Typed): string {
  return JSON.stringify([levers, typed]);
}
