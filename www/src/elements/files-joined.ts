/**
 * How several files join: what each was taken for, how many of its customers are in the history, and
 * which ids are not.
 *
 * It joins nothing and counts nothing; the core has done both.
 */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import type { FileReport, FilesReport, IdsReport, JoinReport } from "../engine/core.ts";
import { toCsv } from "./charts/csv.ts";
import { fileNameOf, saveFile } from "./charts/download.ts";
import { controls } from "./controls.styles.ts";
import { type Format, formatFor } from "./format.ts";
import { exclusions } from "./sentence.ts";
import { cell, quoting } from "./text.ts";
import { WideTables, wideTablesStyles } from "./wide-tables.ts";
import { KINDS, leftOutWords, spelled } from "./words.ts";

/** How many ids are written out. */
const IDS_SHOWN = 8;

const HOW: Readonly<Record<string, string>> = {
  case: "in upper and lower case only",
  "leading-zeros": "in leading zeros only",
  "case-and-zeros": "in case and leading zeros only",
};

const COUNTS: Readonly<Record<string, string>> = {
  "first-in-alphabet": "the value that comes first in alphabetical order counts",
  earliest: "the earliest date counts",
  neither: "neither counts",
};

export class FilesJoined extends LitElement {
  static override properties: PropertyDeclarations = {
    files: { attribute: false },
    locale: {},
  };

  declare files: FilesReport | null;
  declare locale: string;

  constructor() {
    super();
    new WideTables(this);
    this.files = null;
    this.locale = "";
  }

  protected override render(): TemplateResult | typeof nothing {
    const { files } = this;
    if (files === null) {
      return nothing;
    }
    const format = formatFor(this.locale);
    return html`
      <h2>How the files join</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="Files">
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Used as</th>
              <th scope="col" class="number">Rows read</th>
              <th scope="col" class="number">Used</th>
              <th scope="col" class="number">Left out</th>
            </tr>
          </thead>
          <tbody>
            ${files.files.map((file) => this.#renderFile(file, format))}
          </tbody>
        </table>
      </div>
      ${files.joins.map((join) => this.#renderJoin(join, format))}
      ${files.files.map((file) => this.#renderFindings(file, format))}
    `;
  }

