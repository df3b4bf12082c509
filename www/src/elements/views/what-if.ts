/**
 * `<rc-what-if>`: levers on one side, consequences on the other, today's line always in sight.
 *
 * It projects nothing: each movement of a lever is one question to the core, and while one is being
 * answered only the newest waits. It works on a report and, without one, on typed numbers. It touches
 * no address: what a link has to hold is told by an event.
 */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import type {
  Claim,
  FormulaInfo,
  Goal,
  GoalAnswer,
  LifetimeView,
  Projection,
  Report,
  Scenario,
} from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor, type NumberKind } from "../format.ts";
import { asEntry, readEntry } from "../number-entry.ts";
import { numberField, numberFieldStyles } from "../number-field.ts";
import { WideTables } from "../wide-tables.ts";
import { capitalised, whyWords } from "../words.ts";
import type { Column } from "./cases.ts";
import { choiceOf } from "./choice.ts";
import type { ClaimEvent } from "./claims.ts";
import type { Derived } from "./derivation.ts";
import {
  derivedOutcome,
  derivedReckoning,
  type OutcomeContext,
  type Side,
} from "./derived-outcome.ts";
import {
  type Consequence,
  consequences,
  differenceWords,
  outcomeName,
  outcomeWords,
  scenarioSentence,
} from "./difference.ts";
import { timeWords } from "./findings.ts";
import type { FoundEvent } from "./goal-seek.ts";
import { leverWords, type Sought } from "./goal-seek.ts";
import { isForTheBetter } from "./headline.ts";
import { type Case, type Lab, MOST_CASES, plainCase, readLab, writeLab } from "./lab.ts";
import { messageOf } from "./latest.ts";
import {
  ALL_BY_AVERAGE,
  type AssumptionId,
  baseOf,
  type Choice,
  type Curve,
  cacOf,
  curvesOf,
  DRAWS,
  hasRevenue,
  type Lever,
  type LeverId,
  leversOf,
  type Moved,
  marginOf,
  NOTHING_KNOWN,
  type Programme,
  periodMonthsOf,
  periodNoun,
  scenarioOf,
  segmentsOf,
  type Today,
  type Typed,
  type TypedId,
  todayOf,
} from "./levers.ts";
import { viewStyles } from "./view.styles.ts";

/** What the view needs of the engine. */
export interface Projecting {
  /** Projects the scenario in hand; the host is told of it. */
  project(scenario: Scenario): Promise<Projection>;
  /** Projects another one beside it. */
  projectAside(scenario: Scenario): Promise<Projection>;
  seek(goal: Goal): Promise<GoalAnswer>;
  claims(): Promise<Claim[]>;
  /** The catalogue that says how formulas are written. */
  formulas(): Promise<readonly FormulaInfo[]>;
}

/** The lab is another one: what a link to it has to hold. */
export class LabEvent extends Event {
  static readonly type = "rc-lab";
  readonly lab: string;

  constructor(lab: string) {
    super(LabEvent.type, { bubbles: true });
    this.lab = lab;
  }
}

const TYPED: readonly { id: TypedId; label: string; kind: NumberKind; example: number }[] = [
  { id: "customers", label: "Customers now", kind: "count", example: 500 },
  { id: "revenuePerCustomer", label: "Revenue per customer and", kind: "money", example: 50 },
  { id: "retention", label: "Customers kept each", kind: "share", example: 0.92 },
  { id: "n", label: "Counted from how many customers (optional)", kind: "count", example: 500 },
];

const CURVE_WORDS: Readonly<Record<Curve, string>> = {
  average: "Average churn of the file, the same at all ages",
  geometric: "Fitted: one churn for all (geometric)",
  sbg: "Fitted: customers differ (shifted beta-geometric)",
  bdw: "Fitted: customers differ, and risk changes with age (beta-discrete Weibull)",
};

const PROGRAMME: Programme = { cost: 0, startPeriod: 1, churnReduction: 0.1 };

const DEFAULTS: Record<AssumptionId, number> = { discountRate: 0.1, periods: 36, growthGoal: 0.1 };

/** What a lever of the core is called here. */
const LEVER_OF_CORE: Readonly<Record<string, LeverId>> = { price: "revenuePerCustomer" };

/** The fields of a programme by the levers of the core. */
const OF_PROGRAMME: Readonly<Record<string, keyof Programme>> = {
  programmeReduction: "churnReduction",
  programmeCost: "cost",
  programmeStart: "startPeriod",
};

/** Codes of the core for a report that nothing can be projected from. */
const CANNOT_START = /^report-without-(customers|periods|retention)/;

/** Quiet time before the outcome is read out. */
const SPOKEN_AFTER_MS = 900;

/** The what-if. */
export class WhatIfElement extends LitElement {
  static override properties = {
    report: { attribute: false },
    engine: { attribute: false },
    lab: { attribute: false },
    locale: {},
    currency: {},
    typed: { state: true },
    typedMonths: { state: true },
    isAside: { state: true },
    choice: { state: true },
    cases: { state: true },
    chosen: { state: true },
    assumptions: { state: true },
    measure: { state: true },
    sensitivityOf: { state: true },
    texts: { state: true },
    problems: { state: true },
    outcome: { state: true },
    others: { state: true },
    failure: { state: true },
    refused: { state: true },
    spoken: { state: true },
    copied: { state: true },
    withTotals: { state: true },
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

      .further {
        display: grid;
        gap: var(--rc-space-3);
      }

      .further summary {
        min-block-size: 32px;
        font-weight: var(--rc-weight-strong);
        cursor: pointer;
      }

      .further > div {
        display: grid;
        gap: var(--rc-space-3);
        padding-block-start: var(--rc-space-2);
      }

      .bench {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--rc-space-1) var(--rc-space-2);
        padding-block-end: var(--rc-space-2);
        border-block-end: 1px solid var(--rc-line);
      }

