/**
 * What becomes of tables that are wider than their box: one marked `stacks` gets a block for each row,
 * its cells under each other with their column's head before them; any other keeps its scroll bar, and
 * says that it has one.
 *
 * It measures and marks; how that looks is in the styles beside it. It changes no text.
 */

import { css, type ReactiveController, type ReactiveControllerHost } from "lit";

/** Boxes that scroll sideways. */
const BOXES = ".box, .scroll";

/** The tables of an element that may be too wide. */
export class WideTables implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: ParentNode };
  readonly #seen = new Map<Element, number>();
  #observer: ResizeObserver | null = null;

  constructor(host: ReactiveControllerHost & { readonly renderRoot: ParentNode }) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdated(): void {
    const boxes = new Set<Element>(this.#host.renderRoot.querySelectorAll(BOXES));
    for (const box of this.#seen.keys()) {
      if (boxes.has(box)) continue;
      this.#observer?.unobserve(box);
      this.#seen.delete(box);
    }
    this.#observer ??= new ResizeObserver((entries) => {
      for (const { target } of entries) {
        // What is stacked is higher, not wider.
        if (this.#seen.get(target) !== target.clientWidth) this.#fit(target);
      }
    });
    for (const box of boxes) {
      if (!this.#seen.has(box)) this.#observer.observe(box);
      this.#fit(box);
    }
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = null;
    this.#seen.clear();
  }

  #fit(box: Element): void {
    this.#seen.set(box, box.clientWidth);
    const table = box.querySelector("table");
    if (!table) return;
    table.toggleAttribute("data-stacked", false);
    const isWide = box.clientWidth + 1 < box.scrollWidth;
    const isStacked = isWide && table.classList.contains("stacks");
    if (isStacked) label(table);
    table.toggleAttribute("data-stacked", isStacked);
    box.toggleAttribute("data-wide", isWide && !isStacked);
  }
}

/** Gives each cell the head of its column, and says the roles that a block would lose. */
function label(table: HTMLTableElement): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => textOf(head));
  table.setAttribute("role", "table");
  for (const part of table.querySelectorAll("thead, tbody")) part.setAttribute("role", "rowgroup");
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    let column = 0;
    for (const cell of row.cells) {
      const isHead = cell.tagName === "TH";
      cell.setAttribute(
        "role",
        !isHead ? "cell" : cell.scope === "row" ? "rowheader" : "columnheader",
      );
      cell.dataset["label"] = column === 0 ? "" : (heads[column] ?? "");
      cell.toggleAttribute(
        "data-blank",
        0 < column && textOf(cell) === "" && !cell.querySelector("input, select"),
      );
      column += cell.colSpan;
    }
  }
}

function textOf(cell: Element): string {
  return cell.textContent?.replace(/\s+/g, " ").trim() ?? "";
}

/** How a row looks as a block, and what a box that scrolls says. */
export const wideTablesStyles = css`
  table.stacks[data-stacked],
  table.stacks[data-stacked] > tbody {
    display: block;
    inline-size: auto;
    min-inline-size: 0;
  }

  table.stacks[data-stacked] > thead {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }

  table.stacks[data-stacked] > tbody > tr {
    display: block;
    padding-block: 10px;
    border-block-end: 1px solid var(--rc-line);
  }

  table.stacks[data-stacked] > tbody > tr > :is(th, td) {
    position: static;
    display: flow-root;
    inline-size: auto;
    max-inline-size: none;
    min-inline-size: 0;
    padding: 2px 0;
    border: 0;
    text-align: end;
    white-space: normal;
    overflow-wrap: anywhere;
  }

  table.stacks[data-stacked] > tbody > tr > :first-child {
    text-align: start;
    font-weight: var(--rc-weight-strong);
  }

  table.stacks[data-stacked] > tbody > tr > [data-label]:not([data-label=""])::before {
    content: attr(data-label);
    float: inline-start;
    max-inline-size: 60%;
    margin-inline-end: var(--rc-space-2);
    font-weight: 400;
    text-align: start;
    color: var(--rc-text-muted);
  }

  /* A button is higher than a word. */
  table.stacks[data-stacked] > tbody > tr > td:has(> button)::before {
    padding-block-start: 4px;
  }

  table.stacks[data-stacked] > tbody > tr > [data-blank] {
    display: none;
  }

  :is(.box, .scroll):has(> .stacks[data-stacked]) {
    max-block-size: none;
  }

  /* Prose has its label above it. */
  table.stacks[data-stacked] > tbody > tr > .prose {
    text-align: start;
    font-weight: 400;
  }

  table.stacks[data-stacked] > tbody > tr > .prose[data-label]:not([data-label=""])::before {
    float: none;
    display: block;
  }

  [data-wide]::before {
    content: "Scroll sideways for all columns";
    position: sticky;
    inset-inline-start: 0;
    display: block;
    inline-size: max-content;
    padding-block: 4px;
    font-size: 13px;
    color: var(--rc-text-muted);
  }

  .scroll[data-wide] > table > * > tr > :first-child {
    position: sticky;
    z-index: 1;
    inset-inline-start: 0;
    max-inline-size: 40vw;
    padding-inline-end: 12px;
    background: var(--rc-surface);
    overflow-wrap: anywhere;
  }

  @media print {
    [data-wide]::before {
      content: none;
    }
  }
`;
