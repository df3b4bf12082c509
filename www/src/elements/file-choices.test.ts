// What is decided about one of several files. It deliberately needs no core.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { GivenFile } from "../engine/client.ts";
import type { FileReport } from "../engine/core.ts";
import {
  changedFile,
  changedFiles,
  changedOptions,
  historyOptions,
  mappingOptions,
  questionOptions,
  sharedChanges,
} from "./file-choices.ts";

const file = (name: string): GivenFile => ({ name, source: "a,b\n" });

test("a kind and roles chosen in the mapping belong to the file", () => {
  const changed = changedFile(file("a.csv"), { shape: "mrr", roles: { customer: "a" } });
  assert.equal(changed.kind, "mrr");
  assert.deepEqual(questionOptions(changed), { shape: "mrr", roles: { customer: "a" } });
  const reset = changedFile(changed, { shape: undefined, roles: undefined });
  assert.deepEqual(questionOptions(reset), {});
});

test("what is chosen for the history leaves the other files alone", () => {
  const reports = [{ kind: "customers" }, { kind: "subscriptions" }] as FileReport[];
  const files = [file("a.csv"), file("b.csv")];
  const changes = { roles: { end: "left" }, dateOrder: "dmy" as const, asOf: "2026-01-31" };
  const changed = changedFiles(files, reports, changes);
  assert.deepEqual(changed[0], files[0]);
  assert.deepEqual(changed[1], { ...files[1], roles: { end: "left" }, dateOrder: "dmy" });
  assert.deepEqual(sharedChanges(changes), { asOf: "2026-01-31" });
  assert.equal(historyOptions({}, changed, reports).dateOrder, "dmy");
});

test("who is believed is no option of a mapping, so that a reset leaves it", () => {
  const options = { rules: "events" as const, granularity: "quarter" as const };
  assert.deepEqual(mappingOptions(options, file("a.csv"), false), { granularity: "quarter" });
  assert.deepEqual(mappingOptions(options, file("a.csv"), true), {});
});

test("a view tells one choice about cohorts, and those made before it stay", () => {
  const quarters = changedOptions(
    { granularity: "month" },
    { cohorts: { granularity: "quarter" } },
  );
  const days = changedOptions(quarters, { cohorts: { clock: "days" } });
  assert.deepEqual(days, {
    granularity: "month",
    cohorts: { granularity: "quarter", clock: "days" },
  });
  assert.deepEqual(changedOptions(days, { cohorts: undefined }).cohorts, undefined);
});

test("a reason is given its kind beside those given before, until all are taken back", () => {
  const one = changedOptions({}, { reasonKinds: { "too dear": "voluntary" } });
  const both = changedOptions(one, { reasonKinds: { "card expired": "involuntary" } });
  assert.deepEqual(both.reasonKinds, { "too dear": "voluntary", "card expired": "involuntary" });
  assert.equal(changedOptions(both, { reasonKinds: undefined }).reasonKinds, undefined);
});

test("columns are given all together", () => {
  const options = changedOptions({ roles: { customer: "a" } }, { roles: { start: "b" } });
  assert.deepEqual(options.roles, { start: "b" });
});
