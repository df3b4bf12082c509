// The words of account health: bounds, what fired, and the sentences that open the view.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlaybookReport, RiskReport, RiskRule } from "../../engine/core.ts";
import { Format } from "../format.ts";
import {
  boundWords,
  firedWords,
  openingSentence,
  outOfReachSentence,
  playbookSentences,
  unreachableSentence,
} from "./health-words.ts";

const format = new Format("en", "USD");

const rule = (parts: Partial<RiskRule>): RiskRule =>
  ({ id: "r", signal: "activeShare", points: 1, ...parts }) as RiskRule;

/** A report as far as its sentences look at it. */
const report = (parts: object): RiskReport =>
  ({
    customers: 200,
    levels: [
      { level: "critical", customers: 12, revenue: 185_000 },
      { level: "unknown", customers: 31, revenue: 0 },
    ],
    sheet: { levels: { critical: 75, high: 50, medium: 25 } },
    attainable: { score: 180, pointsTimesWeights: 47.5 },
    ...parts,
  }) as unknown as RiskReport;

test("bounds say which end they hold", () => {
  assert.equal(boundWords(rule({ below: 0.2 }), format), "under 20%");
  assert.equal(boundWords(rule({ atLeast: 0.2, atMost: 0.4 }), format), "20% to 40%");
  const login = { signal: "daysSinceLogin", atLeast: 7, below: 14 } as const;
  assert.equal(boundWords(rule(login), format), "7 days to under 14 days");
  assert.equal(boundWords(rule({ signal: "nps", atLeast: 9 }), format), "9 or more");
  assert.equal(boundWords(rule({ signal: "layoffs", atLeast: 1 }), format), "yes");
});

test("what fired is said with its value", () => {
  assert.equal(firedWords("daysSinceLogin", 1, format), "No login for 1 day");
  assert.equal(firedWords("daysSinceLogin", null, format), "No login, ever");
  assert.equal(firedWords("activeShare", 0.125, format), "Active of the licensed users: 12.5%");
  assert.equal(firedWords("championLeft", 1, format), "Champion left");
});

test("the view opens with who is critical and of whom too little is known", () => {
  assert.equal(
    openingSentence(report({}), format),
    "12 of 200 accounts are critical, $185K a month; for 31 too little is known.",
  );
  const few = { customers: 1, levels: [{ level: "critical", customers: 1, revenue: null }] };
  assert.equal(openingSentence(report(few), format), "1 of 1 account is critical.");
  const none = { customers: 3, levels: [{ level: "critical", customers: 0, revenue: 0 }] };
  assert.equal(openingSentence(report(none), format), "None of 3 accounts is critical.");
  assert.match(openingSentence(report({ customers: 0 }), format), /^No account is left to score/);
});

test("levels that cannot be reached are named", () => {
  assert.match(
    unreachableSentence(report({}), format),
    /come to 47\.5 at most: critical \(75\) and high \(50\) could never be reached/,
  );
  const reachable = { attainable: { score: 60, pointsTimesWeights: 80 } };
  assert.equal(unreachableSentence(report(reachable), format), "");
  assert.match(outOfReachSentence(report(reachable), format), /critical cannot be reached/);
  assert.equal(outOfReachSentence(report({}), format), "");
});

test("a playbook names both returns, and none without a cost", () => {
  const playbook = (cost: number | undefined, value: number | null) =>
    ({
      playbook: { levels: [], months: 12, seed: 1, ...(cost === undefined ? {} : { cost }) },
      levels: [{ level: "critical", customers: 85 }],
      savedCustomers: { value: 45.05, low: 36, high: 54 },
      savedRevenue: { value: 3_200_000, low: 2_000_000, high: 4_000_000 },
      programReturn: value === null ? null : { value, low: 4, high: 8 },
      programNetReturn: value === null ? null : { value: value - 1 },
      costPerSave: null,
    }) as unknown as PlaybookReport;
  const [, pieces = []] = playbookSentences(playbook(480_000, 20 / 3), format);
  const returns = pieces.map((one) => (typeof one === "string" ? one : one.words)).join("");
  assert.match(returns, /benefit is 6\.67 times the cost \(likely 4 to 8\)/);
  assert.match(returns, /net return is 5\.67 times the cost/);
  assert.equal(playbookSentences(playbook(undefined, null), format).length, 1);
});
