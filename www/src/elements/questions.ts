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
import type { ColumnReport, Question } from "../engine/core.ts";
import { controls } from "./controls.styles.ts";
import { encodingPreviews } from "./encoding-preview.ts";
import { AskEvent, OptionsEvent } from "./inward-events.ts";
import { answerAsOptions, openQuestions } from "./mapping-choices.ts";
import { cell, cut, quoting } from "./text.ts";
import { answerName } from "./words.ts";

/** Readings show several values of the file. */
const READING_CHARACTERS = 160;

export class Questions extends LitElement {
  static override properties: PropertyDeclarations = {
    questions: { attribute: false },
    options: { attribute: false },
    busy: { type: Boolean },
    columns: { attribute: false },
    source: { attribute: false },
    about: { attribute: false },
    previews: { state: true },
    confirmed: { state: true },
  };

  declare questions: readonly Question[];
  /** The options in force, which an answer about a column's role is added to. */
  declare options: CoreOptions;
  declare busy: boolean;
  /** The columns of the file, for questions about which of them is meant. */
  declare columns: readonly ColumnReport[];
  /** The file, for showing what it reads like in encodings that only the browser knows. */
  declare source: Blob | null;
  /** The file they are about, where there are several. */
  declare about: string;
  declare protected previews: Readonly<Record<string, string>>;
  /** What was confirmed as it is, by the question's words. */
  declare protected confirmed: ReadonlySet<string>;

  constructor() {
    super();
    this.questions = [];
    this.options = {};
    this.busy = false;
    this.columns = [];
    this.source = null;
    this.about = "";
    this.previews = {};
    this.confirmed = new Set();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("source")) {
      this.confirmed = new Set();
    }
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
    const open = openQuestions(this.questions, this.options, this.columns).filter(
      ({ message }) => !this.confirmed.has(message),
    );
    return open.length === 0
      ? nothing
      : html`
        <section aria-labelledby="title">
          <h2 id="title">
            ${this.about === "" ? nothing : html`<bdi>${cell(this.about)}</bdi>: `}
            ${open.length === 1 ? "One thing only you can decide" : "Things only you can decide"}
          </h2>
          <ul>
            ${open.map((question, index) => this.#renderQuestion(question, index))}
          </ul>
        </section>
      `;
  }

  #renderQuestion(question: Question, index: number): TemplateResult {
    return html`
      <li data-code=${question.code}>
        <p id="question-${index}"><bdi>${quoting(question.message)}</bdi></p>
        <div class="answers" role="group" aria-labelledby="question-${index}">
          ${question.options.map((option, place) =>
            this.#renderAnswer(question, option, place, `reading-${index}-${place}`),
          )}
          ${
            question.answerTo === ""
              ? html`
                <button type="button" @click=${() => this.dispatchEvent(new AskEvent("open-mapping"))}>
                  No, change the columns
                </button>
              `
              : nothing
          }
        </div>
      </li>
    `;
  }

  #renderAnswer(question: Question, option: string, place: number, id: string): TemplateResult {
    const own = question.readings[place] ?? "";
    const reading =
      own === "" && question.answerTo === "encoding" ? (this.previews[option] ?? "") : own;
    return html`
      <button
        type="button"
        ?disabled=${this.busy}
        aria-describedby=${reading === "" ? nothing : id}
        @click=${() => this.#answer(question, option)}
      >
        <span class="name">
          ${answerName(question.answerTo, option)}
          ${question.assumed === option ? html`<span class="assumed">assumed here</span>` : nothing}
        </span>
        ${
          reading === ""
            ? nothing
            : html`<span class="reading small" id=${id}><bdi>${quoting(cut(reading, READING_CHARACTERS))}</bdi></span>`
        }
      </button>
    `;
  }

  #answer(question: Question, option: string): void {
    const options = answerAsOptions(question, option, this.options, this.columns);
    if (options === null) {
      this.confirmed = new Set([...this.confirmed, question.message]);
    } else {
      this.dispatchEvent(new OptionsEvent(options));
    }
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
