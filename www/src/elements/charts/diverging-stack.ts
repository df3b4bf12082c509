/**
 * Columns over time with gains stacked upwards and losses downwards from zero.
 *
 * It draws nothing. A negative gain (a refund larger than what was bought) is stacked downwards,
 * where it counts, and keeps its name.
 */

/** One block of a column, between two heights. */
export interface Block {
  readonly key: string;
  readonly amount: number;
  readonly from: number;
  readonly to: number;
}

/** One column: its blocks from zero outwards and their sum. */
export interface Column {
  readonly blocks: readonly Block[];
  readonly top: number;
  readonly bottom: number;
  /** The sum of all blocks; nothing where one of them is not known. */
  readonly net: number | null;
}

/** Stacks signed amounts by key, the first next to zero. */
export function divergingColumn(parts: readonly { key: string; amount: number | null }[]): Column {
  let top = 0;
  let bottom = 0;
  let net: number | null = 0;
  const blocks: Block[] = [];
  for (const { key, amount } of parts) {
    if (amount === null) {
      net = null;
      continue;
    }
    if (net !== null) net += amount;
    if (amount === 0) continue;
    const from = 0 < amount ? top : bottom;
    const to = from + amount;
    if (0 < amount) top = to;
    else bottom = to;
    blocks.push({ key, amount, from, to });
  }
  return { blocks, top, bottom, net };
}
