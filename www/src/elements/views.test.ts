// Which views a report fills.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Report } from "../engine/core.ts";
import { viewsFor } from "./views.ts";

/** A report as far as the choice of views looks at it. */
const report = (parts: {
  periods: number;
  shape?: string;
  cohorts?: number;
  hasSurvival?: boolean;
  hasLifespan?: boolean;
  healthSignals?: string[];
}): Report =>
  ({
    input: { shape: parts.shape ?? "subscriptions", healthSignals: parts.healthSignals ?? [] },
    periods: Array.from({ length: parts.periods }, () => ({})),
    cohorts: parts.cohorts === undefined ? null : { rows: Array(parts.cohorts).fill({}) },
    survival: parts.hasSurvival ? {} : null,
    segmentation: null,
    concentration: null,
    value: { lifespan: parts.hasLifespan ? { average_churn: {} } : {} },
  }) as unknown as Report;

const names = (parts: Parameters<typeof report>[0], hidden: string[] = []) =>
  viewsFor(report(parts), new Set(hidden)).map(({ id }) => id);

test("a file with histories fills every view", () => {
  assert.deepEqual(names({ periods: 12, cohorts: 12, hasSurvival: true }), [
    "overview",
    "movements",
    "cohorts",
    "customers",
    "lifespan",
    "what-if",
    "dashboard",
    "import",
  ]);
});

test("lifespans by formula are worth a view without a curve", () => {
  assert.ok(names({ periods: 12, hasLifespan: true }).includes("lifespan"));
});

test("totals have no cohorts and no curve", () => {
  assert.deepEqual(names({ periods: 12, shape: "periods" }), [
    "overview",
    "movements",
    "what-if",
    "dashboard",
    "import",
  ]);
});

test("one period has no movements of its own", () => {
  assert.deepEqual(names({ periods: 1, hasSurvival: true }), [
    "overview",
    "customers",
    "lifespan",
    "what-if",
    "import",
  ]);
});

test("the host can hide a view", () => {
  assert.deepEqual(names({ periods: 12, cohorts: 0 }, ["what-if"]), [
    "overview",
    "movements",
    "customers",
    "dashboard",
    "import",
  ]);
});

test("one health signal is enough for the view of health", () => {
  assert.ok(names({ periods: 1, healthSignals: ["nps"] }).includes("health"));
  assert.ok(!names({ periods: 1 }).includes("health"));
});
