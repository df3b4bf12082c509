/**
 * The first screen: what this does, what becomes of a file, and the four ways in.
 *
 * It reads nothing: a file goes out as an event.
 */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import { flatten } from "../engine/retention-error.ts";
import { controls } from "./controls.styles.ts";
import { type Intake, takeFiles, takeText } from "./intake.ts";
import { AskEvent, RefusedEvent, SeveralEvent, SourceEvent } from "./inward-events.ts";
import { SAMPLES, type Sample, sampleFiles, sampleName } from "./samples.ts";

/** What the file dialog offers; other files can still be chosen there. */
const ACCEPT = ".csv,.tsv,.tab,.txt,.gz,text/csv,text/tab-separated-values,text/plain";

export class WaysIn extends LitElement {
  static override properties: PropertyDeclarations = {
    compact: { type: Boolean },
    pasting: { state: true },
    pasted: { state: true },
  };

  /** Without the headline, where something else stands above. */
  declare compact: boolean;
  declare protected pasting: boolean;
  declare protected pasted: string;

  constructor() {
    super();
    this.compact = false;
    this.pasting = false;
    this.pasted = "";
  }

  /** Puts the focus on the first way in. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>("input[type=file]")?.focus(options);
  }

  protected override render(): TemplateResult {
    return html`
      ${this.compact ? nothing : this.#renderHead()}
      <div class="ways" part="ways-in">
        <section>
          <h2>Choose a file</h2>
          <p class="small muted">
            CSV, TSV or text, also as .gz; several are joined by customer.<span class="keys"> Or drop
            them anywhere here.</span>
          </p>
          <label class="button">
            <input type="file" multiple accept=${ACCEPT} @change=${this.#choose} />
            <span>Choose file</span>
          </label>
        </section>
        <section>
          <h2>Paste</h2>
          <p class="small muted">
            Copy cells with their header from any spreadsheet<span class="keys">,
            then press <kbd>${isApple() ? "⌘V" : "Ctrl V"}</kbd></span>.
          </p>
          <button
            type="button"
            aria-expanded=${this.pasting ? "true" : "false"}
            aria-controls="paste"
            @click=${this.#togglePaste}
          >
            Paste text
          </button>
        </section>
        <section>
          <h2>Try a sample</h2>
          <p class="small muted" id="samples">Invented companies, one for each kind of file.</p>
          <ul class="samples" aria-labelledby="samples">
            ${SAMPLES.map(
              (sample) => html`
                <li>
                  <button
                    type="button"
                    class="link"
                    data-sample=${sample.id}
                    @click=${() => this.#sendSample(sample)}
                  >
                    ${sample.name}
                  </button>
                </li>
              `,
            )}
          </ul>
        </section>
        <section>
          <h2>Type your totals</h2>
          <p class="small muted">Three numbers give a rate at once, with its formula.</p>
          <button type="button" @click=${() => this.#send(new AskEvent("type-totals"))}>
            Type totals
          </button>
        </section>
      </div>
      <div id="paste" class="paste" ?hidden=${!this.pasting}>
        <label for="text">Table as text, header row first</label>
        <textarea
          id="text"
          class="mono"
          rows="6"
          spellcheck="false"
          autocomplete="off"
          .value=${this.pasted}
          @input=${(event: InputEvent) => {
            this.pasted = (event.target as HTMLTextAreaElement).value;
          }}
        ></textarea>
        <div class="row">
          <button type="button" class="primary" @click=${this.#readPasted}>Read this text</button>
        </div>
      </div>
    `;
  }

  #renderHead(): TemplateResult {
    return html`
      <header>
        <h1>Retention, churn and lifetime value from a CSV, with every row accounted for.</h1>
        <details class="privacy">
          <summary>Your file stays in this tab. <span class="how">How to check</span></summary>
          <ul class="small">
            <li>
              This page's security policy forbids every request after it has loaded. It stands in the
              first lines of the page's source, as <code>connect-src 'none'</code>.
            </li>
            <li>Go offline now: everything here goes on working.</li>
            <li>
              Open the browser's developer tools, choose “Network”, and read a file: the list stays
              empty.
            </li>
            <li>Nothing is stored. When you close the tab, the file and its figures are gone.</li>
          </ul>
        </details>
      </header>
    `;
  }

  async #sendSample(sample: Sample): Promise<void> {
    try {
      const [first, ...more] = await sampleFiles(sample);
      if (first !== undefined) {
        this.#send(
          more.length === 0
            ? new SourceEvent(first.source, sampleName(sample), sample.options)
            : new SeveralEvent([first, ...more], sampleName(sample)),
        );
      }
    } catch (thrown) {
      const { code, message } = flatten(thrown);
      this.#send(new RefusedEvent(code, message));
    }
  }

  #choose(event: Event): void {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    // So that the same file can be chosen again after it was changed.
    input.value = "";
    this.#sendIntake(takeFiles(files));
  }

  async #togglePaste(): Promise<void> {
    this.pasting = !this.pasting;
    if (this.pasting) {
      await this.updateComplete;
      this.renderRoot.querySelector("textarea")?.focus();
    }
  }

  #readPasted(): void {
    this.#sendIntake(takeText(this.pasted, "Pasted text"));
  }

  #sendIntake(intake: Intake): void {
    if (intake.kind === "source") {
      this.#send(new SourceEvent(intake.source, intake.name));
    } else if (intake.kind === "several") {
      this.#send(new SeveralEvent(intake.files.map((file) => ({ name: file.name, source: file }))));
    } else if (intake.kind === "refused") {
      this.#send(new RefusedEvent(intake.code, intake.message));
    }
  }

  #send(event: Event): void {
    this.dispatchEvent(event);
  }

  static override styles = [
    controls,
    css`
      :host {
        container-type: inline-size;
      }

      header {
        display: grid;
        gap: var(--rc-space-2);
        padding-block: var(--rc-space-3);
      }

      h1 {
        max-inline-size: 24em;
      }

      h2 {
        font-size: var(--rc-text-m);
        letter-spacing: 0;
      }

      .privacy summary {
        inline-size: fit-content;
        min-block-size: 24px;
        list-style: none;
      }

      .privacy summary::-webkit-details-marker {
        display: none;
      }

      .how {
        color: var(--rc-accent);
        text-decoration: underline;
        text-decoration-thickness: 1px;
        text-underline-offset: 0.18em;
      }

      .privacy ul {
        display: grid;
        gap: var(--rc-space-1);
        margin-block-start: var(--rc-space-1);
        padding-inline-start: var(--rc-space-2);
        border-inline-start: 2px solid var(--rc-line);
        color: var(--rc-text-muted);
      }

      .ways {
        display: grid;
        border: 1px solid var(--rc-line);
        border-radius: var(--rc-radius);
        background: var(--rc-surface-raised);
      }

      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--rc-space-half) var(--rc-space-2);
        align-items: center;
        padding: 12px var(--rc-space-2);
      }

      section + section {
        border-block-start: 1px solid var(--rc-line);
      }

      section h2 {
        align-self: end;
      }

      section p {
        align-self: start;
        grid-row: 2;
      }

      section > button,
      section > .button {
        grid-row: 1 / span 2;
        grid-column: 2;
      }

      section > .samples {
        grid-column: 1 / -1;
      }

      .samples {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--rc-space-2);
      }

      .samples button {
        min-block-size: 28px;
        font-size: var(--rc-text-s);
      }

      kbd {
        white-space: nowrap;
        font: inherit;
        color: var(--rc-text);
      }

      .button {
        position: relative;
        font-size: var(--rc-text-m);
      }

      .button span {
        display: inline-flex;
        align-items: center;
        justify-content: center;
        min-block-size: var(--rc-target);
        padding-inline: var(--rc-space-2);
        border: 1px solid var(--rc-line-strong);
        border-radius: var(--rc-radius);
        color: var(--rc-text);
        font-weight: 500;
        white-space: nowrap;
        transition: background-color var(--rc-quick);
      }

      .button:hover span {
        background: var(--rc-hover);
      }

      .button input {
        position: absolute;
        inset: 0;
        opacity: 0;
        cursor: pointer;
      }

      .button:focus-within span {
        outline: 2px solid var(--rc-focus);
        outline-offset: 2px;
      }

      section > button {
        white-space: nowrap;
      }

      .paste {
        display: grid;
        gap: var(--rc-space-1);
        padding-block-start: var(--rc-space-2);
      }

      @media (hover: none) {
        .keys {
          display: none;
        }
      }

      @container (min-width: 820px) {
        header {
          padding-block: var(--rc-space-6) var(--rc-space-4);
        }

        .ways {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }

        section {
          grid-template-columns: minmax(0, 1fr);
          grid-template-rows: auto 1fr auto;
          gap: var(--rc-space-1);
          padding: var(--rc-space-3);
          align-items: start;
        }

        section + section {
          border-block-start: 0;
          border-inline-start: 1px solid var(--rc-line);
        }

        section > button,
        section > .button,
        section > .samples {
          grid-row: 3;
          grid-column: 1;
          justify-self: start;
          margin-block-start: var(--rc-space-1);
        }
      }
    `,
  ];
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
