/**
 * One stop in the order of focus for a table full of buttons, and arrow keys between them.
 *
 * It makes no grid of a table: rows and columns stay what they are for who listens.
 */

/** The buttons in the body of a table, or in one of its rows. */
function buttonsOf(parent: ParentNode): HTMLElement[] {
  return [...parent.querySelectorAll<HTMLElement>("tbody button")];
}

/** Makes the first button of each table its stop, where none is; all are made with `tabindex="-1"`. */
export function keepStops(tables: Iterable<HTMLElement>): void {
  for (const table of tables) {
    if (table.querySelector('tbody button[tabindex="0"]')) continue;
    const [first] = buttonsOf(table);
    if (first) first.tabIndex = 0;
  }
}

/** Makes the button that has got the focus the stop of its table. */
export function stopInTable(event: FocusEvent): void {
  const table = event.currentTarget as HTMLElement;
  const { target } = event;
  if (!(target instanceof HTMLElement) || !target.matches("tbody button")) return;
  for (const stop of table.querySelectorAll<HTMLElement>('tbody button[tabindex="0"]')) {
    stop.tabIndex = -1;
  }
  target.tabIndex = 0;
}

/** Moves the focus by an arrow key: along a row, or to the same column of the next row that has it. */
export function moveInTable(event: KeyboardEvent): void {
  const { target } = event;
  if (!(target instanceof HTMLElement) || !target.matches("tbody button")) return;
  const to = neighbour(target, event.key, getComputedStyle(target).direction === "rtl");
  if (to === undefined) return;
  event.preventDefault();
  to?.focus();
}

/** The button that a key leads to; nothing for other keys, null at the edge. */
function neighbour(
  button: HTMLElement,
  key: string,
  isRightToLeft: boolean,
): HTMLElement | null | undefined {
  const cell = button.closest<HTMLTableCellElement>("td, th");
  const row = button.closest("tr");
  if (!cell || !row) return undefined;
  const inRow = buttonsOf(row);
  const at = inRow.indexOf(button);
  const step = isRightToLeft ? -1 : 1;
  switch (key) {
    case "ArrowRight":
      return inRow[at + step] ?? null;
    case "ArrowLeft":
      return inRow[at - step] ?? null;
    case "Home":
      return inRow[0] ?? null;
    case "End":
      return inRow.at(-1) ?? null;
    case "ArrowDown":
    case "ArrowUp": {
      const side = key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
      for (let next = row[side]; next; next = next[side]) {
        const other = next.children[cell.cellIndex]?.querySelector<HTMLElement>("button");
        if (other) return other;
      }
      return null;
    }
    default:
      return undefined;
  }
}
