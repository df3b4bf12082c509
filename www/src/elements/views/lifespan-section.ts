/**
 * What the parts of the Lifespan view share that are asked for beside the report: one question to the
 * engine, asked again when what it depends on has changed, and how numbers are written.
 *
 * It draws nothing.
 */

import {
  type CSSResultGroup,
  css,
  html,
  LitElement,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import type { Figure, Report } from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import { WideTables } from "../wide-tables.ts";
import type { Derived, DerivedAmount } from "./derivation.ts";
import { Latest } from "./latest.ts";
import { viewStyles } from "./view.styles.ts";

/** What a part asks the view around it to open: a figure, or an amount in its place. */
export interface Opened {
  readonly name: string;
  readonly of: string;
  readonly figure?: Figure;
  readonly amount?: Omit<DerivedAmount, "source">;
  readonly more?: Partial<Derived>;
}

/** A part of the view asks for the panel with one of its figures in it. */
export class FigureOpenEvent extends Event {
  static readonly type = "rc-figure-open";

  readonly opened: Opened;

  constructor(opened: Opened) {
    super(FigureOpenEvent.type);
    this.opened = opened;
  }
}

/** A part of the Lifespan view. */
export abstract class LifespanSection<Engine, Answer> extends LitElement {
  static override properties: PropertyDeclarations = {
    report: { attribute: false },
    engine: { attribute: false },
    locale: {},
    currency: {},
    answer: { state: true },
    failure: { state: true },
    isBusy: { state: true },
  };

  static override styles: CSSResultGroup = [
    controls,
    viewStyles,
    css`
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--rc-space-1) var(--rc-space-3);
      }
    `,
  ];

  declare report: Report | null;
  declare engine: Engine | null;
  declare locale: string;
  declare currency: string;
  /** The last answer; it stays until the next one is there. */
  declare protected answer: Answer | null;
  declare protected failure: string;
  declare protected isBusy: boolean;

  /** What a change of asks anew. */
  protected readonly asks: readonly string[] = ["report", "engine"];
  readonly #latest = new Latest();

  constructor() {
    super();
    new WideTables(this);
    this.report = null;
    this.engine = null;
    this.locale = "";
    this.currency = "";
    this.answer = null;
    this.failure = "";
    this.isBusy = false;
  }

  protected get format(): Format {
    return formatFor(this.locale, this.currency || this.report?.input.currency);
  }

  /** Words as the button that opens where they come from. */
  protected opener(words: TemplateResult | string, opened: Opened): TemplateResult {
    return html`<button type="button" class="worked" aria-haspopup="dialog" @click=${() => this.dispatchEvent(new FigureOpenEvent(opened))}>${words}</button>`;
  }

  /** The question about a report; none where it has no answer to it. */
  protected abstract question(report: Report): ((engine: Engine) => Promise<Answer | null>) | null;

  protected override updated(changed: PropertyValues): void {
    if (this.asks.some((name) => changed.has(name))) void this.#ask();
  }

  async #ask(): Promise<void> {
    const { report, engine } = this;
    const question = report && this.question(report);
    if (!engine || !question) {
      this.#latest.drop();
      this.answer = null;
      this.failure = "";
      this.isBusy = false;
      return;
    }
    this.isBusy = true;
    const answered = await this.#latest.ask(() => question(engine));
    if (answered === null) return;
    this.answer = answered.answer;
    this.failure = answered.failure;
    this.isBusy = false;
  }
}

declare global {
  interface HTMLElementEventMap {
    "rc-figure-open": FigureOpenEvent;
  }
}
