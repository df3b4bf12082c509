// Gains stand above zero, losses below, and the net is their sum.

import assert from "node:assert/strict";
import { test } from "node:test";
import { divergingColumn } from "./diverging-stack.ts";

test("blocks follow each other from zero both ways", () => {
  const column = divergingColumn([
    { key: "new", amount: 80 },
    { key: "expansion", amount: 20 },
    { key: "contraction", amount: -5 },
    { key: "churned", amount: -40 },
  ]);
  assert.deepEqual(
    column.blocks.map(({ key, from, to }) => [key, from, to]),
    [
      ["new", 0, 80],
      ["expansion", 80, 100],
      ["contraction", 0, -5],
      ["churned", -5, -45],
    ],
  );
  assert.deepEqual([column.top, column.bottom, column.net], [100, -45, 55]);
});

test("a negative gain counts downwards, an unknown part makes the net unknown", () => {
  const column = divergingColumn([
    { key: "new", amount: -10 },
    { key: "expansion", amount: null },
    { key: "churned", amount: 0 },
  ]);
  assert.deepEqual(column.blocks, [{ key: "new", amount: -10, from: 0, to: -10 }]);
  assert.equal(column.net, null);
});
