/**
 * Design tokens: the colours, sizes and spaces that every element draws with.
 *
 * It holds no layout and no look of a single element. The tokens are set once, on
 * `<retention-calculator>`, and inherited through the shadow roots below it; a host page overrides
 * any of them on the element itself: `retention-calculator { --rc-accent: rebeccapurple }`.
 */

import { css } from "lit";

/** The tokens; adopted by `<retention-calculator>` alone. */
export const tokens = css`
  :host {
    color-scheme: light dark;

    /* Type: four sizes, one family. Everything scales with --rc-size. */
    --rc-font: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
    --rc-font-mono: ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", Menlo, Consolas, monospace;
    --rc-size: 1rem;
    --rc-text-s: calc(var(--rc-size) * 0.875);
    --rc-text-m: var(--rc-size);
    --rc-text-l: calc(var(--rc-size) * 1.25);
    --rc-text-xl: calc(var(--rc-size) * 1.75);
    --rc-leading: 1.5;
    --rc-leading-tight: 1.2;
    --rc-weight: 400;
    --rc-weight-strong: 600;
    --rc-measure: 66ch;

    /* Space: a grid of 8 px, with one half step. */
    --rc-space-half: 4px;
    --rc-space-1: 8px;
    --rc-space-2: 16px;
    --rc-space-3: 24px;
    --rc-space-4: 32px;
    --rc-space-6: 48px;
    --rc-space-8: 64px;
    --rc-width: 1200px;
    --rc-radius: 6px;
    --rc-target: 40px;

    /* Surfaces, from the page upwards. */
    --rc-surface: light-dark(#ffffff, #121416);
    --rc-surface-sunken: light-dark(#f6f6f4, #191c1f);
    --rc-surface-raised: light-dark(#ffffff, #1d2024);
    --rc-hover: light-dark(#efefec, #23272b);

    /* Text: all three reach 4.5:1 on every surface above. */
    --rc-text: light-dark(#17191c, #eceeef);
    --rc-text-muted: light-dark(#55595f, #a9b0b7);
    --rc-text-faint: light-dark(#64686e, #979ea5);

    /* Lines: the first for structure only, the second reaches 3:1 and bounds what can be used. */
    --rc-line: light-dark(#e2e2de, #2d3237);
    --rc-line-strong: light-dark(#83878c, #727a82);

    /* One accent, for what can be used and for the line that the text speaks of. */
    --rc-accent: light-dark(#0b6b62, #58c7b8);
    --rc-accent-hover: light-dark(#08534c, #7ad8cb);
    --rc-accent-soft: light-dark(#e3f1ee, #16302d);
    --rc-on-accent: light-dark(#ffffff, #06201d);
    --rc-focus: var(--rc-accent);

    /* Gain and loss: blue and orange, never without a sign. The strong ones are text. */
    --rc-gain: light-dark(#2f74c0, #6aa9ec);
    --rc-gain-text: light-dark(#1f5fa6, #86bbf2);
    --rc-gain-soft: light-dark(#e4eefa, #17293c);
    --rc-loss: light-dark(#c8610c, #f09a4a);
    --rc-loss-text: light-dark(#9c4600, #f4ab68);
    --rc-loss-soft: light-dark(#fbecdd, #38240f);

    /* Messages. */
    --rc-warning-text: light-dark(#7a5200, #e6bd62);
    --rc-warning-soft: light-dark(#fbf3de, #2a2414);
    --rc-error-text: light-dark(#a3231c, #f59a8f);
    --rc-error-soft: light-dark(#fbeae8, #3a1b18);

    /* Charts. Data solid in --rc-mark, what is not spoken of in --rc-mark-quiet. */
    --rc-mark: var(--rc-accent);
    --rc-mark-quiet: light-dark(#85898e, #7b838b);
    --rc-band: light-dark(#0b6b6222, #58c7b830);
    --rc-grid: light-dark(#ecece8, #262a2e);
    --rc-axis: light-dark(#83878c, #727a82);
    /* Heat: one hue from little to much; mix them in oklab. Text on the strong half is --rc-on-heat. */
    --rc-heat-low: light-dark(#eef5f4, #17211f);
    --rc-heat-high: light-dark(#0b6b62, #4fbfb0);
    --rc-on-heat: light-dark(#ffffff, #06201d);
    /* Series that are told apart by colour and by a label at the line. */
    --rc-series-1: var(--rc-accent);
    --rc-series-2: light-dark(#c8610c, #f09a4a);
    --rc-series-3: light-dark(#2f74c0, #6aa9ec);
    --rc-series-4: light-dark(#a2447f, #e08cc0);
    --rc-series-5: light-dark(#6b6f1d, #bfc25c);

    /* Motion only explains, and is gone where the reader asks for none. */
    --rc-quick: 120ms;
  }

  :host([theme="light"]) {
    color-scheme: light;
  }

  :host([theme="dark"]) {
    color-scheme: dark;
  }

  @media (prefers-reduced-motion: reduce) {
    :host {
      --rc-quick: 0ms;
    }
  }

  @media print {
    :host {
      color-scheme: light;
    }
  }
`;
