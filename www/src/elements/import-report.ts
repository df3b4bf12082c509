/**
 * The account of the import: every row in or out, every finding with its rows, how the text was
 * read, and what each column is used as.
 *
 * It adds nothing up: the counts are the core's.
 */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import type { FilesReport, Input, NoteReport, Report } from "../engine/core.ts";
import { controls } from "./controls.styles.ts";
import { type Format, formatFor } from "./format.ts";
import { OptionsEvent } from "./inward-events.ts";
import { exclusions } from "./sentence.ts";
import { cell, quoting } from "./text.ts";
import { WideTables, wideTablesStyles } from "./wide-tables.ts";
import {
  dateOrderName,
  decimalName,
  delimiterName,
  leftOutWords,
  roleName,
  SHAPES,
  severityName,
} from "./words.ts";

/** How many row numbers are written out; the count is beside them. */
const ROWS_SHOWN = 12;

const SEVERITIES = ["error", "warning", "info"] as const;

export class ImportReport extends LitElement {
  static override properties: PropertyDeclarations = {
    report: { attribute: false },
    locale: {},
    busy: { type: Boolean },
  };

  declare report: Report | null;
  declare locale: string;
  /** Whether other options are being applied. */
  declare busy: boolean;

  constructor() {
    super();
    new WideTables(this);
    this.report = null;
    this.locale = "";
    this.busy = false;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.report === null) {
      return nothing;
    }
    const { input } = this.report;
    const format = formatFor(this.locale, input.currency);
    return html`
      ${this.report.files ? this.#renderFiles(this.report.files, input) : nothing} ${this.#renderRows(input, format)} ${this.#renderNotes(input.notes, format)}
      ${this.#renderDialect(input, format)} ${this.#renderColumns(input)}
    `;
  }

  #renderFiles(files: FilesReport, { currency }: Input): TemplateResult {
    return html`
      <rc-files-joined .files=${files} .locale=${this.locale}></rc-files-joined>
      <rc-contradictions
        .files=${files}
        .locale=${this.locale}
        .currency=${currency}
        .busy=${this.busy}
        @rc-options=${(event: OptionsEvent) => this.dispatchEvent(new OptionsEvent(event.options))}
      ></rc-contradictions>
    `;
  }

  #renderRows({ rows, notes }: Input, format: Format): TemplateResult {
    const reasons = exclusions(notes);
    return html`
      <section>
        <h2>
          ${
            rows.excluded === 0
              ? `All ${format.counted(rows.read, "row")} are used`
              : `${format.count(rows.used)} of ${format.counted(rows.read, "row")} are used`
          }
        </h2>
        <p class="number">
          ${format.count(rows.read)} read = ${format.count(rows.used)} used +
          ${format.count(rows.excluded)} left out
        </p>
        ${
          reasons.length === 0
            ? nothing
            : html`
              <ul class="reasons">
                ${reasons.map(
                  (note) => html`
                    <li>
                      <span class="number count">${format.count(note.count)}</span>
                      <span>
                        ${leftOutWords(note.code, note.count)}.
                        <span class="muted">First: <bdi>${message(note)}</bdi></span>
                      </span>
                    </li>
                  `,
                )}
              </ul>
            `
        }
      </section>
    `;
  }

  #renderNotes(notes: readonly NoteReport[], format: Format): TemplateResult {
    return html`
      <section>
        <h2>What was found on the way</h2>
        ${
          notes.length === 0
            ? html`<p class="muted">Nothing to report.</p>`
            : html`
              <div class="scroll" tabindex="0" role="region" aria-label="Findings">
                <table class="notes">
                  <thead>
                    <tr>
                      <th scope="col">Finding</th>
                      <th scope="col">Column</th>
                      <th scope="col">Rows</th>
                      <th scope="col" class="number">Times</th>
                      <th scope="col">Left out</th>
                    </tr>
                  </thead>
                  ${SEVERITIES.map((severity) => this.#renderSeverity(severity, notes, format))}
                </table>
              </div>
            `
        }
      </section>
    `;
  }

  #renderSeverity(
    severity: string,
    notes: readonly NoteReport[],
    format: Format,
  ): TemplateResult | typeof nothing {
    const own = notes.filter((note) => note.severity === severity);
    return own.length === 0
      ? nothing
      : html`
        <tbody class=${severity}>
          <tr>
            <th scope="rowgroup" colspan="5">${severityName(severity)}</th>
          </tr>
          ${own.map(
            (note) => html`
              <tr data-code=${note.code}>
                <td class="message"><bdi>${message(note)}</bdi></td>
                <td data-name="Column">${note.column === undefined ? nothing : html`<bdi>${cell(note.column)}</bdi>`}</td>
                <td data-name="Rows" class="number rows">${rowNumbers(note, format)}</td>
                <td data-name="Times" class="number">${format.count(note.count)}</td>
                <td data-name="Left out">${note.excludes ? "yes" : "no"}</td>
              </tr>
            `,
          )}
        </tbody>
      `;
  }

  #renderDialect(
    { dialect, shape, shapeWhy, asOf, firstDate, currency }: Input,
    format: Format,
  ): TemplateResult {
    const entries: readonly (readonly [string, string])[] = [
      ["Kind of file", `${SHAPES[shape]?.name ?? shape}${shapeWhy === "" ? "" : `: ${shapeWhy}`}`],
      ["Encoding", dialect.encoding.toUpperCase()],
      ["Separator", delimiterName(dialect.delimiter)],
      ["Decimal sign", decimalName(dialect.decimal)],
      ...(asOf === ""
        ? []
        : ([
            ["Dates", dateOrderName(dialect.dateOrder)],
            [
              "Span",
              `${firstDate ? `${format.date(firstDate)} to ` : "up to "}${format.date(asOf)}`,
            ],
          ] as const)),
      ["Currency", currency ?? "not known"],
    ];
    return html`
      <section>
        <h2>How the text was read</h2>
        <dl>
          ${entries.map(([name, value]) => html`<dt>${name}</dt><dd><bdi>${quoting(value)}</bdi></dd>`)}
        </dl>
      </section>
    `;
  }

  #renderColumns({ columns }: Input): TemplateResult {
    return html`
      <section>
        <h2>What each column is used as</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="Columns">
          <table class="stacks">
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col">Used as</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              ${columns.map(
                ({ name, role, why }) => html`
                  <tr>
                    <th scope="row"><bdi>${cell(name)}</bdi></th>
                    <td>${role === null ? html`<span class="muted">not used</span>` : roleName(role)}</td>
                    <td class="prose"><bdi>${quoting(why)}</bdi></td>
                  </tr>
                `,
              )}
            </tbody>
          </table>
        </div>
      </section>
    `;
  }

  static override styles = [
    controls,
    wideTablesStyles,
    css`
      :host {
        display: grid;
        gap: var(--rc-space-6);
      }

      section {
        display: grid;
        gap: var(--rc-space-2);
        min-inline-size: 0;
      }

      .reasons {
        display: grid;
        gap: var(--rc-space-half);
      }

      .reasons li {
        display: grid;
        grid-template-columns: 6ch minmax(0, 1fr);
        gap: var(--rc-space-2);
      }

      .count {
        text-align: end;
        font-weight: var(--rc-weight-strong);
      }

      .notes {
        min-inline-size: 640px;
      }

      tbody th[scope="rowgroup"] {
        padding-block-start: var(--rc-space-2);
      }

      tbody.error th[scope="rowgroup"] {
        color: var(--rc-error-text);
      }

      tbody.warning th[scope="rowgroup"] {
        color: var(--rc-warning-text);
      }

      .message {
        min-inline-size: 280px;
      }

      td.rows {
        text-align: start;
        white-space: normal;
        min-inline-size: 120px;
      }

      /* On a phone each finding is a few lines under its message. */
      @container (max-width: 559px) {
        .notes {
          min-inline-size: 0;
        }
        .notes thead {
          position: absolute;
          inline-size: 1px;
          block-size: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        .notes tr {
          display: block;
          padding-block: var(--rc-space-1);
          border-block-end: 1px solid var(--rc-line);
        }
        .notes :is(th, td) {
          display: block;
          min-inline-size: 0;
          padding: 0;
          border: 0;
          text-align: start;
        }
        .notes td:empty {
          display: none;
        }
        .notes td[data-name]::before {
          content: attr(data-name) ": ";
          color: var(--rc-text-muted);
        }
      }

      tbody th {
        font-weight: 500;
      }

      dl {
        display: grid;
        grid-template-columns: minmax(96px, max-content) minmax(0, 1fr);
        gap: var(--rc-space-half) var(--rc-space-3);
        font-size: var(--rc-text-s);
      }

      dt {
        color: var(--rc-text-muted);
      }
    `,
  ];
}

/** Messages quote cells; those were cut where they were quoted. */
function message(note: NoteReport): string {
  return quoting(note.message);
}

/** `4, 7, 1019 and 775 more`; row numbers stand as in a spreadsheet, ungrouped. */
function rowNumbers({ rows, count }: NoteReport, format: Format): string {
  const shown = rows.slice(0, ROWS_SHOWN).map(String);
  const more = count - shown.length;
  return shown.length === 0
    ? ""
    : more <= 0
      ? shown.join(", ")
      : `${shown.join(", ")} and ${format.count(more)} more`;
}
