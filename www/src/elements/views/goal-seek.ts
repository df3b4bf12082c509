/**
 * `<rc-goal-seek>`: which value of a lever gives an outcome.
 *
 * It solves nothing: it asks the core and says the answer, also where there is none.
 */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Goal, GoalAnswer, Scenario } from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor, type NumberKind } from "../format.ts";
import { asEntry, readEntry } from "../number-entry.ts";
import { numberField, numberFieldStyles } from "../number-field.ts";
import { outcomeName, outcomeWords } from "./difference.ts";
import { timeWords } from "./findings.ts";
import { messageOf } from "./latest.ts";
import { viewStyles } from "./view.styles.ts";

/** A lever that can be sought. */
export interface Sought {
  /** Its name in the core. */
  readonly id: string;
  readonly label: string;
  readonly kind: NumberKind;
}

/** A lever was found and shall stand there. */
export class FoundEvent extends Event {
  static readonly type = "rc-found";
  readonly lever: string;
  readonly value: number;

  constructor(lever: string, value: number) {
    super(FoundEvent.type, { bubbles: true });
    this.lever = lever;
    this.value = value;
  }
}

/** Levers in whole periods, which may pass a goal without meeting it. */
const WHOLE: ReadonlySet<string> = new Set(["periods", "programmeStart"]);

const GOALS: readonly { id: string; unit: string; kind: NumberKind; example: number }[] = [
  { id: "clvToCac", unit: "ratio", kind: "ratio", example: 3 },
  { id: "clvDiscountedToCac", unit: "ratio", kind: "ratio", example: 3 },
  { id: "customers", unit: "count", kind: "count", example: 1000 },
  { id: "arr", unit: "money", kind: "money", example: 1_000_000 },
  { id: "grossRevenueRetention12", unit: "share", kind: "share", example: 0.9 },
  { id: "netRevenueRetention12", unit: "share", kind: "share", example: 1 },
  { id: "grossRevenueRetention36", unit: "share", kind: "share", example: 0.7 },
  { id: "netRevenueRetention36", unit: "share", kind: "share", example: 1 },
  { id: "lifespan", unit: "periods", kind: "periods", example: 24 },
  { id: "clv", unit: "money", kind: "money", example: 1000 },
  { id: "clvDiscounted", unit: "money", kind: "money", example: 1000 },
  { id: "clvHorizon", unit: "money", kind: "money", example: 1000 },
  { id: "cacPayback", unit: "periods", kind: "periods", example: 12 },
  { id: "presentValue", unit: "money", kind: "money", example: 1_000_000 },
  { id: "growthCeiling", unit: "count", kind: "count", example: 1000 },
  { id: "programmeGain", unit: "money", kind: "money", example: 0 },
];

/** The question, and its answer. */
export class GoalSeekElement extends LitElement {
  static override properties = {
    engine: { attribute: false },
    scenario: { attribute: false },
    levers: { attribute: false },
    defined: { attribute: false },
    noun: {},
    locale: {},
    currency: {},
    lever: { state: true },
    goal: { state: true },
    text: { state: true },
    problem: { state: true },
    answer: { state: true },
    failure: { state: true },
  };

  static override styles = [
    controls,
    numberFieldStyles,
    viewStyles,
    css`
      .question {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--rc-space-1) var(--rc-space-2);
      }

      .question > * {
        flex: 1 1 11rem;
        min-inline-size: 0;
      }

      .question button {
        flex: 0 0 auto;
      }

      .question select {
        inline-size: 100%;
      }
    `,
  ];

  declare engine: { seek(goal: Goal): Promise<GoalAnswer> } | null;
  declare scenario: Scenario | null;
  declare levers: readonly Sought[];
  /** The outcomes that the scenario has. */
  declare defined: readonly string[];
  declare noun: string;
  declare locale: string;
  declare currency: string;
  declare protected lever: string;
  declare protected goal: string;
  declare protected text: string | null;
  declare protected problem: string;
  declare protected answer: GoalAnswer | null;
  declare protected failure: string;

  constructor() {
    super();
    this.engine = null;
    this.scenario = null;
    this.levers = [];
    this.defined = [];
    this.noun = "period";
    this.locale = "";
    this.currency = "";
    this.lever = "retention";
    this.goal = "clvToCac";
    this.text = null;
    this.problem = "";
    this.answer = null;
    this.failure = "";
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    // An answer is one to the scenario as it was.
    if (changed.has("scenario")) this.answer = null;
  }

