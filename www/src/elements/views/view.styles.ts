/**
 * What all views share in their look: sections, figures as buttons, switches and side panels.
 *
 * It holds no tokens and nothing of a chart.
 */

import { css } from "lit";
import { wideTablesStyles } from "../wide-tables.ts";

/** Sections, figures, switches, tables that are too wide. */
export const viewStyles = css`
  ${wideTablesStyles}

  :host {
    container-type: inline-size;
  }

  .view {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--rc-space-6);
  }

  section {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--rc-space-2);
    min-inline-size: 0;
  }

  .charts {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--rc-space-6) var(--rc-space-4);
  }

  @container (min-width: 860px) {
    .charts.two {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }

  .lede {
    max-inline-size: 34em;
    font-size: var(--rc-text-l);
    line-height: 1.4;
    text-wrap: pretty;
  }

  .aside {
    font-size: var(--rc-text-s);
    color: var(--rc-text-muted);
  }

  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--rc-space-1) var(--rc-space-3);
  }

  /* A choice of few: radio buttons that read as one row. */
  .switch {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--rc-space-half) var(--rc-space-1);
    padding: 0;
    border: 0;
  }

  .switch legend {
    float: inline-start;
    padding: 0;
    margin-inline-end: var(--rc-space-1);
    font-size: var(--rc-text-s);
    font-weight: 400;
    color: var(--rc-text-muted);
  }

  .switch label {
    position: relative;
    display: inline-flex;
    align-items: center;
    min-block-size: 32px;
    padding: 0 12px;
    border: 1px solid var(--rc-line-strong);
    border-radius: var(--rc-radius);
    font-size: var(--rc-text-s);
    color: var(--rc-text);
    cursor: pointer;
  }

  .switch label:hover {
    background: var(--rc-hover);
  }

  .switch label:has(:checked) {
    border-color: var(--rc-accent);
    background: var(--rc-accent-soft);
    font-weight: 600;
  }

  .switch label:has(:focus-visible) {
    outline: 2px solid var(--rc-focus);
    outline-offset: 2px;
  }

  .switch input {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }

  button.worked {
    display: inline;
    min-block-size: 24px;
    padding: 0;
    border: 0;
    border-radius: 2px;
    background: none;
    font: inherit;
    color: inherit;
    text-align: inherit;
    text-decoration: underline dotted;
    text-decoration-color: var(--rc-line-strong);
    text-decoration-thickness: 1.5px;
    text-underline-offset: 0.2em;
  }

  /* In a row of figures of which one is marked, the others are not. */
  button.worked.plain:not(:hover) {
    text-decoration: none;
  }

  button.worked:hover {
    color: var(--rc-accent);
    text-decoration: underline solid;
    text-decoration-color: currentcolor;
  }

  .undefined {
    color: var(--rc-text-muted);
  }

  .better {
    color: var(--rc-gain-text);
  }

  .worse {
    color: var(--rc-loss-text);
  }

  @media (pointer: coarse) {
    .switch label {
      min-block-size: 40px;
    }
  }

  @media print {
    .view {
      gap: var(--rc-space-4);
    }
    button.worked {
      display: inline;
      text-decoration: none;
    }
    .switch {
      display: none;
    }
  }
`;
