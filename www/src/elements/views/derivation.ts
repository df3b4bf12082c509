/**
 * `<rc-derivation>`: where one figure comes from: the arithmetic with this file's numbers, what it
 * means, how sure it is, what was left out, who published it, and the customers behind it.
 *
 * It computes nothing. It is a native dialog: at the side, and from below on a phone.
 */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type {
  Benchmark,
  CustomerQuery,
  Definition,
  Figure,
  FormulaInfo,
  NoteReport,
  Stage,
} from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor, type NumberKind } from "../format.ts";
import { expressionWords, worked } from "../sentence.ts";
import { quoting } from "../text.ts";
import { capitalised, spelled } from "../words.ts";
import type { CustomerGroup, CustomerSource } from "./behind.ts";
import { choiceOf } from "./choice.ts";
import { estimateInfo } from "./estimates.ts";
import { intervalWords, reasonSentence, valueWords } from "./figure-words.ts";
import { viewStyles } from "./view.styles.ts";

/** What the panel shows. */
export interface Derived {
  readonly name: string;
  /** The period or file that it speaks of. */
  readonly of: string;
  /** The figure; nothing where it is an amount that no formula gave. */
  readonly figure: Figure | null;
  /** The amount in its place. */
  readonly amount?: DerivedAmount;
  readonly kind: NumberKind;
  /** The unit of a length of time. */
  readonly unit?: string;
  readonly info: FormulaInfo | null;
  /** What it means, where the words of the formula are of another rate that is worked out alike. */
  readonly meaning?: string;
  /** Whether the file gives totals only, of which nothing can be drawn again. */
  readonly isOfTotals?: boolean;
  readonly leftOut?: readonly NoteReport[];
  readonly definitions?: readonly Definition[];
  readonly benchmarks?: readonly Benchmark[];
  readonly stages?: readonly Stage[];
  /** The customers behind it. */
  readonly customers?: CustomerQuery;
  /** Or the groups of customers that move it, the first of them shown at once. */
  readonly groups?: readonly CustomerGroup[];
  /** Or a table of accounts, where there is no history of customers. */
  readonly accounts?: TemplateResult;
}

/** An amount that was counted or added up, in words. */
export interface DerivedAmount {
  readonly value: string;
  /** How sure it is; that it is counted, where nothing is said. */
  readonly certainty?: string;
  readonly meaning: string;
  readonly arithmetic: string;
  /** What it was counted from. */
  readonly source: string;
}

/** The panel. */
export class DerivationElement extends LitElement {
  static override properties = {
    derived: { attribute: false },
    format: { attribute: false },
    engine: { attribute: false },
    group: { state: true },
  };

  static override styles = [
    controls,
    viewStyles,
    css`
      dialog {
        position: fixed;
        inset: 0 0 0 auto;
        display: none;
        inline-size: min(30rem, 92vw);
        max-inline-size: none;
        block-size: 100dvh;
        max-block-size: none;
        margin: 0;
        padding: var(--rc-space-3);
        border: 0;
        border-inline-start: 1px solid var(--rc-line-strong);
        background: var(--rc-surface);
        color: var(--rc-text);
        overflow-y: auto;
        overscroll-behavior: contain;
      }

      dialog[open] {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: var(--rc-space-3);
      }

      dialog.wide {
        inline-size: min(46rem, 92vw);
      }

      .behind {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-2);
        padding-block: var(--rc-space-2);
        border-block: 1px solid var(--rc-line);
      }

      .behind rc-customers-behind {
        --rc-rows-height: 24rem;
      }

      dialog:dir(rtl) {
        inset: 0 auto 0 0;
      }

      dialog::backdrop {
        background: rgb(0 0 0 / 0.32);
      }

      @media (max-width: 560px) {
        dialog,
        dialog.wide,
        dialog:dir(rtl) {
          inset: auto 0 0 0;
          inline-size: 100%;
          block-size: auto;
          max-block-size: 86dvh;
          border-inline-start: 0;
          border-block-start: 1px solid var(--rc-line-strong);
          border-radius: 12px 12px 0 0;
        }
      }

      @media (prefers-reduced-motion: no-preference) {
        dialog[open] {
          animation: arrive 120ms ease-out;
        }
        @keyframes arrive {
          from {
            opacity: 0;
            translate: 0 8px;
          }
        }
      }

      header {
        display: flex;
        align-items: start;
        justify-content: space-between;
        gap: var(--rc-space-2);
      }

      header button {
        flex: none;
        margin: -6px -8px 0 0;
      }

      .value {
        font-size: var(--rc-text-xl);
        font-weight: 600;
        line-height: 1.2;
        letter-spacing: -0.015em;
        font-variant-numeric: tabular-nums;
      }

      .value.undefined {
        font-size: var(--rc-text-l);
        color: var(--rc-text-muted);
        letter-spacing: 0;
      }

      .value + p {
        margin-block-start: var(--rc-space-half);
      }

      dl {
        display: grid;
        gap: var(--rc-space-2);
      }

      dt {
        margin-block-end: 2px;
        font-size: var(--rc-text-s);
        color: var(--rc-text-muted);
      }

      .arithmetic {
        padding: 12px var(--rc-space-2);
        border-radius: var(--rc-radius);
        background: var(--rc-surface-sunken);
        font-size: var(--rc-text-s);
        font-variant-numeric: tabular-nums;
      }

      .arithmetic strong {
        display: block;
        margin-block-start: var(--rc-space-half);
        font-size: var(--rc-text-m);
      }

      li + li {
        margin-block-start: var(--rc-space-half);
      }

      @media print {
        dialog {
          display: none !important;
        }
      }
    `,
  ];