      .bench .name input {
        inline-size: 13rem;
        max-inline-size: 100%;
      }

      .select {
        display: grid;
        gap: var(--rc-space-half);
      }

      .select select {
        inline-size: 100%;
      }

      .interval {
        display: block;
        font-weight: 400;
        font-size: var(--rc-text-s);
        color: var(--rc-text-muted);
      }

      .box {
        overflow-x: auto;
      }

      .lifetimes td {
        white-space: nowrap;
      }

      .lifetimes th[scope="row"] {
        font-weight: 400;
      }

      .share {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--rc-space-1) var(--rc-space-2);
      }

      .share label {
        display: inline-flex;
        align-items: center;
        gap: var(--rc-space-1);
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
          grid-template-columns: auto minmax(0, auto) minmax(min-content, 1fr);
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
        table.outcome td:last-child {
          white-space: nowrap;
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
  /** The lab to begin with, as text of a link. */
  declare lab: string;
  declare locale: string;
  declare currency: string;
  /** Today's numbers as the reader has typed them. */
  declare protected typed: Typed;
  /** Months in a period of typed totals. */
  declare protected typedMonths: number;
  /** Whether the report is left aside for a claim on round numbers. */
  declare protected isAside: boolean;
  declare protected choice: Choice;
  declare protected cases: readonly Case[];
  declare protected chosen: number;
  declare protected assumptions: Readonly<Record<AssumptionId, number>>;
  declare protected measure: "customers" | "revenue";
  declare protected sensitivityOf: string;
  /** What stands in a field that is being typed in. */
  declare protected texts: Readonly<Record<string, string>>;
  declare protected problems: Readonly<Record<string, string>>;
  declare protected outcome: Projection | null;
  /** The cases that are not in hand, each with its projection. */
  declare protected others: readonly (Projection | null)[];
  declare protected failure: string;
  /** Why the file's report cannot be projected from, so that totals have to be typed. */
  declare protected refused: string;
  declare protected spoken: string;
  declare protected copied: string;
  declare protected withTotals: boolean;

  #asked: Scenario | null = null;
  #isAsking = false;
  #isStale = false;
  #known = new Map<string, Projection>();
  #base: { of: unknown[]; base: ReturnType<typeof baseOf> } | null = null;
  #told = "";
  #speaking: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new WideTables(this);
    this.report = null;
    this.engine = null;
    this.lab = "";
    this.locale = "";
    this.currency = "";
    this.typed = {};
    this.typedMonths = 1;
    this.isAside = false;
    this.choice = ALL_BY_AVERAGE;
    this.cases = [plainCase(1)];
    this.chosen = 0;
    this.assumptions = DEFAULTS;
    this.measure = "customers";
    this.sensitivityOf = "presentValue";
    this.texts = {};
    this.problems = {};
    this.outcome = null;
    this.others = [];
    this.failure = "";
    this.refused = "";
    this.spoken = "";
    this.copied = "";
    this.withTotals = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#speaking);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const isNewLab = changed.has("lab") && this.lab !== this.#told;
    if (changed.has("report") || isNewLab) {
      const { curve } = this.choice;
      this.texts = {};
      this.problems = {};
      this.outcome = null;
      this.others = [];
      this.failure = "";
      this.refused = "";
      this.#known.clear();
      this.isAside = false;
      const lab = readLab(this.lab);
      const periods = { 3: 12, 12: 5 }[periodMonthsOf(this.report)] ?? DEFAULTS.periods;
      this.typed = lab?.typed ?? {};
      this.typedMonths = lab?.periodMonths ?? 1;
      this.cases = lab?.cases ?? [plainCase(1)];
      this.chosen = lab?.chosen ?? 0;
      this.assumptions = { ...DEFAULTS, periods, ...lab?.assumptions };
      const choice = lab?.choice ?? { ...ALL_BY_AVERAGE, curve };
      this.choice = {
        curve: curvesOf(this.report).includes(choice.curve) ? choice.curve : "average",
        segment: segmentsOf(this.report).includes(choice.segment ?? "") ? choice.segment : null,
      };
    }
  }

  protected override updated(changed: PropertyValues): void {
    const asks = ["report", "engine", "lab", "typed", "typedMonths", "isAside", "choice", "cases"];
    const too = ["chosen", "assumptions", "refused", "sensitivityOf"];
    if ([...asks, ...too].some((name) => changed.has(name))) {
      this.#tell();
      void this.#ask();
    }
  }

  get #format(): Format {
    return formatFor(this.locale, this.currency || this.report?.input.currency);
  }

  /** The report, as long as it can be projected from and is not left aside. */
  get #source(): Report | null {
    return this.refused === "" && !this.isAside ? this.report : null;
  }

  get #case(): Case {
    return this.cases[this.chosen] ?? plainCase(1);
  }

  /** Whether it is known what a customer pays. */
  get #isPriced(): boolean {
    const source = this.#source;
    return this.typed.revenuePerCustomer != null || (source !== null && hasRevenue(source));
  }

  /** The start, made once for each. */
  get #start() {
    const of = [this.#source, this.typed, this.typedMonths];
    if (!this.#base || this.#base.of.some((one, index) => one !== of[index])) {
      this.#base = { of, base: baseOf(this.#source, this.typed, this.typedMonths) };
      this.#known.clear();
    }
    return this.#base.base;
  }

  get #noun(): string {
    return periodNoun(this.#source ? periodMonthsOf(this.#source) : this.typedMonths);
  }

  get #today(): Today {
    const base = this.#start;
    const against = this.outcome?.against;
    return base && against
      ? todayOf(against, base, this.#isPriced, cacOf(this.#source))
      : NOTHING_KNOWN;
  }

  get #isMoved(): boolean {
    const today = this.#today;
    const { moved, programme } = this.#case;
    return (
      programme !== null ||
      Object.entries(moved).some(([id, value]) => value !== today[id as LeverId])
    );
  }

  get #lab(): Lab {
    const { typed, typedMonths: periodMonths, choice, cases, chosen } = this;
    const defaults: Readonly<Record<AssumptionId, number>> = DEFAULTS;
    const assumptions = Object.fromEntries(
      Object.entries(this.assumptions).filter(
        ([id, value]) => value !== defaults[id as AssumptionId],
      ),
    );
    return { typed, periodMonths, assumptions, choice, cases, chosen };
  }

  /** Says what a link to this lab has to hold. */
  #tell(): void {
    const lab = writeLab(this.#lab);
    if (lab === this.#told || (this.#told === "" && lab === this.lab)) {
      this.#told = lab;
      return;
    }
    this.#told = lab;
    this.copied = "";
    this.dispatchEvent(new LabEvent(lab));
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

  #scenarioOf({ moved, programme, name }: Case): Scenario | null {
    const base = this.#start;
    if (!base) return null;
    const cac = cacOf(this.#source);
    return {
      ...scenarioOf(base, moved, this.assumptions, this.choice, { programme, cac }),
      ...DRAWS,
      name,
      sensitivityOf: this.sensitivityOf,
    };
  }

  async #project(): Promise<void> {
    const { engine } = this;
    const scenario = this.#scenarioOf(this.#case);
    if (!engine || !scenario) {
      this.outcome = null;
      this.others = [];
      return;
    }
    try {
      this.#asked = scenario;
      this.outcome = await engine.project(scenario);
      this.failure = "";
      this.#speak();
    } catch (thrown) {
      this.outcome = null;
      const { code = "" } = thrown as { code?: string };
      const message = messageOf(thrown);
      if (this.#source && CANNOT_START.test(code)) this.refused = message;
      else this.failure = message;
      return;
    }
    // The others are the same while this one is moved.
    if (1 < this.cases.length && !this.#isStale) this.others = await this.#aside(engine);
  }

  async #aside(engine: Projecting): Promise<(Projection | null)[]> {
    const all: (Projection | null)[] = [];
    for (const [index, one] of this.cases.entries()) {
      const scenario = index === this.chosen ? null : this.#scenarioOf(one);
      if (!scenario) {
        all.push(null);
        continue;
      }
      const { from: _from, ...rest } = scenario;
      const key = JSON.stringify(rest);
      try {
        const projection = this.#known.get(key) ?? (await engine.projectAside(scenario));
        this.#known.set(key, projection);
        all.push(projection);
      } catch {
        // What is wrong with it is said when it is in hand.
        all.push(null);
      }
    }
    return all;
  }

  #speak(): void {
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => {
      this.spoken = this.#isMoved ? scenarioSentence(this.#consequences(), true) : "";
    }, SPOKEN_AFTER_MS);
  }

  #consequences(): Consequence[] {
    return this.outcome ? consequences(this.outcome, this.#noun, this.#isPriced, this.#format) : [];
  }

  override render(): TemplateResult {
    const format = this.#format;
    const today = this.#today;
    const noun = this.#noun;
    const all = this.#consequences();
    // A lever that is moved is drawn at once, and what follows from it when the core has said so.
    const drawn = [
      ...[this.outcome, this.failure, this.measure, this.sensitivityOf, this.choice],
      ...[this.#isMoved, this.#isPriced, this.#case.programme === null, this.#start, this.engine],
      ...[format, this.locale, this.#case.moved.grossMargin === undefined],
    ];
    return html`
      <div class="view" @rc-claim=${this.#openClaim} @rc-found=${this.#takeFound}>
        ${this.#start ? this.#bench() : nothing}
        <div class="columns">
          <div class="levers">
            ${this.#startFields(noun, format)}
            ${this.#start ? this.#levers(today, noun, format) : nothing}
          </div>
          <div class="consequences">${guard(drawn, () => this.#results(all, noun, format))}</div>
        </div>
        ${this.#sideBySide(noun)}
        ${guard(drawn, () => (this.outcome ? this.#analysis(this.outcome, noun, format) : nothing))}
        <rc-claims .engine=${this.engine} .locale=${this.locale}></rc-claims>
        ${this.#bar(all)}
        <rc-derivation .format=${format}></rc-derivation>
        <p class="visually-hidden" role="status">${this.spoken}</p>
      </div>
    `;
  }

  /** The scenarios that stand side by side, and what can be done with them. */
  #bench(): TemplateResult {
    const { cases, chosen } = this;
    return html`
      <div class="bench">
        ${choiceOf(
          "Scenarios",
          "case",
          String(chosen),
          cases.map(({ name }, index) => [String(index), html`<bdi>${name}</bdi>`]),
          (value) => this.#hold(Number(value)),
        )}
        <div class="field name">
          <label for="case-name" class="small muted">Its name</label>
          <input id="case-name" type="text" maxlength="60" autocomplete="off" .value=${this.#case.name} @input=${(
            event: InputEvent,
          ) => {
            const name = (event.target as HTMLInputElement).value;
            this.#change({ name });
          }} />
        </div>
        <button type="button" ?disabled=${MOST_CASES <= cases.length} @click=${this.#copyCase}>Copy as another</button>
        ${cases.length < 2 ? nothing : html`<button type="button" @click=${this.#dropCase}>Remove</button>`}
        ${this.#share()}
      </div>
    `;
  }

  #share(): TemplateResult | typeof nothing {
    const { segment } = this.choice;
    const canHaveTotals = this.#source !== null && this.outcome !== null && segment === null;
    return html`
      <div class="share">
        <button type="button" @click=${this.#copyLink}>Copy link</button>
        ${
          canHaveTotals
            ? html`<label class="small"><input type="checkbox" .checked=${this.withTotals} @change=${(
                event: Event,
              ) => {
                this.withTotals = (event.target as HTMLInputElement).checked;
                this.copied = "";
              }} /> with today's totals, for who has not the file</label>`
            : nothing
        }
        <span class="small muted" role="status">${this.copied}</span>
      </div>
    `;
  }

  /** What has to be typed: all of today without a report, and revenue where it has none. */
  #startFields(noun: string, format: Format): TemplateResult | typeof nothing {
    const source = this.#source;
    if (source && hasRevenue(source)) return this.#choices(source);
    const fields = source ? TYPED.filter(({ id }) => id === "revenuePerCustomer") : TYPED;
    return html`
      ${source ? this.#choices(source) : nothing}
      <fieldset class="typed">
        <legend>Today</legend>
        ${
          source
            ? html`<p class="small muted">The file has no amounts; with this number the scenario is said in money, too.</p>`
            : html`
              ${this.refused ? html`<p class="small muted">${this.refused}</p>` : nothing}
              ${
                this.isAside
                  ? html`<p class="small muted">These are the round numbers of a claim; your file is left aside. <button type="button" class="link" @click=${this.#backToFile}>Back to the file</button></p>`
                  : html`<p class="small muted">Three numbers are enough. <button type="button" class="link" @click=${this.#fillExample}>Fill in an example</button></p>`
              }`
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

  /** The curve and the segment of a file. */
  #choices(report: Report): TemplateResult | typeof nothing {
    const [curves, segments] = [curvesOf(report), segmentsOf(report)];
    const { curve, segment } = this.choice;
    return html`
      ${
        segments.length === 0
          ? nothing
          : html`<label class="select"><span>The levers are about</span>
              <select @change=${(event: Event) => {
                const { value } = event.target as HTMLSelectElement;
                this.#choose({ segment: value === "" ? null : (segments[Number(value)] ?? null) });
              }}>
                <option value="" ?selected=${segment === null}>all customers</option>
                ${segments.map((name, index) => html`<option value=${index} ?selected=${name === segment}>${name === "" ? "customers without a segment" : name}</option>`)}
              </select>
              ${segment === null ? nothing : html`<span class="small muted">The other segments go on as today; consequences are those of the whole, lifespan and lifetime value those of the segment.</span>`}
            </label>`
      }
      ${
        curves.length === 0 || segment !== null
          ? nothing
          : html`<label class="select"><span>How customers leave</span>
              <select @change=${(event: Event) => this.#choose({ curve: (event.target as HTMLSelectElement).value as Curve })}>
                ${(["average", ...curves] as Curve[]).map((id) => html`<option value=${id} ?selected=${id === curve}>${CURVE_WORDS[id]}</option>`)}
              </select>
            </label>`
      }
    `;
  }

  #levers(today: Today, noun: string, format: Format): TemplateResult {
    const ahead = `${capitalised(noun)}s ahead`;
    const levers = leversOf(today, this.#case.moved);
    const further = levers.filter(({ isFurther }) => isFurther);
    const isFurtherMoved =
      further.some(({ id }) => this.#case.moved[id] !== undefined) || this.#case.programme !== null;
    return html`
      <h2>Levers</h2>
      ${levers.filter(({ isFurther }) => !isFurther).map((lever) => this.#lever(lever, today, noun, format))}
      <details class="further" ?open=${isFurtherMoved}>
        <summary>More levers, and a retention programme</summary>
        <div>
          ${further.map((lever) => this.#lever(lever, today, noun, format))}
          ${this.#programmeFields(noun, format)}
        </div>
      </details>
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
        ${this.#assumption("growthGoal", "Growth wanted a year", "share", "%", format)}
      </div>
      ${this.#isMoved ? html`<p><button type="button" @click=${this.#reset}>Back to today</button></p>` : nothing}
    `;
  }

  #lever(lever: Lever, start: Today, noun: string, format: Format): TemplateResult {
    const { id, kind, low, high, step } = lever;
    const today = start[id];
    const { moved } = this.#case;
    const base = this.#start;
    // Where another lever takes this one along, it stands where that has put it.
    const taken = this.outcome && base ? todayOf(this.outcome, base, this.#isPriced)[id] : null;
    const isTaken = id === "firstPeriodChurn" || id === "tailChurn" || id === "retention";
    const value = moved[id] ?? (isTaken ? taken : null) ?? today;
    const key = `lever-${id}`;
    const label = labelFor(lever.label, noun);
    const move = (to: number | null): void => {
      const { [id]: _before, ...others }: Moved = this.#case.moved;
      // One retention for all ages takes the two parts of it along.
      const { firstPeriodChurn: _first, tailChurn: _tail, ...whole }: Moved = others;
      const rest = id === "retention" ? whole : others;
      this.#change({ moved: to === null ? rest : { ...rest, [id]: to } });
    };
    const isMoved = moved[id] !== undefined && moved[id] !== today;
    const isAssumed = id === "grossMargin" && marginOf(this.#source) === null;
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
          aria-valuetext=${value === null ? nothing : leverWords(kind, value, format)}
          min=${low}
          max=${high}
          step=${step}
          .value=${String(value ?? low)}
          @input=${(event: InputEvent) => {
            this.#forget(key);
            move(clean(Number((event.target as HTMLInputElement).value), low, step));
          }}
        />
        <span class="back">
          <span>Today ${today === null ? "not known" : format.value(today, kind)}${isAssumed ? " (assumed)" : ""}</span>
          ${
            isMoved
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

  #programmeFields(noun: string, format: Format): TemplateResult {
    const { programme } = this.#case;
    const field = (id: keyof Programme, label: string, kind: NumberKind): TemplateResult => {
      const key = `programme-${id}`;
      return numberField({
        id: key,
        label,
        kind,
        text: this.#text(key, programme?.[id] ?? null, kind, format),
        problem: this.problems[key],
        unit: unitOf(kind, format),
        onInput: (text) =>
          this.#type(key, text, kind, (value) => {
            if (id === "startPeriod" && (value === null || value < 1 || 1200 < value)) {
              this.problems = { ...this.problems, [key]: "Type a number from 1 to 1,200." };
              return;
            }
            this.#change({
              programme: { ...PROGRAMME, ...this.#case.programme, [id]: value ?? 0 },
            });
          }),
      });
    };
    return html`
      <fieldset class="typed">
        <legend>Retention programme</legend>
        <label class="small"><input type="checkbox" .checked=${programme !== null} @change=${(
          event: Event,
        ) => {
          const isOn = (event.target as HTMLInputElement).checked;
          for (const id of Object.keys(PROGRAMME)) this.#forget(`programme-${id}`);
          this.#change({ programme: isOn ? PROGRAMME : null });
        }} /> A programme averts part of the churn</label>
        ${
          programme === null
            ? nothing
            : html`
              ${field("churnReduction", "Share of the churn that it averts", "share")}
              ${field("cost", "What it costs in all", "money")}
              ${field("startPeriod", `The ${noun} it starts in`, "count")}`
        }
      </fieldset>
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
    if (!this.#start) {
      return html`<p class="empty">Type today's customers, their revenue and how many you keep, and the line to here appears.</p>`;
    }
    const scenario = this.outcome;
    const today = scenario?.against;
    if (!scenario || !today) return html`<p class="empty">Working it out.</p>`;
    const isMoved = this.#isMoved;
    const isRevenue = this.measure === "revenue" && this.#isPriced;
    const line = (projection: Projection): number[] =>
      isRevenue
        ? [projection.now.mrr, ...projection.periods.map(({ mrr }) => mrr)]
        : [projection.now.customers, ...projection.periods.map(({ customers }) => customers)];
    return html`
      <p class="lede">${scenarioSentence(all, isMoved)}</p>
      ${
        this.#isPriced
          ? choiceOf(
              "Drawn",
              "measure",
              this.measure,
              [
                ["customers", "Customers"],
                ["revenue", "Monthly revenue (MRR)"],
              ],
              (value) => {
                this.measure = value;
              },
            )
          : nothing
      }
      <rc-curve-comparison
        .format=${format}
        .heading=${this.#finding(all, isMoved, isRevenue)}
        .subheading=${`${isRevenue ? "Monthly recurring revenue" : "Customers"} at the end of each ${noun}, as today and under the scenario`}
        .history=${isRevenue ? [] : this.#history()}
        .today=${line(today)}
        .scenario=${isMoved ? line(scenario) : []}
        .band=${this.#band(scenario, isRevenue)}
        .uncertainty=${this.#uncertainty(scenario, format)}
        .measure=${isRevenue ? "MRR" : "Customers"}
        .unit=${isRevenue ? "money" : "count"}
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
            const isBetter =
              one.change === null || one.difference === "none"
                ? null
                : isForTheBetter(one.change, one.better);
            return html`<tr data-outcome=${one.id}>
              <th scope="row">${one.label}</th>
              <td class="number today">${this.#opener(one, "today", noun, format)}</td>
              <td class="number scenario">${this.#opener(one, "scenario", noun, format)}${one.interval ? html`<span class="interval">${one.interval}</span>` : nothing}</td>
              <td class="number ${isBetter === null ? "" : isBetter ? "better" : "worse"}">${one.difference}</td>
            </tr>`;
          })}
        </tbody>
      </table>
      ${all.filter(({ why }) => why).map(({ label, why }) => html`<p class="aside">${label}: ${why}.</p>`)}
      ${this.#bySegments(scenario, noun, format)}
      <p class="aside">
        ${
          this.choice.segment !== null
            ? html`In every ${noun} each segment keeps its own share of customers, that of all complete periods; new customers, expansion and contraction are those of the whole, shared out as in the last twelve months.`
            : this.choice.curve === "average" || !this.#source
              ? html`In every ${noun} the same share of customers is kept, however long they have been there; that is too hard on old customers and too kind to new ones.`
              : html`Customers leave by their age, as the fitted curve has it; today's are as old as the cohorts of the file say.`
        }
        ${this.#source && this.#source.input.shape !== "accounts" && this.choice.segment === null ? html`New customers, expansion and contraction go on as on average in the complete periods.` : nothing}
      </p>
    `;
  }

  /** A consequence as the button that opens it; plain where it has no number. */
  #opener(one: Consequence, side: Side, noun: string, format: Format): TemplateResult | string {
    const isNumber = (side === "today" ? one.outcome.today : one.outcome.value) != null;
    if (!isNumber) return one[side];
    return this.#button(one[side], noun, format, (context) =>
      this.outcome ? derivedOutcome(this.outcome, one.outcome, side, context) : null,
    );
  }

  /** Words that open the panel on what they stand for. */
  #button(
    words: string,
    noun: string,
    format: Format,
    derive: (context: OutcomeContext) => Derived | null,
  ): TemplateResult {
    const open = async () => {
      const formulas = (await this.engine?.formulas()) ?? [];
      const from = this.#source
        ? "The file's own churn, revenue and new customers, and the levers as they stand"
        : "The totals that were typed, and the levers as they stand";
      const derived = derive({ noun, from, formulas, format });
      if (derived) await this.renderRoot.querySelector("rc-derivation")?.show(derived);
    };
    return html`<button type="button" class="worked" aria-haspopup="dialog" @click=${open}>${words}</button>`;
  }

  /** Each segment, and where all would be by the average of the whole. */
  #bySegments(scenario: Projection, noun: string, format: Format): TemplateResult | typeof nothing {
    const { segments, byAverage, against } = scenario;
    if (segments.length === 0) return nothing;
    const after = timeWords(scenario.periods.length, noun, format);
    const today = against?.periods.at(-1)?.customers;
    return html`
      <details>
        <summary>Segment by segment</summary>
        <div class="box" tabindex="0" role="region" aria-label="Table: segments after the projection">
          <table class="lifetimes stacks">
            <caption class="visually-hidden">Segments after ${after}</caption>
            <thead>
              <tr>
                <th scope="col">Segment</th>
                <th scope="col" class="number">Kept each ${noun}</th>
                <th scope="col" class="number">Customers after ${after}, as today</th>
                <th scope="col" class="number">Scenario</th>
              </tr>
            </thead>
            <tbody>
              ${segments.map(
                ({ name, changed, start, customers, todayCustomers }) => html`<tr>
                  <th scope="row"><bdi>${name === "" ? "without a segment" : name}</bdi>${changed ? " (moved)" : ""}</th>
                  <td class="number">${format.share(start.retention, 2)}</td>
                  <td class="number">${format.count(Math.round(todayCustomers))}</td>
                  <td class="number">${format.count(Math.round(customers))}</td>
                </tr>`,
              )}
            </tbody>
          </table>
        </div>
        ${
          byAverage && today !== undefined
            ? html`<p class="aside">Together they lead to ${format.count(Math.round(today))} customers as today; all customers at the average churn of the file lead to ${format.count(Math.round(byAverage.customers))}. The two differ because segments that leave faster become fewer, which an average does not know.</p>`
            : nothing
        }
      </details>
    `;
  }

  #band(scenario: Projection, isRevenue: boolean): [number, number][] {
    const months = this.#asked?.periodMonths ?? 1;
    const ends = scenario.periods.flatMap(({ low, high, revenueLow, revenueHigh }) => {
      const [from, to] = isRevenue ? [revenueLow, revenueHigh] : [low, high];
      return from == null || to == null ? [] : [[from, to] as [number, number]];
    });
    // Revenue is drawn per month; where a period is longer, it has no band of its own.
    if (ends.length === 0 || (isRevenue && months !== 1)) return [];
    const now = isRevenue ? scenario.now.mrr : scenario.now.customers;
    return [[now, now], ...ends];
  }

  #uncertainty({ uncertainty }: Projection, format: Format): string {
    if (!uncertainty) return "";
    const { source, why, n, draws, confidence } = uncertainty;
    if (source == null) {
      return why === "retention-without-n"
        ? "No band: say how many customers the retention was counted from, and its uncertainty is drawn."
        : `No band: ${whyWords(why)}.`;
    }
    const of =
      source === "binomial"
        ? `a churn counted from ${format.counted(n ?? 0, "customer and period", "customers and periods")}`
        : "the fitted parameters and their covariance";
    return `Band: ${format.share(confidence, 0)} of ${format.count(draws)} seeded draws from ${of}; all else is taken as given.`;
  }

  #finding(all: readonly Consequence[], isMoved: boolean, isRevenue: boolean): string {
    const id = isRevenue ? "mrr" : "customers";
    const one = all.find((row) => row.id === id);
    const unit = isRevenue ? "a month" : "customers";
    if (!one) return "From here on";
    const after = `after ${one.label.split(" after ")[1] ?? ""}`;
    if (!isMoved || one.change === null) return `As today: ${one.today} ${unit} ${after}`;
    if (one.difference === "none") {
      return `The scenario leaves it as it is: ${one.today} ${unit} ${after}`;
    }
    return `The scenario leads to ${one.scenario} ${unit} ${after}, ${one.difference} on today's course`;
  }

  /** Customers at the end of the last periods, up to the one that the core starts from. */
  #history(): number[] {
    const report = this.#source;
    const now = this.outcome?.now.customers;
    if (!report || report.input.shape === "accounts" || now === undefined) return [];
    const ends = report.periods.map(({ customers }) => customers.end ?? null);
    if (ends.at(-1) !== now && report.periods.at(-1)?.partial) ends.pop();
    if (ends.at(-1) !== now) return [];
    const last = ends.slice(-13);
    return last.slice(last.lastIndexOf(null) + 1).filter((end) => end !== null);
  }

  /** All scenarios beside each other, once there are two. */
  #sideBySide(noun: string): TemplateResult | typeof nothing {
    if (this.cases.length < 2 || !this.outcome) return nothing;
    const columns: Column[] = this.cases.flatMap(({ name }, index) => {
      const projection = index === this.chosen ? this.outcome : this.others[index];
      return projection ? [{ name, projection }] : [];
    });
    return html`<rc-cases
      .columns=${columns}
      .noun=${noun}
      .isPriced=${this.#isPriced}
      .locale=${this.locale}
      .currency=${this.#format.currency ?? ""}
    ></rc-cases>`;
  }

  #analysis(scenario: Projection, noun: string, format: Format): TemplateResult {
    return html`
      ${this.#isPriced ? this.#lifetimes(scenario, noun, format) : nothing}
      <div class="charts two">
        ${this.#tornado(scenario, noun, format)}
        <rc-goal-seek
          .engine=${this.engine}
          .scenario=${this.#asked}
          .levers=${this.#sought(noun)}
          .defined=${scenario.outcomes.filter(({ id, why }) => why !== "needs-cac" && why !== "beyond-the-projection" && (this.#isPriced || id === "customers" || id === "lifespan" || id === "growthCeiling")).map(({ id }) => id)}
          .noun=${noun}
          .locale=${this.locale}
          .currency=${format.currency ?? ""}
        ></rc-goal-seek>
      </div>
    `;
  }

  /** “1 ÷ churn”, the fitted model and the horizon, side by side. */
  #lifetimes(scenario: Projection, noun: string, format: Format): TemplateResult {
    const today = scenario.against?.lifetimes ?? [];
    const after = timeWords(scenario.periods.length, noun, format);
    const names: Readonly<Record<string, string>> = {
      "one-over-churn": "1 ÷ churn",
      fitted: "Fitted curve",
      horizon: `Within ${after}`,
      discounted: `Discounted by ${format.share(this.assumptions.discountRate)} a year`,
    };
    const reckoned = (view: LifetimeView, side: Side, of: "lifespan" | "value", words: string) => {
      const name = `${names[view.name] ?? view.name}: ${of === "lifespan" ? "how long a customer stays" : "what a customer is worth"}`;
      return this.#button(words, noun, format, (context) =>
        derivedReckoning(name, view[of], side, context),
      );
    };
    const time = (view: LifetimeView, side: Side) => {
      const { value, why } = view.lifespan;
      return value === null
        ? whyWords(why)
        : reckoned(view, side, "lifespan", timeWords(value, noun, format));
    };
    const worth = (view: LifetimeView, side: Side) => {
      const { value } = view.value;
      return value === null ? "–" : reckoned(view, side, "value", format.compactMoney(value));
    };
    return html`
      <section aria-labelledby="lifetimes">
        <h3 id="lifetimes">What a customer is worth depends on how long you let the line run</h3>
        <div class="box" tabindex="0" role="region" aria-label="Table: what a customer is worth">
          <table class="lifetimes stacks">
            <thead>
              <tr>
                <th scope="col">Reckoned by</th>
                <th scope="col" class="number">Stays, as today</th>
                <th scope="col" class="number">Worth, as today</th>
                <th scope="col" class="number">Stays, scenario</th>
                <th scope="col" class="number">Worth, scenario</th>
                <th scope="col" class="number">Against 1 ÷ churn</th>
              </tr>
            </thead>
            <tbody>
              ${scenario.lifetimes.map((view, index) => {
                const before = today[index];
                const { difference } = view;
                return html`<tr>
                  <th scope="row">${names[view.name] ?? view.name}</th>
                  <td class="number">${before ? time(before, "today") : "–"}</td>
                  <td class="number">${before ? worth(before, "today") : "–"}</td>
                  <td class="number">${time(view, "scenario")}</td>
                  <td class="number">${worth(view, "scenario")}</td>
                  <td class="number">${index === 0 || difference == null ? "–" : differenceWords({ id: "clv", unit: "money" }, difference, noun, format)}</td>
                </tr>`;
              })}
            </tbody>
          </table>
        </div>
        <p class="aside">${marginOf(this.#source) === null && this.#case.moved.grossMargin === undefined ? "Gross profit at an assumed margin of 100%" : "Gross profit"}, undiscounted but where it says so.</p>
      </section>
    `;
  }

  #tornado(scenario: Projection, noun: string, format: Format): TemplateResult {
    const of = scenario.outcomes.find(({ id }) => id === this.sensitivityOf);
    const after = timeWords(scenario.periods.length, noun, format);
    const unit = of ?? { id: this.sensitivityOf, unit: "count" };
    const name = outcomeName(this.sensitivityOf, noun, after);
    const levers = new Map(this.#sought(noun).map((lever) => [lever.id, lever]));
    const rows = scenario.sensitivity.flatMap(({ lever, at, lowAt, highAt, low, high }) => {
      const known = levers.get(lever);
      if (!known) return [];
      const words = (value: number): string => leverWords(known.kind, value, format);
      return [
        {
          name: known.label,
          at: words(at),
          lowAt: words(lowAt),
          highAt: words(highAt),
          low: low ?? null,
          high: high ?? null,
        },
      ];
    });
    // How far one looks ahead is a choice, and no finding.
    const ahead = levers.get("periods")?.label;
    const first = rows.find((row) => row.name !== ahead);
    return html`
      <section>
        <label class="select"><span>What moves</span>
          <select @change=${(event: Event) => {
            this.sensitivityOf = (event.target as HTMLSelectElement).value;
          }}>
            ${scenario.outcomes
              .filter(
                ({ why, id }) =>
                  why !== "beyond-the-projection" &&
                  (this.#isPriced || id === "customers" || id === "lifespan"),
              )
              .map(
                ({ id }) =>
                  html`<option value=${id} ?selected=${id === this.sensitivityOf}>${outcomeName(id, noun, after)}</option>`,
              )}
          </select>
        </label>
        <rc-tornado
          .format=${format}
          .heading=${first ? `${first.name} moves it most` : "Nothing moves it"}
          .subheading=${`${name}: each lever by itself, moved a tenth down and up; a retention by a tenth of what it loses, and what stands at 0 by the amount shown`}
          .rows=${rows}
          .base=${of?.value ?? null}
          .outcome=${name}
          .write=${(value: number) => outcomeWords(unit, value, noun, format)}
          .writeShort=${(value: number) => (unit.unit === "money" ? format.axisMoney(value) : unit.unit === "count" ? format.compactCount(value) : outcomeWords(unit, value, noun, format))}
        ></rc-tornado>
      </section>
    `;
  }

  /** The levers by their names in the core. */
  #sought(noun: string): Sought[] {
    const levers = leversOf(this.#today, {}).map(({ id, label, kind }) => ({
      id: id === "revenuePerCustomer" ? "price" : (id as string),
      label: labelFor(label, noun),
      kind,
    }));
    levers.push({ id: "discountRate", label: "Discount rate per year", kind: "share" });
    levers.push({ id: "periods", label: `${capitalised(noun)}s ahead`, kind: "count" });
    if (this.#case.programme !== null) {
      levers.push({
        id: "programmeReduction",
        label: "Churn averted by the programme",
        kind: "share",
      });
      levers.push({ id: "programmeCost", label: "Cost of the programme", kind: "money" });
      levers.push({
        id: "programmeStart",
        label: `${capitalised(noun)} the programme starts in`,
        kind: "count",
      });
    }
    return levers;
  }

  /** The money of the scenario, in sight while the levers are moved on a narrow screen. */
  #bar(all: readonly Consequence[]): TemplateResult | typeof nothing {
    const clv = all.find(({ id }) => id === "clvDiscounted");
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

  /** Changes the case in hand. */
  #change(part: Partial<Case>): void {
    this.cases = this.cases.map((one, index) =>
      index === this.chosen ? { ...one, ...part } : one,
    );
  }

  #choose(part: Partial<Choice>): void {
    this.choice = { ...this.choice, ...part };
    this.#known.clear();
    this.#forgetFields();
  }

  /** Takes another case in hand. */
  #hold(index: number): void {
    this.chosen = index;
    this.#forgetFields();
  }

  #copyCase(): void {
    const { name: _name, ...rest } = this.#case;
    this.cases = [...this.cases, { ...rest, name: plainCase(this.cases.length + 1).name }];
    this.#hold(this.cases.length - 1);
  }

  #dropCase(): void {
    this.cases = this.cases.filter((_, index) => index !== this.chosen);
    this.#hold(Math.max(0, this.chosen - 1));
  }

  async #copyLink(): Promise<void> {
    const { now } = this.outcome ?? {};
    const { start } = this.outcome?.against ?? {};
    const isFull =
      this.withTotals && this.choice.segment === null && now !== undefined && start !== undefined;
    const typed: Typed = isFull
      ? {
          customers: start.customers,
          revenuePerCustomer: start.revenuePerCustomer,
          retention: start.retention,
        }
      : this.typed;
    const periodMonths = this.#source ? periodMonthsOf(this.#source) : this.typedMonths;
    const lab = writeLab({ ...this.#lab, typed, periodMonths });
    const link = `${location.href.split("#")[0]}#what-if${lab === "" ? "" : `=${lab}`}`;
    try {
      await navigator.clipboard.writeText(link);
      this.copied = isFull
        ? "Copied, with today's customers, revenue per customer and retention in it."
        : "Copied. It holds the levers, and nothing of a file.";
    } catch {
      this.copied = "This browser does not let the page copy. The link is in the address bar.";
    }
  }

  #openClaim({ scenario }: ClaimEvent): void {
    const { customers, revenuePerCustomer, retention, toRetention, newCustomers, growthGoal } =
      scenario;
    this.isAside = this.report !== null;
    this.typed = { customers, revenuePerCustomer, retention };
    this.typedMonths = scenario.periodMonths;
    this.choice = ALL_BY_AVERAGE;
    this.assumptions = {
      ...this.assumptions,
      periods: scenario.periodMonths === 12 ? 10 : 36,
      growthGoal: growthGoal ?? this.assumptions.growthGoal,
    };
    this.#change({
      moved: {
        ...(toRetention === retention ? {} : { retention: toRetention }),
        ...(newCustomers == null ? {} : { newCustomers }),
      },
      programme: null,
    });
    this.#forgetFields();
    this.renderRoot.querySelector(".lede")?.scrollIntoView({ block: "center" });
  }

  #backToFile(): void {
    this.isAside = false;
    this.typed = {};
    this.#reset();
  }

  #takeFound({ lever, value }: FoundEvent): void {
    const id = OF_PROGRAMME[lever];
    if (lever === "discountRate" || lever === "periods") {
      this.assumptions = { ...this.assumptions, [lever]: value };
    } else if (id) {
      this.#change({ programme: { ...PROGRAMME, ...this.#case.programme, [id]: value } });
    } else {
      const id = LEVER_OF_CORE[lever] ?? (lever as LeverId);
      this.#change({ moved: { ...this.#case.moved, [id]: value } });
    }
    this.#forgetFields();
  }

  #fillExample(): void {
    this.texts = {};
    this.problems = {};
    this.typed = Object.fromEntries(TYPED.map(({ id, example }) => [id, example]));
  }

  #forgetFields(): void {
    this.texts = Object.fromEntries(
      Object.entries(this.texts).filter(([key]) => key.startsWith("today-") && !this.isAside),
    );
    this.problems = {};
  }

  #reset(): void {
    this.#forgetFields();
    this.#change({ moved: {}, programme: null });
  }
}
function labelFor(label: string, noun: string): string {
  return /(each|and|first)$/.test(label) ? `${label} ${noun}` : label;
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

declare global {
  interface HTMLElementEventMap {
    "rc-lab": LabEvent;
  }
}
