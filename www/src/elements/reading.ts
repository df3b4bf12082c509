/**
 * The state of reading: how far, how long still, and a way to stop.
 *
 * It measures no time by itself: the element above says how long it still takes.
 */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import type { Progress } from "../engine/protocol.ts";
import { controls } from "./controls.styles.ts";
import { formatFor } from "./format.ts";
import { AskEvent } from "./inward-events.ts";
import { cell } from "./text.ts";
import { timeLeft } from "./time-left.ts";

export class Reading extends LitElement {
  static override properties: PropertyDeclarations = {
    name: {},
    locale: {},
    progress: { attribute: false },
    secondsLeft: { attribute: false },
    isAlone: { attribute: false },
  };

  declare name: string;
  declare locale: string;
  declare progress: Progress | null;
  /** Seconds until it is read, where that can be said. */
  declare secondsLeft: number | null;
  /** Whether there is nothing else to see, so that its heading is the page's. */
  declare isAlone: boolean;

  constructor() {
    super();
    this.name = "";
    this.locale = "";
    this.progress = null;
    this.secondsLeft = null;
    this.isAlone = false;
  }

  /** Moves the reader here, where Tab goes on to the button. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>("h1, h2")?.focus(options);
  }

  protected override render(): TemplateResult {
    const { progress } = this;
    const format = formatFor(this.locale);
    const isRead = progress !== null && progress.total <= progress.bytes;
    const share = progress === null || progress.total === 0 ? 0 : progress.bytes / progress.total;
    const heading = html`
      ${isRead ? "Counting" : progress !== null && 1 < progress.pass ? "Reading again" : "Reading"}
      <bdi>${cell(this.name)}</bdi>
    `;
    return html`
      ${this.isAlone ? html`<h1 tabindex="-1">${heading}</h1>` : html`<h2 tabindex="-1">${heading}</h2>`}
      <progress
        max="1"
        .value=${share}
        aria-label="Read so far"
        aria-valuetext=${format.share(Math.min(share, 1), 0)}
      ></progress>
      <p class="number">
        ${
          progress === null
            ? "Starting"
            : isRead
              ? html`${format.counted(progress.rows, "row")} read. Working out the figures.`
              : html`
                ${format.bytes(progress.bytes)} of ${format.bytes(progress.total)},
                ${format.counted(progress.rows, "row")}<span class="muted">${timeLeft(this.secondsLeft, format)}</span>
              `
        }
      </p>
      ${progress?.why === undefined ? nothing : html`<p class="small muted">${progress.why}</p>`}
      <p>
        <button type="button" @click=${() => this.dispatchEvent(new AskEvent("cancel"))}>
          Cancel
        </button>
        <span class="key small muted">or press Esc</span>
      </p>
    `;
  }

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: var(--rc-space-2);
        padding-block: var(--rc-space-6);
        max-inline-size: 560px;
        margin-inline: auto;
      }

      progress {
        appearance: none;
        inline-size: 100%;
        block-size: 4px;
        border: 0;
        border-radius: 2px;
        background: var(--rc-line);
        overflow: hidden;
      }

      h1 {
        font-size: var(--rc-text-l);
      }

      h1:focus,
      h2:focus {
        outline: none;
      }

      .key {
        margin-inline-start: var(--rc-space-1);
      }

      @media (hover: none) {
        .key {
          display: none;
        }
      }

      progress::-webkit-progress-bar {
        background: var(--rc-line);
      }

      progress::-webkit-progress-value {
        background: var(--rc-accent);
      }

      progress::-moz-progress-bar {
        background: var(--rc-accent);
      }
    `,
  ];
}