  declare derived: Derived | null;
  declare format: Format;
  /** What answers questions about customers. */
  declare engine: CustomerSource | null;
  /** The place of the group whose customers are shown. */
  declare protected group: number;

  constructor() {
    super();
    this.derived = null;
    this.format = formatFor();
    this.engine = null;
    this.group = 0;
  }

  /** Opens the panel on a figure; closing gives the focus back to where it was. */
  async show(derived: Derived): Promise<void> {
    this.derived = derived;
    this.group = 0;
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector("dialog");
    if (!dialog) return;
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
  }

  override render(): TemplateResult {
    const { derived } = this;
    return html`
      <dialog class=${derived && (derived.accounts || 0 < this.#groups(derived).length) ? "wide" : ""} aria-labelledby="name" @click=${this.#closeOnBackdrop} @close=${this.#forget}>
        ${derived ? this.#content(derived) : nothing}
      </dialog>
    `;
  }

  #content(derived: Derived): TemplateResult {
    const { figure, amount, info } = derived;
    const estimate = info || !figure ? null : estimateInfo(figure.formula);
    const abbreviation = abbreviationOf(derived);
    const undefinedWhen = info?.undefinedWhen;
    return html`
      <header>
        <div>
          <h2 id="name">${derived.name}${abbreviation ? ` (${abbreviation})` : ""}</h2>
          <p class="small muted">${derived.of}</p>
        </div>
        <button type="button" class="quiet" @click=${this.#close}>Close</button>
      </header>
      <div>
        ${
          figure
            ? this.#value(figure, derived)
            : amount
              ? html`<p class="value">${amount.value}</p>
                <p class="small muted">${amount.certainty ?? "It is counted, so it has no interval."}</p>`
              : nothing
        }
      </div>
      <dl>
        ${
          figure
            ? this.#arithmetic(figure, derived)
            : amount
              ? html`<div><dt>How it was worked out</dt><dd class="arithmetic">${amount.arithmetic}</dd></div>`
              : nothing
        }
        ${this.#entry("What it means", derived.meaning ?? info?.definition ?? estimate?.definition ?? amount?.meaning)}
      </dl>
      ${this.#behind(derived)}
      <dl>
        ${this.#entry("Not defined when", undefinedWhen)}
        ${this.#leftOut(derived)}
        ${this.#definitions(derived)}
        ${this.#benchmarks(derived)}
        ${this.#entry("Published by", info?.source ?? estimate?.source)}
        ${this.#entry("Counted from", amount?.source)}
      </dl>
    `;
  }

  #value(figure: Figure, derived: Derived): TemplateResult {
    const { kind, unit = "" } = derived;
    return figure.value === null
      ? html`<p class="value undefined">Not defined</p><p>${reasonSentence(figure)}</p>`
      : html`<p class="value">${valueWords(figure.value, kind, this.format, { unit })}</p>
        <p class="small muted">${this.#certainty(figure, derived)}</p>`;
  }

  /** The groups of customers that can be shown. */
  #groups({ customers, groups = [] }: Derived): readonly CustomerGroup[] {
    if (!this.engine) return [];
    return groups.length === 0 && customers ? [{ name: "", query: customers, n: null }] : groups;
  }

  #behind(derived: Derived): TemplateResult | typeof nothing {
    if (derived.accounts) {
      return html`<section class="behind"><h3>The accounts behind it</h3>${derived.accounts}</section>`;
    }
    const groups = this.#groups(derived);
    const shown = groups[this.group] ?? groups[0];
    if (!shown) return nothing;
    return html`
      <section class="behind">
        <h3>The customers behind it</h3>
        ${
          groups.length < 2
            ? nothing
            : choiceOf(
                "Which customers",
                "group",
                String(groups[this.group] ? this.group : 0),
                groups.map(({ name, n }, index) => [
                  String(index),
                  html`${name}${n === null ? nothing : html`&nbsp;<span class="muted number">${this.format.compactCount(n)}</span>`}`,
                ]),
                (value) => {
                  this.group = Number(value);
                },
                { isLegendSeen: false },
              )
        }
        <rc-customers-behind
          .engine=${this.engine}
          .edition=${derived}
          .query=${shown.query}
          .format=${this.format}
          .label=${[shown.name || derived.name, derived.of].filter(Boolean).join(", ")}
        ></rc-customers-behind>
      </section>
    `;
  }

  #entry(term: string, text: string | undefined): TemplateResult | typeof nothing {
    return text ? html`<div><dt>${term}</dt><dd>${text}</dd></div>` : nothing;
  }

  #certainty(figure: Figure, { kind, unit }: Derived): string {
    const interval = intervalWords(figure, kind, this.format, unit);
    const counted = figure.n == null ? "" : `counted from ${this.format.count(figure.n)}`;
    if (interval) return `${capitalised(interval)}${counted ? `, ${counted}` : ""}.`;
    return counted
      ? `${capitalised(counted)}. It has no interval.`
      : this.derived?.isOfTotals
        ? "It has no interval: the file gives totals only."
        : "It has no interval.";
  }

  #arithmetic(figure: Figure, { info, kind, unit = "" }: Derived): TemplateResult {
    if (info) {
      return html`<div>
        <dt>How it was worked out</dt>
        <dd class="arithmetic">${capitalised(expressionWords(info))}<strong>${worked(info, figure, this.format)}</strong></dd>
      </div>`;
    }
    const how = estimateInfo(figure.formula)?.how ?? spelled(figure.formula);
    const inputs = Object.entries(figure.inputs);
    return html`<div>
      <dt>How it was worked out</dt>
      <dd class="arithmetic">
        ${capitalised(how)}${figure.value === null ? nothing : html`<strong>= ${valueWords(figure.value, kind, this.format, { unit })}</strong>`}
        ${inputs.map(([name, value]) => html`<br />${capitalised(spelled(name))}: ${this.format.ratio(value)}`)}
      </dd>
    </div>`;
  }

  #leftOut({ leftOut }: Derived): TemplateResult | typeof nothing {
    if (!leftOut) return nothing;
    if (leftOut.length === 0) return this.#entry("Left out", "No row of the file.");
    return html`<div>
      <dt>Left out</dt>
      <dd>
        <ul>
          ${leftOut.slice(0, 5).map((note) => html`<li>${this.format.counted(note.count, "row")}: <bdi>${quoting(note.message)}</bdi></li>`)}
          ${5 < leftOut.length ? html`<li>${this.format.counted(leftOut.length - 5, "more reason")} in the import report</li>` : nothing}
        </ul>
      </dd>
    </div>`;
  }

  #definitions({ definitions = [] }: Derived): TemplateResult | typeof nothing {
    if (definitions.length === 0) return nothing;
    return html`<div>
      <dt>By other definitions</dt>
      <dd>
        <rc-definitions-table
          .definitions=${definitions}
          .format=${this.format}
          .engine=${this.engine}
        ></rc-definitions-table>
      </dd>
    </div>`;
  }

  #benchmarks({ benchmarks = [], stages = [] }: Derived): TemplateResult | typeof nothing {
    if (benchmarks.length === 0) return nothing;
    return html`<div>
      <dt>Published ranges</dt>
      <dd>
        <rc-benchmark-list
          .benchmarks=${benchmarks}
          .stages=${stages}
          .format=${this.format}
        ></rc-benchmark-list>
      </dd>
    </div>`;
  }

  #close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }

  /** Whatever was looked for or opened in the panel does not outlive it. */
  #forget(event: Event): void {
    // Told late, when the panel may be open on another figure already.
    if (!(event.currentTarget as HTMLDialogElement).open) this.derived = null;
  }

  #closeOnBackdrop(event: MouseEvent): void {
    const dialog = event.currentTarget as HTMLDialogElement;
    if (event.target !== dialog) return;
    const box = dialog.getBoundingClientRect();
    const isInside =
      box.left <= event.clientX &&
      event.clientX <= box.right &&
      box.top <= event.clientY &&
      event.clientY <= box.bottom;
    if (!isInside) dialog.close();
  }
}

/** The short name of the formula, where the figure goes by the formula's own name. */
function abbreviationOf({ name, info }: Derived): string | null {
  const [own = ""] = name.split(",");
  return info?.name.toLowerCase().includes(own.toLowerCase()) ? info.abbreviation : null;
}
