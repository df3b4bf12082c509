/**
 * Tables of numbers that can be typed over, and a small mark for a level.
 *
 * It judges no number: the core says what cannot be meant.
 */

import {
  type CSSResultGroup,
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import type { RiskLevel } from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor, type NumberKind } from "../format.ts";
import { asEntry, readEntry } from "../number-entry.ts";
import { LEVELS } from "./health-words.ts";
import { viewStyles } from "./view.styles.ts";

/** What is typed in one field, and what is wrong with it, for as long as it is. */
type Typing = Readonly<Record<string, { text: string; problem?: string }>>;

/** One number that can be typed over. */
interface CellField {
  /** Unique inside the shadow root that shows it. */
  id: string;
  /** Read out; the table says it to the eye. */
  label: string;
  value: number | null;
  kind: NumberKind;
  unit?: string | undefined;
  /** Told what it is set to. */
  onValue(value: number): void;
  /** Told that it is emptied; without this it has to have a number. */
  onEmpty?(): void;
}

/** The word of a level with marks that tell it without colour: four for critical, none for unknown. */
export function levelMark(level: RiskLevel): TemplateResult {
  const { name, marks } = LEVELS[level];
  return html`<span class="level ${level}"><span class="marks" aria-hidden="true">${[
    1, 2, 3, 4,
  ].map((mark) => html`<i class=${mark <= marks ? "on" : ""}></i>`)}</span>${name}</span>`;
}

/** The look of fields and marks. */
export const healthFieldStyles = css`
  .cell-field {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px var(--rc-space-half);
  }

  .cell-field input {
    inline-size: 5.5em;
    min-block-size: 32px;
    padding: 0 var(--rc-space-1);
    font-size: var(--rc-text-s);
  }

  .cell-field .unit-after {
    font-size: var(--rc-text-s);
    color: var(--rc-text-muted);
  }

  .cell-field .problem {
    flex-basis: 100%;
    max-inline-size: 22em;
    white-space: normal;
    text-align: start;
    font-size: var(--rc-text-s);
    color: var(--rc-error-text);
  }

  .level {
    display: inline-flex;
    align-items: center;
    gap: var(--rc-space-1);
    white-space: nowrap;
  }

  .marks {
    display: inline-flex;
    gap: 2px;
  }

  .marks i {
    inline-size: 5px;
    block-size: 12px;
    border: 1px solid var(--rc-line-strong);
  }

  .marks i.on {
    border-color: var(--rc-loss);
    background: var(--rc-loss);
  }

  .level.low .marks i.on {
    border-color: var(--rc-gain);
    background: var(--rc-gain);
  }

  .level.critical,
  .level.high {
    font-weight: 600;
  }

  .level.unknown {
    color: var(--rc-text-muted);
  }

  @media (pointer: coarse) {
    .cell-field input {
      min-block-size: 40px;
    }
  }
`;

/** A table of fields for what a report on health rests on. */
export abstract class HealthFieldsElement<Shown> extends LitElement {
  static override properties: PropertyDeclarations = {
    report: { attribute: false },
    locale: {},
    currency: {},
    typing: { state: true },
  };

  static override styles: CSSResultGroup = [
    controls,
    viewStyles,
    healthFieldStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-2);
      }

      td,
      tbody th {
        vertical-align: middle;
      }

      @container (max-width: 619px) {
        table.fields {
          min-inline-size: 0;
        }
        thead {
          position: absolute;
          inline-size: 1px;
          block-size: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        .own-line {
          display: grid;
          grid-template-columns: minmax(0, 1fr) auto;
          border-block-end: 1px solid var(--rc-line);
        }
        .own-line :is(th, td) {
          padding: 0;
          border: 0;
        }
      }

      .settings {
        font-size: var(--rc-text-s);
      }
    `,
  ];

  declare report: Shown | null;
  declare locale: string;
  declare currency: string;
  declare protected typing: Typing;

  constructor() {
    super();
    this.report = null;
    this.locale = "";
    this.currency = "";
    this.typing = {};
  }

  protected get format(): Format {
    return formatFor(this.locale, this.currency);
  }

  /** A number that can be typed over. */
  protected field({ id, label, value, kind, unit, onValue, onEmpty }: CellField): TemplateResult {
    const { locale, typing } = this;
    const own = typing[id];
    const text = own?.text ?? (value === null ? "" : asEntry(value, kind, locale));
    const problem = own?.problem;
    const input = (event: InputEvent) => {
      const typed = (event.target as HTMLInputElement).value;
      const entry = readEntry(typed, kind, locale);
      if (entry !== null && "problem" in entry) {
        this.typing = { ...this.typing, [id]: { text: typed, problem: entry.problem } };
      } else if (entry === null && onEmpty === undefined) {
        this.typing = { ...this.typing, [id]: { text: typed, problem: "Type a number." } };
      } else {
        this.typing = { ...this.typing, [id]: { text: typed } };
        if (entry === null) onEmpty?.();
        else onValue(entry.value);
      }
    };
    const leave = () => {
      if (own !== undefined && problem === undefined) {
        const { [id]: _left, ...others } = this.typing;
        this.typing = others;
      }
    };
    return html`
      <span class="cell-field">
        <input
          id=${id}
          type="text"
          inputmode="decimal"
          autocomplete="off"
          spellcheck="false"
          aria-label=${label}
          aria-invalid=${problem === undefined ? "false" : "true"}
          aria-describedby=${problem === undefined ? nothing : `${id}-problem`}
          .value=${text}
          @input=${input}
          @blur=${leave}
        />${unit === undefined ? nothing : html`<span class="unit-after">${unit}</span>`}
        ${problem === undefined ? nothing : html`<span class="problem" id="${id}-problem">${problem}</span>`}
      </span>
    `;
  }
}
