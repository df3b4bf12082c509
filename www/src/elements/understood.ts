/**
 * The sentence that says what was understood of the file, and the way to change it.
 *
 * It changes nothing itself; the mapping below it does.
 */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import type { Report } from "../engine/core.ts";
import { controls } from "./controls.styles.ts";
import { formatFor } from "./format.ts";
import { AskEvent } from "./inward-events.ts";
import { understoodOf } from "./sentence.ts";
import { cell } from "./text.ts";

export class Understood extends LitElement {
  static override properties: PropertyDeclarations = {
    report: { attribute: false },
    name: {},
    locale: {},
    isChanging: { attribute: false },
  };

  declare report: Report | null;
  declare name: string;
  declare locale: string;
  /** Whether the mapping is open. */
  declare isChanging: boolean;

  constructor() {
    super();
    this.report = null;
    this.name = "";
    this.locale = "";
    this.isChanging = false;
  }

  /** Puts the focus on the name, so that what was understood is read out next. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector("h1")?.focus(options);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (report === null) {
      return nothing;
    }
    const format = formatFor(this.locale, report.input.currency);
    return html`
      <div class="bar">
        <h1 tabindex="-1"><bdi>${cell(this.name) || "Report"}</bdi></h1>
        <button type="button" class="link" @click=${() => this.#ask("begin-anew")}>
          ${report.files ? "Other files" : "Another file"}
        </button>
      </div>
      <p class="sentence">
        ${understoodOf(report, format).map((piece) =>
          piece.kind === "words" ? piece.text : html`<code><bdi>${cell(piece.name)}</bdi></code>`,
        )}
        <button
          type="button"
          class="link"
          aria-expanded=${this.isChanging ? "true" : "false"}
          @click=${() => this.#ask("toggle-mapping")}
        >
          ${this.isChanging ? "Close" : "Change"}
        </button>
      </p>
    `;
  }

  #ask(what: AskEvent["what"]): void {
    this.dispatchEvent(new AskEvent(what));
  }

  static override styles = [
    controls,
    css`
      .bar {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--rc-space-2);
      }

      h1 {
        min-inline-size: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-size: var(--rc-text-m);
        letter-spacing: 0;
        padding-block: 2px;
      }

      /* It takes the focus only so that it is read out; nothing can be done with it. */
      h1:focus-visible {
        outline: none;
      }

      .bar button {
        flex: none;
      }

      .sentence {
        max-inline-size: 84ch;
        color: var(--rc-text-muted);
        text-wrap: pretty;
      }

      code {
        color: var(--rc-text);
      }

      @media print {
        .sentence button,
        .bar button {
          display: none;
        }
      }
    `,
  ];
}
