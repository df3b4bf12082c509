/**
 * The calculator without a file: totals typed in, figures out at once, each with its arithmetic.
 *
 * It owns no engine and computes no rate: numbers go to the core and figures come back.
 */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import { live } from "lit/directives/live.js";
import type { Figure, FormulaId, FormulaInfo } from "../engine/core.ts";
import { RetentionError } from "../engine/retention-error.ts";
import { controls } from "./controls.styles.ts";
import { type Format, formatFor } from "./format.ts";
import { asEntry, readEntry } from "./number-entry.ts";
import { type NumberField, numberField, numberFieldStyles, numberProblem } from "./number-field.ts";
import { expressionWords, worked } from "./sentence.ts";
import { capitalised, whyWords } from "./words.ts";

/** What the calculator needs of the engine. */
export interface Calculating {
  calculate(formula: FormulaId, inputs: Record<string, number>): Promise<Figure>;
  formulas(): Promise<FormulaInfo[]>;
}

/** One input of the form. */
interface FormInput {
  name: string;
  label: string;
  kind: FormulaInfo["inputs"][number]["unit"];
  example: number;
}

/** What one formula gave. */
interface Outcome {
  formula: FormulaId;
  figure: Figure | null;
}

/** The picker's first entry: all rates that follow from totals. */
const TOTALS = "";

const CUSTOMER_TOTALS: readonly FormInput[] = [
  { name: "start", label: "Customers at the start", kind: "count", example: 500 },
  { name: "new", label: "New customers", kind: "count", example: 80 },
  { name: "end", label: "Customers at the end", kind: "count", example: 540 },
];

const REVENUE_TOTALS: readonly FormInput[] = [
  { name: "start_revenue", label: "Revenue at the start", kind: "money", example: 50_000 },
  { name: "expansion", label: "Expansion", kind: "money", example: 4_000 },
  { name: "contraction", label: "Contraction", kind: "money", example: 1_000 },
  { name: "churned", label: "Churned revenue", kind: "money", example: 2_500 },
];

const CUSTOMER_FORMULAS: readonly FormulaId[] = ["customer_retention_rate", "customer_churn_rate"];

const REVENUE_FORMULAS: readonly FormulaId[] = ["gross_revenue_retention", "net_revenue_retention"];

/** Quiet time before the results are read out. */
const SPOKEN_AFTER_MS = 800;

export class Calculator extends LitElement {
  static override properties: PropertyDeclarations = {
    engine: { attribute: false },
    formula: {},
    currency: {},
    locale: {},
    texts: { state: true },
    catalogue: { state: true },
    outcomes: { state: true },
    problems: { state: true },
    spoken: { state: true },
  };

