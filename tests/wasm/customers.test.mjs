// The customers behind a figure in WebAssembly: questions and answers as the page has them.
// It needs www/pkg to be built; who is in a list is tested natively.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const { initSync, Session } = await import(new URL("www/pkg/files.js", root));
initSync({ module: readFileSync(new URL("www/pkg/files_bg.wasm", root)) });

function sessionOf(text, options = {}) {
  const session = new Session(options);
  session.push(new TextEncoder().encode(text));
  assert.equal(session.finish().kind, "report");
  return session;
}

const CSV =
  "customer,start,end,mrr\nA,2024-01-01,,10\n=B,2024-01-01,2024-03-15,5\nשלום,2024-03-01,,7.5\n";
const lost = { kind: "period", period: "2024-03", group: "lost" };

test("the least question is the set alone", () => {
  const session = sessionOf(CSV);
  const list = session.customers({ of: lost });
  assert.deepEqual([list.total, list.members, list.then, list.now], [1, 1, 5, 0]);
  assert.deepEqual(list.compared, {
    thenFrom: null,
    thenTo: "2024-02-29",
    nowFrom: null,
    nowTo: "2024-03-15",
  });
  const [{ then, ...row }] = list.rows;
  assert.equal(then, 5);
  assert.deepEqual(
    [row],
    [
      {
        customer: "=B",
        firstDay: "2024-01-01",
        lastDay: "2024-03-15",
        now: 0,
        change: -5,
        movement: "lost",
        purchases: null,
        paid: null,
        renewal: null,
        due: null,
        lifetime: 74,
      },
    ],
  );
  session.free();
});

test("a question in full, with its page, its order and its search", () => {
  const session = sessionOf(CSV);
  const query = { of: { kind: "all" }, sort: "firstDay", descending: true, offset: 1, limit: 1 };
  assert.deepEqual(
    session.customers(query).rows.map(({ customer }) => customer),
    ["=B"],
  );
  const cohort = { kind: "cohort", cohort: "2024-01", age: 2, group: "active" };
  assert.equal(session.customers({ of: cohort }).total, 1);
  assert.equal(session.customers({ of: { kind: "all" }, search: "שלו" }).total, 1);
  session.free();
});

test("the table is bytes, and one customer has a history", () => {
  const session = sessionOf(CSV);
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    session.customersCsv({ of: lost }),
  );
  assert.equal(
    text,
    "\uFEFFcustomer,first_day,last_day,revenue_then,revenue_now,change,movement,lifetime_days\r\n" +
      '"\'=B",2024-01-01,2024-03-15,5.00,0.00,-5.00,lost,74\r\n',
  );
  const history = session.customer("שלום");
  assert.equal(history.row.customer, "שלום");
  assert.deepEqual(history.levels, [{ day: "2024-03-01", isActive: true, monthly: 7.5 }]);
  session.free();
});

test("what cannot be asked is refused by its code", () => {
  const session = sessionOf(CSV);
  const codeOf = (query) => {
    try {
      session.customers(query);
    } catch (thrown) {
      return thrown.code;
    }
    return null;
  };
  assert.equal(
    codeOf({ of: { kind: "period", period: "2030-01", group: "lost" } }),
    "unknown-period",
  );
  assert.equal(codeOf({ of: { kind: "nobody" } }), "invalid-input");
  assert.equal(codeOf({ of: lost, sort: "height" }), "invalid-input");
  assert.throws(() => session.customer("nobody"), { code: "unknown-customer" });
  session.free();
});