  #renderFile(
    { name, kind, kindWhy, continues, input }: FileReport,
    format: Format,
  ): TemplateResult {
    const { read, used, excluded } = input.rows;
    return html`
      <tr>
        <th scope="row"><bdi>${cell(name)}</bdi></th>
        <td>
          ${KINDS[kind]?.name ?? spelled(kind)}<span class="muted"
            >: ${quoting(kindWhy)}${continues === null ? "" : `; read on from ${cell(continues)}`}</span
          >
        </td>
        <td class="number">${format.count(read)}</td>
        <td class="number">${format.count(used)}</td>
        <td class="number">${format.count(excluded)}</td>
      </tr>
    `;
  }

  #renderJoin(join: JoinReport, format: Format): TemplateResult {
    const name = join.files.map(cell).join(" and ");
    const segments = join.attributes.filter(({ isSegment }) => isSegment);
    return html`
      <section>
        <h3><bdi>${name}</bdi></h3>
        <p>
          Its <code><bdi>${cell(join.key)}</bdi></code> is the
          <code><bdi>${cell(join.historyKey)}</bdi></code> of
          <bdi>${join.history.map(cell).join(" and ")}</bdi>:
          ${format.count(join.matched)} of ${format.counted(join.customers, "customer")} are in the
          history${
            join.matchedAlike === 0
              ? ""
              : `, ${format.count(join.matchedAlike)} of them with another case or without leading zeros`
          }.
        </p>
        ${this.#renderIds("Not in the history", "not in the history", join.unmatched, name, format)}
        ${this.#renderIds(
          join.kind === "events"
            ? "In the history, without an event"
            : "In the history, but not here",
          "in the history, but not here",
          join.missing,
          name,
          format,
        )}
        ${join.alike.map(
          (alike) => html`
            <p class="small">
              ${format.counted(alike.count, "id")} of the two files
              ${alike.count === 1 ? "differs" : "differ"} ${HOW[alike.how] ?? spelled(alike.how)}:
              ${alike.first.slice(0, IDS_SHOWN).map(
                ({ other, history }, index) =>
                  html`${index === 0 ? "" : ", "}<bdi>${cell(other.id)}</bdi> and
                      <bdi>${cell(history.id)}</bdi>`,
              )}.
            </p>
          `,
        )}
        ${
          join.twice.count === 0
            ? nothing
            : html`
              <p class="small">
                ${format.counted(join.twice.count, "id")} in more than one row:
                ${this.#ids(join.twice)}.
                ${
                  join.conflicts.length === 0
                    ? "Their rows do not contradict each other."
                    : join.conflicts.map(
                        (conflict) => html`
                          <code><bdi>${cell(conflict.column)}</bdi></code> differs for
                          ${format.counted(conflict.customers, "customer")} (row
                          ${conflict.rows.slice(0, IDS_SHOWN).join(", ")});
                          ${COUNTS[conflict.counts] ?? spelled(conflict.counts)}.
                        `,
                      )
                }
              </p>
            `
        }
        ${
          segments.length === 0
            ? nothing
            : html`
              <p class="small">
                Customers can be compared by ${format.list(segments.map((one) => cell(one.name)))}.
              </p>
            `
        }
      </section>
    `;
  }

  #renderIds(
    title: string,
    words: string,
    ids: IdsReport,
    name: string,
    format: Format,
  ): TemplateResult | typeof nothing {
    return ids.count === 0
      ? nothing
      : html`
        <p class="small ids" data-ids=${words}>
          ${title}: ${format.counted(ids.count, "customer")}. ${this.#ids(ids)}${
            IDS_SHOWN < ids.count ? " …" : ""
          }
          <button
            type="button"
            class="link"
            aria-label="Download those ${words} as CSV"
            @click=${() => this.#save(ids, `${name} ${words}`)}
          >
            ${ids.first.length < ids.count ? `Download the first ${ids.first.length}` : "Download"}
          </button>
        </p>
      `;
  }

  #ids({ first }: IdsReport): TemplateResult[] {
    return first.slice(0, IDS_SHOWN).map(
      ({ id, row }, index) =>
        html`${index === 0 ? "" : ", "}<bdi>${cell(id)}</bdi>
            <span class="muted">(row ${row})</span>`,
    );
  }

  /** What is left out of a file beside the history, and what was found in it. */
  #renderFindings(file: FileReport, format: Format): TemplateResult | typeof nothing {
    const { notes } = file.input;
    const isHistory = file.kind in KINDS && !["customers", "events", "unused"].includes(file.kind);
    if (notes.length === 0 || (isHistory && file.continues === null)) {
      return nothing;
    }
    const reasons = exclusions(notes);
    const others = notes.filter(({ excludes }) => !excludes);
    return html`
      <details>
        <summary>What was found in <bdi>${cell(file.name)}</bdi></summary>
        <ul class="small">
          ${reasons.map(
            (note) => html`
              <li>
                ${format.counted(note.count, "row")} left out, ${leftOutWords(note.code, note.count)}.
                <span class="muted"><bdi>${quoting(note.message)}</bdi></span>
              </li>
            `,
          )}
          ${others.map(
            (note) => html`<li>
              <bdi>${quoting(note.message)}</bdi>
              <span class="muted"
                >${1 < note.count ? `${format.count(note.count)} times` : ""}</span
              >
            </li>`,
          )}
        </ul>
      </details>
    `;
  }

  #save({ first }: IdsReport, name: string): void {
    const rows = first.map(({ id, file, row }) => [id, file, row]);
    saveFile(
      new Blob([toCsv(["customer", "file", "row"], rows)], { type: "text/csv" }),
      fileNameOf(name, "csv"),
    );
  }

  static override styles = [
    controls,
    wideTablesStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-2);
      }

      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-half);
        padding-block-start: var(--rc-space-2);
        border-block-start: 1px solid var(--rc-line);
      }

      tbody th {
        font-weight: 500;
      }

      td:not(.number) {
        text-align: start;
        white-space: normal;
        min-inline-size: 220px;
      }

      details ul {
        display: grid;
        gap: var(--rc-space-half);
        margin-block-start: var(--rc-space-1);
      }

      summary {
        inline-size: fit-content;
        min-block-size: 24px;
      }
    `,
  ];
}