  declare engine: Calculating | null;
  /** A formula to begin with; the totals without one. */
  declare formula: string;
  declare currency: string;
  declare locale: string;
  declare protected texts: Readonly<Record<string, string>>;
  declare protected catalogue: readonly FormulaInfo[];
  declare protected outcomes: readonly Outcome[];
  declare protected problems: Readonly<Record<string, string>>;
  declare protected spoken: string;
  #round = 0;
  #speaking: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.engine = null;
    this.formula = TOTALS;
    this.currency = "";
    this.locale = "";
    this.texts = {};
    this.catalogue = [];
    this.outcomes = [];
    this.problems = {};
    this.spoken = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#speaking);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("engine") && this.engine !== null) {
      void this.#loadCatalogue(this.engine);
    }
    if (changed.has("formula") && changed.get("formula") !== undefined) {
      this.outcomes = [];
      this.problems = {};
      this.spoken = "";
      void this.#compute();
    }
  }

  /** Puts the cursor into the first field. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector("input")?.focus(options);
  }

  async #loadCatalogue(engine: Calculating): Promise<void> {
    try {
      this.catalogue = await engine.formulas();
    } catch (thrown) {
      this.problems = { "": thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }

  get #format(): Format {
    return formatFor(this.locale, this.currency);
  }

  get #picked(): FormulaInfo | null {
    return this.catalogue.find(({ id }) => id === this.formula) ?? null;
  }

  get #inputs(): readonly FormInput[] {
    const picked = this.#picked;
    return picked === null
      ? [...CUSTOMER_TOTALS, ...REVENUE_TOTALS]
      : picked.inputs.map(({ name, label, unit, example }) => ({
          name,
          label,
          kind: unit,
          example,
        }));
  }

  protected override render(): TemplateResult {
    const picked = this.#picked;
    return html`
      <div class="calculator">
        <div class="pair picker">${this.#renderPicker()}</div>
        ${
          picked === null
            ? html`
              ${this.#renderPair("Customers", CUSTOMER_TOTALS, CUSTOMER_FORMULAS)}
              ${this.#renderPair("Revenue of the same customers, if you have it", REVENUE_TOTALS, REVENUE_FORMULAS)}
            `
            : this.#renderPair(null, this.#inputs, [picked.id])
        }
        ${
          this.problems[""] === undefined
            ? nothing
            : html`<p class="problem" role="alert">${this.problems[""]}</p>`
        }
        <p class="small">
          <button class="link" type="button" @click=${this.#fillExample}>Fill in an example</button>
          ${
            Object.keys(this.texts).length === 0
              ? nothing
              : html`<span aria-hidden="true"> · </span><button class="link" type="button" @click=${this.#clear}>Clear</button>`
          }
        </p>
        <p class="visually-hidden" role="status">${this.spoken}</p>
      </div>
    `;
  }

  /** Some fields, and beside or below them what they give. */
  #renderPair(
    legend: string | null,
    inputs: readonly FormInput[],
    formulas: readonly FormulaId[],
  ): TemplateResult {
    const fields = inputs.map((input) => this.#field(input));
    return html`
      <div class="pair">
        <fieldset part="inputs">
          ${legend === null ? nothing : html`<legend>${legend}</legend>`}
          <div class="fields ${inputs.length === 3 ? "three" : "two"}">
            ${fields.map(numberField)}
          </div>
          ${fields.map(numberProblem)}
        </fieldset>
        <div class="results" part="result">${formulas.map((id) => this.#renderResult(id))}</div>
      </div>
    `;
  }

  #renderPicker(): TemplateResult {
    return html`
      <div class="field">
        <label for="formula">What to calculate</label>
        <select id="formula" .value=${live(this.formula)} @change=${this.#pick}>
          <option value=${TOTALS} ?selected=${this.formula === TOTALS}>
            Retention and churn, from totals
          </option>
          ${this.catalogue.map(
            ({ id, name, abbreviation }) => html`
              <option value=${id} ?selected=${this.formula === id}>
                ${abbreviation === null ? name : `${name} (${abbreviation})`}
              </option>
            `,
          )}
        </select>
      </div>
    `;
  }

  #field({ name, label, kind, example }: FormInput): NumberField {
    return {
      id: `input-${name}`,
      label,
      kind,
      text: this.texts[name] ?? "",
      placeholder: asEntry(example, kind, this.#format.locale),
      problem: this.problems[name],
      unit: this.#unitOf(kind),
      onInput: (text) => {
        this.texts = { ...this.texts, [name]: text };
        void this.#compute();
      },
      isProblemBelow: true,
    };
  }

  #unitOf(kind: FormInput["kind"]): string | undefined {
    switch (kind) {
      case "share":
        return "%";
      case "money":
        return this.#format.currency ?? undefined;
      case "months":
        return "mo.";
      default:
        return undefined;
    }
  }

  #renderResult(id: FormulaId): TemplateResult {
    const info = this.catalogue.find((one) => one.id === id);
    const figure = this.outcomes.find((one) => one.formula === id)?.figure ?? null;
    const format = this.#format;
    const value = figure?.value ?? null;
    return html`
      <section class="result">
        <h3>
          ${info?.name ?? "…"}
          ${info?.abbreviation ? html`<span class="muted">(${info.abbreviation})</span>` : nothing}
        </h3>
        <p class="value number">
          ${info === undefined || value === null ? nothing : format.value(value, info.result)}
        </p>
        <p class="worked small muted">
          ${
            info === undefined
              ? nothing
              : figure === null
                ? html`${expressionWords(info)}`
                : html`<span class="number">${worked(info, figure, format)}</span>${this.#renderLikely(info, figure)}`
          }
        </p>
        ${
          info !== undefined && this.formula !== TOTALS
            ? html`
              <p class="small">${info.definition}</p>
              <p class="small muted">${info.undefinedWhen}</p>
              <p class="small muted">Source: ${info.source}</p>
            `
            : nothing
        }
      </section>
    `;
  }

  #renderLikely(info: FormulaInfo, figure: Figure): TemplateResult | typeof nothing {
    return figure.low === undefined || figure.high === undefined || figure.value === null
      ? nothing
      : html`<br /><span>likely ${this.#format.interval(figure.low, figure.high, info.result)}</span>`;
  }

  #pick(event: Event): void {
    this.formula = (event.target as HTMLSelectElement).value;
    this.texts = {};
  }

  #fillExample(): void {
    this.texts = Object.fromEntries(
      this.#inputs.map(({ name, kind, example }) => [
        name,
        asEntry(example, kind, this.#format.locale),
      ]),
    );
    void this.#compute();
  }

  #clear(): void {
    this.texts = {};
    void this.#compute();
    this.focus();
  }

  /** Reads the fields and asks the core; an answer to numbers that have changed since is dropped. */
  async #compute(): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    const { values, problems } = this.#read();
    const outcomes: Outcome[] = [];
    let isContradictory = false;
    for (const { formula, inputs, from } of this.#requests(values)) {
      if (isContradictory && formula === "customer_churn_rate") {
        // Said already, at the input that is to blame.
        continue;
      }
      try {
        const figure = await this.engine?.calculate(formula, inputs);
        outcomes.push({ formula, figure: figure ?? null });
      } catch (thrown) {
        isContradictory = true;
        const field = thrown instanceof RetentionError ? (thrown.column ?? "") : "";
        const at = from[field] ?? (field in this.texts ? field : "");
        problems[at] ??= this.#problemWords(thrown, field, at);
      }
      if (round !== this.#round) {
        return;
      }
    }
    this.outcomes = outcomes;
    this.problems = problems;
    this.#speakLater();
  }

  #problemWords(thrown: unknown, field: string, at: string): string {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const label = this.#inputs.find(({ name }) => name === at)?.label;
    // The core names its input; the reader knows it by its label.
    return label !== undefined && message.startsWith(`${field} `)
      ? `${label} ${message.slice(field.length + 1)}`
      : capitalised(message);
  }

  #read(): { values: Record<string, number>; problems: Record<string, string> } {
    const values: Record<string, number> = {};
    const problems: Record<string, string> = {};
    for (const { name, kind } of this.#inputs) {
      const entry = readEntry(this.texts[name] ?? "", kind, this.#format.locale);
      if (entry === null) {
        continue;
      }
      if ("value" in entry) {
        values[name] = entry.value;
      } else {
        problems[name] = entry.problem;
      }
    }
    return { values, problems };
  }

  /** What can be asked with the numbers there are. `from` leads an input's name to its field. */
  #requests(
    values: Readonly<Record<string, number>>,
  ): { formula: FormulaId; inputs: Record<string, number>; from: Record<string, string> }[] {
    const picked = this.#picked;
    if (picked !== null) {
      const inputs = pick(
        values,
        Object.fromEntries(picked.inputs.map(({ name }) => [name, name])),
      );
      return inputs === null ? [] : [{ formula: picked.id, inputs, from: {} }];
    }
    const requests = [];
    const customers = pick(values, { start: "start", new: "new", end: "end" });
    if (customers !== null) {
      requests.push({ formula: "customer_retention_rate" as const, inputs: customers, from: {} });
      const { start = 0, new: added = 0, end = 0 } = customers;
      // Whole numbers: who was there or came, and is not there at the end, was lost.
      requests.push({
        formula: "customer_churn_rate" as const,
        inputs: { start, lost: start + added - end },
        from: { lost: "end" },
      });
    }
    const from = { start: "start_revenue" };
    const lost = { start: "start_revenue", contraction: "contraction", churned: "churned" };
    const gross = pick(values, lost);
    if (gross !== null) {
      requests.push({ formula: "gross_revenue_retention" as const, inputs: gross, from });
    }
    const net = pick(values, { ...lost, expansion: "expansion" });
    if (net !== null) {
      requests.push({ formula: "net_revenue_retention" as const, inputs: net, from });
    }
    return requests;
  }

  #speakLater(): void {
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => {
      this.spoken = this.outcomes.map((outcome) => this.#spokenOutcome(outcome)).join(". ");
    }, SPOKEN_AFTER_MS);
  }

  #spokenOutcome({ formula, figure }: Outcome): string {
    const info = this.catalogue.find(({ id }) => id === formula);
    if (info === undefined || figure === null) {
      return "";
    }
    return figure.value === null
      ? `${info.name}: not defined, ${whyWords(figure.why)}`
      : `${info.name}: ${this.#format.value(figure.value, info.result)}`;
  }

  static override styles = [
    controls,
    numberFieldStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .calculator,
      .pair {
        display: grid;
        gap: var(--rc-space-3);
      }

      .pair {
        align-items: start;
      }

      legend {
        margin-block-end: var(--rc-space-1);
      }

      .fields {
        display: grid;
        gap: var(--rc-space-2);
        grid-template-columns: repeat(2, minmax(0, 1fr));
      }

      .fields + .problem {
        margin-block-start: var(--rc-space-1);
      }

      .fields.three {
        grid-template-columns: repeat(3, minmax(0, 1fr));
        align-items: end;
      }

      .fields.three .field {
        align-content: end;
      }

      .results {
        display: grid;
        align-content: start;
      }

      .result {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 var(--rc-space-2);
        padding-block: var(--rc-space-2);
        border-block-end: 1px solid var(--rc-line);
        align-items: baseline;
      }

      .result:first-child {
        border-block-start: 1px solid var(--rc-line);
      }

      .result h3 {
        font-weight: 500;
      }

      .result .value {
        font-size: var(--rc-text-xl);
        line-height: 1;
        font-weight: var(--rc-weight-strong);
        letter-spacing: -0.015em;
      }

      .result p:not(.value) {
        grid-column: 1 / -1;
        margin-block-start: var(--rc-space-half);
      }

      @container (min-width: 720px) {
        .pair {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
          gap: var(--rc-space-3) var(--rc-space-8);
        }
      }
    `,
  ];
}

/** The values of some fields under the names a formula gives them; nothing where one is missing. */
function pick(
  values: Readonly<Record<string, number>>,
  fields: Readonly<Record<string, string>>,
): Record<string, number> | null {
  const inputs: Record<string, number> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = values[field];
    if (value === undefined) {
      return null;
    }
    inputs[name] = value;
  }
  return inputs;
}
