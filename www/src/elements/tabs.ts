/**
 * Tabs after the ARIA pattern: one stop in the order of focus, arrows between them.
 *
 * It draws no panel; it says which one is chosen.
 */

import { css, html, LitElement, type PropertyDeclarations, type TemplateResult } from "lit";
import { controls } from "./controls.styles.ts";

/** One tab. */
export interface Tab {
  id: string;
  name: string;
}

/** Another tab was chosen. */
export class TabEvent extends Event {
  static readonly type = "rc-tab";
  readonly id: string;

  constructor(id: string) {
    super(TabEvent.type, { bubbles: true });
    this.id = id;
  }
}

export class Tabs extends LitElement {
  static override properties: PropertyDeclarations = {
    tabs: { attribute: false },
    chosen: {},
  };

  declare tabs: readonly Tab[];
  declare chosen: string;

  constructor() {
    super();
    this.tabs = [];
    this.chosen = "";
  }

  protected override render(): TemplateResult {
    return html`
      <div role="tablist" aria-label="Views" part="tabs" @keydown=${this.#move}>
        ${this.tabs.map(({ id, name }) => {
          const isChosen = id === this.chosen;
          return html`
            <button
              type="button"
              role="tab"
              part="tab"
              id="tab-${id}"
              data-tab=${id}
              aria-selected=${isChosen ? "true" : "false"}
              tabindex=${isChosen ? "0" : "-1"}
              @click=${() => this.#choose(id)}
            >
              ${name}
            </button>
          `;
        })}
      </div>
    `;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("chosen")) {
      this.#uncover(this.chosen);
    }
  }

  #button(id: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`[data-tab="${CSS.escape(id)}"]`);
  }

  /** Scrolls the row of tabs, and never the page, until the whole tab can be seen. */
  #uncover(id: string): void {
    const button = this.#button(id);
    const list = button?.parentElement;
    if (!button || !list) {
      return;
    }
    const [tab, row] = [button.getBoundingClientRect(), list.getBoundingClientRect()];
    if (tab.left < row.left) {
      list.scrollLeft -= row.left - tab.left;
    } else if (row.right < tab.right) {
      list.scrollLeft += tab.right - row.right;
    }
  }

  #choose(id: string): void {
    this.dispatchEvent(new TabEvent(id));
  }

  #move(event: KeyboardEvent): void {
    const at = this.tabs.findIndex(({ id }) => id === this.chosen);
    const last = this.tabs.length - 1;
    const isRtl = getComputedStyle(this).direction === "rtl";
    const step = isRtl ? -1 : 1;
    const to = {
      ArrowRight: at + step,
      ArrowLeft: at - step,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) {
      return;
    }
    event.preventDefault();
    const tab = this.tabs[to < 0 ? last : last < to ? 0 : to];
    if (tab !== undefined) {
      this.#choose(tab.id);
      this.#button(tab.id)?.focus();
    }
  }

  static override styles = [
    controls,
    css`
      [role="tablist"] {
        display: flex;
        gap: var(--rc-space-3);
        overflow-x: auto;
        scrollbar-width: none;
        border-block-end: 1px solid var(--rc-line);
      }

      [role="tab"] {
        flex: none;
        padding: 0;
        border: 0;
        border-block-end: 2px solid transparent;
        border-radius: 0;
        background: none;
        color: var(--rc-text-muted);
        font-weight: 400;
        white-space: nowrap;
      }

      [role="tab"]:hover {
        background: none;
        color: var(--rc-text);
      }

      [role="tab"][aria-selected="true"] {
        border-block-end-color: var(--rc-accent);
        color: var(--rc-text);
        font-weight: var(--rc-weight-strong);
      }

      [role="tab"]:focus-visible {
        outline-offset: -2px;
      }

      @media print {
        [role="tablist"] {
          display: none;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementEventMap {
    "rc-tab": TabEvent;
  }
}