  get #goals() {
    return GOALS.filter(({ id }) => this.defined.includes(id));
  }

  get #chosen() {
    const goals = this.#goals;
    return goals.find(({ id }) => id === this.goal) ?? goals[0];
  }

  get #format(): Format {
    return formatFor(this.locale, this.currency);
  }

  override render(): TemplateResult {
    const format = this.#format;
    const goals = this.#goals;
    const goal = this.#chosen;
    if (!goal) return html``;
    const after = timeWords(this.scenario?.periods ?? 0, this.noun, format);
    return html`
      <section aria-labelledby="seek">
        <h3 id="seek">What would it take?</h3>
        <form class="question" @submit=${this.#ask} novalidate>
          <label class="field"><span class="small muted">Which value of</span>
            <select @change=${(event: Event) => this.#choose("lever", event)}>
              ${this.levers.map(({ id, label }) => html`<option value=${id} ?selected=${id === this.lever}>${label}</option>`)}
            </select>
          </label>
          <label class="field"><span class="small muted">gives</span>
            <select @change=${(event: Event) => this.#choose("goal", event)}>
              ${goals.map(({ id }) => html`<option value=${id} ?selected=${id === goal.id}>${outcomeName(id, this.noun, after)}</option>`)}
            </select>
          </label>
          ${numberField({
            id: "goal",
            label: "of",
            kind: goal.kind === "count" ? "periods" : goal.kind,
            text: this.text ?? asEntry(goal.example, goal.kind, format.locale),
            problem: this.problem || undefined,
            unit:
              goal.kind === "share"
                ? "%"
                : goal.kind === "money"
                  ? (format.currency ?? undefined)
                  : goal.id === "clvToCac" || goal.id === "clvDiscountedToCac"
                    ? ": 1"
                    : undefined,
            onInput: (text) => {
              this.text = text;
              this.problem = "";
              this.answer = null;
            },
          })}
          <button type="submit">Find it</button>
        </form>
        <div role="status">${this.failure ? html`<p>${this.failure}</p>` : this.#said(goal, format)}</div>
      </section>
    `;
  }

  #said(goal: (typeof GOALS)[number], format: Format): TemplateResult | typeof nothing {
    const { answer } = this;
    const lever = this.levers.find(({ id }) => id === answer?.lever);
    if (!answer || !lever) return nothing;
    const of = (value: number): string => outcomeWords(goal, value, this.noun, format);
    const at = (value: number): string => leverWords(lever.kind, value, format);
    const now = answer.at == null ? "" : `; it stands at ${at(answer.at)}`;
    if (answer.value != null) {
      const { value } = answer;
      return html`<p>
        ${lever.label}: <strong>${at(value)}</strong> gives ${of(WHOLE.has(lever.id) ? (answer.outcomeFound ?? answer.goal) : answer.goal)}${now}${answer.outcomeAt == null ? "" : `, which gives ${of(answer.outcomeAt)}`}.
        ${answer.monotone ? nothing : "Other values may give it, too; this one is the nearest."}
        <button type="button" class="link" @click=${() => this.dispatchEvent(new FoundEvent(lever.id, value))}>Put the lever there</button>
      </p>`;
    }
    const reach =
      answer.least == null && answer.greatest == null
        ? "the outcome is not defined anywhere along it"
        : answer.greatest == null
          ? `it comes to at least ${of(answer.least ?? 0)}`
          : answer.least === answer.greatest
            ? `it stays at ${of(answer.greatest)}`
            : `it comes to ${of(answer.least ?? 0)} at the least and ${of(answer.greatest)} at the most`;
    return html`<p>No value of this lever gives ${of(answer.goal)}. From ${at(answer.lowAt)} to ${at(answer.highAt)}, ${reach}${now}.</p>`;
  }

  #choose(which: "lever" | "goal", event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    if (which === "goal") this.text = null;
    this[which] = value;
    this.answer = null;
    this.problem = "";
    this.failure = "";
  }

  async #ask(event: Event): Promise<void> {
    event.preventDefault();
    const goal = this.#chosen;
    const { engine, scenario } = this;
    if (!goal || !engine || !scenario) return;
    const kind = goal.kind === "count" ? "periods" : goal.kind;
    const entry =
      this.text === null
        ? { value: goal.example }
        : readEntry(this.text, kind, this.#format.locale);
    if (entry === null || "problem" in entry) {
      this.problem = entry?.problem ?? "Type the number to reach.";
      return;
    }
    try {
      const { draws: _draws, seed: _seed, ...plain } = scenario;
      const answer = await engine.seek({
        scenario: plain,
        lever: this.lever,
        outcome: goal.id,
        value: entry.value,
      });
      this.failure = "";
      this.answer = answer;
    } catch (thrown) {
      this.answer = null;
      this.failure = messageOf(thrown);
    }
  }
}

/** A value of a lever, as exact as it takes to tell it from today's. */
export function leverWords(kind: NumberKind, value: number, format: Format): string {
  return kind === "share" ? format.share(value, 2) : format.value(value, kind);
}

declare global {
  interface HTMLElementEventMap {
    "rc-found": FoundEvent;
  }
}
