/**
 * The look of a wide table of figures: it scrolls in a box of its own, and its heads and the names of
 * its rows stay in sight.
 *
 * A view adds what only its own table has.
 */

import { css } from "lit";

/** A table in a `.box`, with the names of its rows in `.name`. */
export const wideTableStyles = css`
  .box {
    max-block-size: min(80vh, var(--rc-rows-height, 48rem));
    overflow: auto;
    overscroll-behavior-x: contain;
    border-block: 1px solid var(--rc-line);
  }

  .box table {
    border-collapse: separate;
    border-spacing: 0;
    inline-size: max-content;
    min-inline-size: 100%;
  }

  .box :is(th, td) {
    padding: 6px 10px;
  }

  .box thead th {
    position: sticky;
    z-index: 1;
    inset-block-start: 0;
    background: var(--rc-surface);
    vertical-align: bottom;
  }

  .box .name {
    position: sticky;
    z-index: 1;
    inset-inline-start: 0;
    padding-inline-start: 0;
    background: var(--rc-surface);
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .box thead .name {
    z-index: 2;
  }

  .box :is(th, td) button {
    min-block-size: 28px;
    padding: 0;
    border: 0;
    border-radius: 2px;
    background: none;
    font-weight: inherit;
    white-space: nowrap;
  }

  .box td button {
    min-inline-size: 28px;
    justify-content: flex-end;
  }

  .box td button:hover {
    text-decoration: underline dotted;
    text-underline-offset: 0.2em;
  }

  @media print {
    .box {
      max-block-size: none;
      overflow: visible;
    }
    .box table {
      inline-size: 100%;
      font-size: 9px;
    }
    .box :is(th, td):is(th, td) {
      position: static;
      block-size: auto;
      padding: 1px 3px;
      white-space: normal;
      overflow-wrap: anywhere;
    }
    .box :is(th, td) button {
      display: inline;
      min-block-size: 0;
    }
  }
`;
