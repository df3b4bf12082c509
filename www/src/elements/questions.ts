/**
 * What only the reader can decide, with every answer shown on the file's own values.
 *
 * It decides nothing: an answer goes out as an option of the analysis.
 */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import type { CoreOptions } from "../engine/client.ts";
import type { Question } from "../engine/core.ts";
import { controls } from "./controls.styles.ts";
import { encodingPreviews } from "./encoding-preview.ts";
import { OptionsEvent } from "./inward-events.ts";
import { answerAsOptions } from "./mapping-choices.ts";
import { cut, quoting } from "./text.ts";
import { answerName } from "./words.ts";

/** Readings show several values of the file. */
const READING_CHARACTERS = 160;

export class Questions extends LitElement {
  static override properties: PropertyDeclarations = {
    questions: { attribute: false },
    options: { attribute: false },
    busy: { type: Boolean },
    source: { attribute: false },
    previews: { state: true },
  };

  declare questions: readonly Question[];
  /** The options in force, which an answer about a column's role is added to. */
  declare options: CoreOptions;
  declare busy: boolean;
  /** The file, for showing what it reads like in encodings that only the browser knows. */
  declare source: Blob | null;
  declare protected previews: Readonly<Record<string, string>>;

  constructor() {
    super();
    this.questions = [];
    this.options = {};
    this.busy = false;
    this.source = null;
    this.previews = {};
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("questions") || changed.has("source")) {
      this.previews = {};
      void this.#preview();
    }
  }

  async #preview(): Promise<void> {
    const { questions, source } = this;
    const question = questions.find(({ answerTo }) => answerTo === "encoding");
    if (question === undefined || source === null) {
      return;
    }
    const previews = await encodingPreviews(source, question.options).catch(() => ({}));
    if (this.questions === questions) {
      this.previews = previews;
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    return this.questions.length === 0
      ? nothing
      : html`
        <section aria-labelledby="title">
          <h2 id="title">
            ${this.questions.length === 1 ? "One thing only you can decide" : "Things only you can decide"}
          </h2>
          <ul>
            ${this.questions.map((question, index) => this.#renderQuestion(question, index))}
          </ul>
        </section>
      `;
  }

  #renderQuestion(question: Question, index: number): TemplateResult {
    return html`
      <li>
        <p id="question-${index}"><bdi>${quoting(question.message)}</bdi></p>
        <div class="answers" role="group" aria-labelledby="question-${index}">
          ${question.options.map((option, place) => {
            const isAssumed = question.assumed === option;
            const own = question.readings[place] ?? "";
            const reading =
              own === "" && question.answerTo === "encoding" ? this.previews[option] : own;
            return html`
              <button
                type="button"
                ?disabled=${this.busy}
                aria-describedby=${!reading ? nothing : `reading-${index}-${place}`}
                @click=${() => this.#answer(question, option)}
              >
                <span class="name">
                  ${answerName(question.answerTo, option)}
                  ${isAssumed ? html`<span class="assumed">assumed here</span>` : nothing}
                </span>
                ${
                  !reading
                    ? nothing
                    : html`<span class="reading small" id="reading-${index}-${place}"><bdi>${quoting(cut(reading, READING_CHARACTERS))}</bdi></span>`
                }
              </button>
            `;
          })}
        </div>
      </li>
    `;
  }

  #answer({ answerTo }: Question, option: string): void {
    this.dispatchEvent(new OptionsEvent(answerAsOptions(answerTo, option, this.options)));
  }

  static override styles = [
    controls,
    css`
      section {
        display: grid;
        gap: var(--rc-space-2);
        padding: var(--rc-space-2);
        border-radius: var(--rc-radius);
        background: var(--rc-warning-soft);
      }

      h2 {
        font-size: var(--rc-text-m);
      }

      ul,
      li {
        display: grid;
        gap: var(--rc-space-1);
      }

      ul {
        gap: var(--rc-space-2);
      }

      .answers {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rc-space-1);
      }

      button {
        display: grid;
        justify-items: start;
        gap: 0;
        padding: var(--rc-space-1) var(--rc-space-2);
        text-align: start;
      }

      .assumed {
        margin-inline-start: var(--rc-space-half);
        font-size: var(--rc-text-s);
        font-weight: 400;
        color: var(--rc-warning-text);
      }

      .reading {
        font-weight: 400;
        color: var(--rc-text-muted);
      }
    `,
  ];
}
