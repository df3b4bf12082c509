/**
 * The look of native controls, shared by all elements: text, links, buttons, fields and tables.
 *
 * It holds no tokens and no layout of a view. Adopt it beside an element's own styles:
 * `static override styles = [controls, css`…`]`.
 */

import { css } from "lit";

/** Native controls in the house style. */
export const controls = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
    font-family: var(--rc-font);
    font-size: var(--rc-text-m);
    line-height: var(--rc-leading);
    color: var(--rc-text);
    overflow-wrap: break-word;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  h3,
  h4,
  p,
  ul,
  ol,
  dl,
  dd,
  figure,
  fieldset,
  legend {
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }

  h1,
  h2,
  h3,
  h4,
  legend {
    font-weight: var(--rc-weight-strong);
    line-height: var(--rc-leading-tight);
    text-wrap: balance;
  }

  h1 {
    font-size: var(--rc-text-xl);
    letter-spacing: -0.015em;
  }

  h2 {
    font-size: var(--rc-text-l);
    letter-spacing: -0.01em;
  }

  h3,
  h4,
  legend {
    font-size: var(--rc-text-m);
  }

  p,
  li {
    max-inline-size: var(--rc-measure);
  }

  ul,
  ol {
    list-style: none;
  }

  small,
  .small {
    font-size: var(--rc-text-s);
  }

  .muted {
    color: var(--rc-text-muted);
  }

  .number {
    font-variant-numeric: tabular-nums;
  }

  code,
  .mono {
    font-family: var(--rc-font-mono);
    font-size: 0.92em;
  }

  a,
  button.link {
    color: var(--rc-accent);
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.18em;
  }

  a:hover,
  button.link:hover {
    color: var(--rc-accent-hover);
    text-decoration-thickness: 2px;
  }

  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }

  button,
  select,
  summary,
  input[type="checkbox"],
  input[type="radio"],
  input[type="range"] {
    cursor: pointer;
  }

  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--rc-space-1);
    min-block-size: var(--rc-target);
    padding: 0 var(--rc-space-2);
    border: 1px solid var(--rc-line-strong);
    border-radius: var(--rc-radius);
    background: var(--rc-surface-raised);
    font-weight: 500;
    text-align: center;
    transition: background-color var(--rc-quick), border-color var(--rc-quick);
  }

  button:hover {
    background: var(--rc-hover);
  }

  button.primary {
    border-color: var(--rc-accent);
    background: var(--rc-accent);
    color: var(--rc-on-accent);
  }

  button.primary:hover {
    border-color: var(--rc-accent-hover);
    background: var(--rc-accent-hover);
  }

  button.quiet {
    border-color: transparent;
    background: none;
  }

  button.quiet:hover {
    background: var(--rc-hover);
  }

  /* A button that reads as part of a sentence; its target is the line it stands in. */
  button.link {
    display: inline;
    min-block-size: 24px;
    padding: 0;
    border: 0;
    border-radius: 2px;
    background: none;
    font-weight: inherit;
    text-align: inherit;
  }

  button:disabled,
  input:disabled,
  select:disabled {
    cursor: default;
    opacity: 0.55;
  }

  input:not([type="checkbox"], [type="radio"], [type="range"], [type="file"]),
  select,
  textarea {
    min-block-size: var(--rc-target);
    inline-size: 100%;
    padding: 0 12px;
    border: 1px solid var(--rc-line-strong);
    border-radius: var(--rc-radius);
    background: var(--rc-surface-raised);
  }

  textarea {
    padding-block: var(--rc-space-1);
    resize: vertical;
  }

  select {
    padding-inline-end: var(--rc-space-1);
    text-overflow: ellipsis;
  }

  input[type="number"],
  input[inputmode="decimal"],
  input[inputmode="numeric"] {
    font-variant-numeric: tabular-nums;
    text-align: end;
  }

  input[type="checkbox"],
  input[type="radio"] {
    inline-size: 24px;
    block-size: 24px;
    margin: 0;
    accent-color: var(--rc-accent);
  }

  input[type="range"] {
    inline-size: 100%;
    min-block-size: 24px;
    margin: 0;
    accent-color: var(--rc-accent);
  }

  [aria-invalid="true"]:is(input, select, textarea) {
    border-color: var(--rc-error-text);
    outline: 1px solid var(--rc-error-text);
  }

  label {
    display: block;
    font-size: var(--rc-text-s);
    color: var(--rc-text-muted);
  }

  :focus-visible {
    outline: 2px solid var(--rc-focus);
    outline-offset: 2px;
  }

  table {
    border-collapse: collapse;
    inline-size: 100%;
    font-size: var(--rc-text-s);
  }

  caption {
    text-align: start;
  }

  th,
  td {
    padding: var(--rc-space-1) var(--rc-space-2);
    border-block-end: 1px solid var(--rc-line);
    text-align: start;
    vertical-align: baseline;
  }

  th:first-child,
  td:first-child {
    padding-inline-start: 0;
  }

  th:last-child,
  td:last-child {
    padding-inline-end: 0;
  }

  th {
    font-weight: var(--rc-weight-strong);
  }

  thead th {
    color: var(--rc-text-muted);
    font-weight: 500;
  }

  th.number,
  td.number {
    text-align: end;
    white-space: nowrap;
  }

  /* A wide table scrolls inside its own box, never the page. */
  .scroll {
    overflow-x: auto;
    overscroll-behavior-x: contain;
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (pointer: coarse) {
    :host {
      --rc-target: 44px;
    }
  }

  @media print {
    button:not(.figure) {
      display: none;
    }
  }
`;
