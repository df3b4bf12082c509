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
import { OptionsEvent } from "./inward-events.ts";
import { answerAsOptions } from "./mapping-choices.ts";
import { cell } from "./text.ts";
import { answerName } from "./words.ts";

export class Questions extends LitElement {
  static override properties: PropertyDeclarations = {
    questions: { attribute: false },
    options: { attribute: false },
    busy: { type: Boolean },
  };

  declare questions: readonly Question[];
  /** The options in force, which an answer about a column's role is added to. */
  declare options: CoreOptions;
  declare busy: boolean;

  constructor() {
    super();
    this.questions = [];
    this.options = {};
    this.busy = false;
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
        <p id="question-${index}"><bdi>${question.message}</bdi></p>
        <div class="answers" role="group" aria-labelledby="question-${index}">
          ${question.options.map((option, place) => {
            const isAssumed = question.assumed === option;
            const reading = question.readings[place];
            return html`
              <button
                type="button"
                ?disabled=${this.busy}
                aria-describedby=${reading === undefined ? nothing : `reading-${index}-${place}`}
                @click=${() => this.#answer(question, option)}
              >
                <span class="name">
                  ${answerName(question.answerTo, option)}
                  ${isAssumed ? html`<span class="assumed">assumed here</span>` : nothing}
                </span>
                ${
                  reading === undefined
                    ? nothing
                    : html`<span class="reading small" id="reading-${index}-${place}"><bdi>${cell(reading)}</bdi></span>`
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
