// Parts of a report through WebAssembly: each by itself as it is in the whole, and a name that is
// none refused. It needs www/pkg to be built.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const { Session, initSync } = await import(new URL("www/pkg/files.js", root));
initSync({ module: readFileSync(new URL("www/pkg/files_bg.wasm", root)) });

function read(name, options) {
  const session = new Session(options);
  const bytes = readFileSync(new URL(`www/public/samples/${name}.csv`, root));
  for (;;) {
    session.push(bytes);
    const outcome = session.finish();
    if (outcome.kind === "report") return { session, report: outcome.report };
  }
}

const isEmpty = (value) =>
  typeof value === "object" ? Object.values(value ?? {}).every(isEmpty) : !value;

test("parts come alone as in the whole report", () => {
  for (const name of ["subscriptions", "mrr-long", "transactions", "accounts"]) {
    const { session, report } = read(name, {});
    const names = Object.keys(report).filter((one) => one !== "input");
    assert.ok(names.length > 20);
    for (const part of names) {
      const some = session.reanalyze({ parts: [part] }).report;
      assert.equal(JSON.stringify(some[part]), JSON.stringify(report[part]), `${part} of ${name}`);
      for (const other of names.filter((one) => one !== part)) {
        assert.ok(isEmpty(some[other]), `${other} beside ${part} of ${name}`);
      }
    }
    const parts = ["cohorts", "periods"];
    const fresh = read(name, { parts }).report;
    for (const part of parts) {
      assert.equal(JSON.stringify(fresh[part]), JSON.stringify(report[part]), `${part} of ${name}`);
    }
    assert.throws(() => session.reanalyze({ parts: ["input"] }), { code: "invalid-option" });
  }
});
