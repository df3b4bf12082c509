/**
 * The look that all charts share: the frame around them and the marks inside.
 *
 * It holds no tokens and nothing that belongs to one chart alone.
 */

import { css } from "lit";

/** Frame and marks of a chart. */
export const chartStyles = css`
  :host {
    container-type: inline-size;
    min-inline-size: 0;
  }

  figure {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    column-gap: var(--rc-space-2);
    row-gap: var(--rc-space-1);
    align-items: start;
  }

  h3 {
    font-size: var(--rc-text-m);
    line-height: 1.35;
    text-wrap: pretty;
  }

  .subheading {
    max-inline-size: 90ch;
    margin-block-start: 2px;
    font-size: var(--rc-text-s);
    color: var(--rc-text-muted);
  }

  .tools {
    display: flex;
    gap: var(--rc-space-half);
    margin-block-start: -4px;
  }

  @container (max-width: 559px) {
    figcaption,
    .tools {
      grid-column: 1 / -1;
    }

    .tools {
      margin: -4px 0 0 -10px;
    }

    details.menu > div {
      inset-inline: 0 auto;
    }
  }

  .tools button,
  .tools summary {
    min-block-size: 32px;
    padding: 0 10px;
    border: 1px solid transparent;
    border-radius: var(--rc-radius);
    background: none;
    font-size: var(--rc-text-s);
    font-weight: 500;
    line-height: 30px;
    color: var(--rc-text-muted);
  }

  .tools button:hover,
  .tools summary:hover {
    background: var(--rc-hover);
    color: var(--rc-text);
  }

  .tools button[aria-pressed="true"] {
    border-color: var(--rc-line-strong);
    color: var(--rc-text);
  }

  details.menu {
    position: relative;
  }

  details.menu summary {
    list-style: none;
    user-select: none;
  }

  details.menu summary::-webkit-details-marker {
    display: none;
  }

  details.menu[open] summary {
    background: var(--rc-hover);
    color: var(--rc-text);
  }

  details.menu > div {
    position: absolute;
    z-index: 3;
    inset-block-start: calc(100% + 4px);
    inset-inline-end: 0;
    display: grid;
    min-inline-size: 10rem;
    padding: 4px;
    border: 1px solid var(--rc-line-strong);
    border-radius: var(--rc-radius);
    background: var(--rc-surface-raised);
  }

  details.menu > div button {
    justify-content: flex-start;
    min-block-size: 36px;
    color: var(--rc-text);
  }

  .body,
  .readout,
  .footnote,
  .none {
    grid-column: 1 / -1;
    min-inline-size: 0;
  }

  .plot {
    position: relative;
    direction: ltr;
  }

  .plot svg {
    display: block;
    inline-size: 100%;
    block-size: auto;
    overflow: visible;
  }

  .cursor {
    position: absolute;
    inset: 0;
    border-radius: 2px;
    touch-action: pan-y;
  }

  .hit {
    position: absolute;
    min-block-size: 0;
    padding: 0;
    border: 0;
    border-radius: 2px;
    background: none;
  }

  .hit:hover {
    background: none;
  }

  .hit:focus-visible {
    outline-offset: -2px;
  }

  .hit[aria-disabled] {
    cursor: default;
  }

  .readout {
    display: block;
    min-block-size: 1.5em;
    font-size: var(--rc-text-s);
    font-variant-numeric: tabular-nums;
    color: var(--rc-text-muted);
  }

  .readout span {
    display: inline-block;
  }

  .readout strong {
    font-weight: var(--rc-weight-strong);
    color: var(--rc-text);
  }

  .footnote {
    max-inline-size: none;
    font-size: var(--rc-text-s);
    color: var(--rc-text-muted);
  }

  .none {
    padding-block: var(--rc-space-2);
    border-block: 1px solid var(--rc-line);
    color: var(--rc-text-muted);
  }

  .table-box {
    max-block-size: 26rem;
    overflow: auto;
    overscroll-behavior: contain;
    border-block: 1px solid var(--rc-line);
  }

  .table-box th {
    unicode-bidi: plaintext;
  }

  .table-box thead th {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    background: var(--rc-surface);
    vertical-align: bottom;
  }

  .table-box tbody th {
    font-weight: 400;
    white-space: nowrap;
    max-inline-size: 18rem;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .table-box tr:last-child > * {
    border-block-end: 0;
  }

  /* Marks. */
  svg text {
    font-family: var(--rc-font);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
    fill: var(--rc-text-muted);
  }

  /* Words over lines keep a rim of the surface, so that neither cuts the other. */
  svg text.strong,
  svg text.mark,
  svg text.over {
    paint-order: stroke;
    stroke: var(--rc-surface);
    stroke-width: 4px;
    stroke-linejoin: round;
  }

  svg text.strong {
    font-weight: 600;
    fill: var(--rc-text);
  }

  svg text.label {
    font-size: 13px;
    fill: var(--rc-text);
  }

  svg text.gain {
    fill: var(--rc-gain-text);
  }

  svg text.loss {
    fill: var(--rc-loss-text);
  }

  svg text.mark {
    fill: var(--rc-accent);
    font-weight: 600;
  }

  .grid {
    stroke: var(--rc-grid);
    shape-rendering: crispEdges;
  }

  .axis {
    stroke: var(--rc-axis);
    shape-rendering: crispEdges;
  }

  .rule {
    stroke: var(--rc-line-strong);
    stroke-dasharray: 2 3;
    fill: none;
  }

  path.line {
    fill: none;
    stroke: var(--rc-mark);
    stroke-width: 2;
    stroke-linejoin: round;
    stroke-linecap: round;
  }

  path.line.projected,
  path.line.partial {
    stroke-dasharray: 5 4;
  }

  path.line.quiet {
    stroke: var(--rc-mark-quiet);
  }

  path.line.alternative {
    stroke: var(--rc-series-2);
  }

  .band {
    fill: var(--rc-band);
    stroke: none;
  }

  circle.dot {
    fill: var(--rc-mark);
    stroke: var(--rc-surface);
    stroke-width: 1.5;
  }

  circle.dot.partial {
    fill: var(--rc-surface);
    stroke: var(--rc-mark);
    stroke-width: 2;
  }

  circle.dot.alternative {
    fill: var(--rc-series-2);
  }

  circle.dot.quiet {
    fill: var(--rc-mark-quiet);
  }

  .focus-line {
    stroke: var(--rc-text-muted);
    shape-rendering: crispEdges;
  }

  .focus-box {
    fill: none;
    stroke: var(--rc-text);
    stroke-width: 1.5;
  }

  @media print {
    .tools,
    .readout {
      display: none;
    }

    .table-box {
      max-block-size: none;
      overflow: visible;
    }

    figure {
      break-inside: avoid;
    }
  }
`;
