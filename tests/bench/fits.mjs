// How long a fit of CDNOW takes here, in a browser, and in the lifetimes package, side by side.
// It deliberately judges no digits but those of one parameter, which has to be the published one.
//
// node tests/bench/fits.mjs [rounds]
//   RETENTION_BENCH_PYTHON  a Python with lifetimes 0.11.3 (see fits.py); RETENTION_BROWSER  a Chromium
//   after `cargo xtask build`, from the root, with the packages of tests/bench installed

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { describe } from "./machine.mjs";
import { serveFolders } from "./server.mjs";

const ROUNDS = Number(process.argv[2] ?? 15);
const root = fileURLToPath(new URL("../..", import.meta.url));
/** What is fitted here, and what its counterpart is called there. */
const MODELS = [
  { kind: "bgnbd", name: "BG/NBD", peer: "BetaGeoFitter", first: ["r", 0.242593] },
  {
    kind: "mbgnbd",
    name: "modified BG/NBD",
    peer: "ModifiedBetaGeoFitter",
    first: ["r", 0.524838],
  },
  { kind: "paretonbd", name: "Pareto/NBD", peer: "ParetoNBDFitter", first: ["r", 0.553276] },
  { kind: "gamma_gamma", name: "Gamma–Gamma", peer: "GammaGammaFitter", first: ["p", 6.248804] },
];

/** The peer as a process that is asked once for each fit. */
function startPeer() {
  const script = fileURLToPath(new URL("fits.py", import.meta.url));
  const child = spawn(process.env["RETENTION_BENCH_PYTHON"] ?? "python3", [script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error("lifetimes ended");
    return JSON.parse(value);
  };
  return {
    next,
    async fit(model) {
      child.stdin.write(`${model}\n`);
      return next();
    },
    close: () => child.stdin.end(),
  };
}

const text = await readFile(`${root}/tests/corpora/lifetimes_cdnow_summary.csv`, "utf8");
const [head, ...rows] = text
  .trim()
  .split(/\r?\n/)
  .map((line) => line.split(","));
const column = (name) => rows.map((row) => Number(row[head.indexOf(name)]));
const data = {
  frequency: column("x"),
  recency: column("t_x"),
  observed: column("T"),
  averageValue: column("zbar"),
};

const served = await serveFolders({ embed: `${root}/dist/embed`, "": `${root}/tests/bench/page` });
const running = await launch();
const page = await running.browser.newPage();
await page.goto(`${served.address}empty.html`);
await page.evaluate(
  async ({ address, data }) => {
    const { fit } = await import(`${address}embed/retention-calculator.js`);
    globalThis.fitted = async (kind) => {
      const { averageValue, ...times } = data;
      const { recency: _recency, observed: _observed, ...counts } = times;
      const request =
        kind === "gamma_gamma" ? { kind, ...counts, averageValue } : { kind, ...times };
      const start = performance.now();
      const found = await fit(request);
      return {
        milliseconds: performance.now() - start,
        converged: found.converged,
        parameters: found.parameters,
      };
    };
  },
  { address: served.address, data },
);
const peer = startPeer();
const versions = await peer.next();

const times = new Map(
  MODELS.map(({ kind }) => [kind, { ours: [], theirs: [], ratios: [], nMissed: 0 }]),
);
for (let round = -1; round < ROUNDS; round += 1) {
  for (const { kind, name, peer: theirName, first } of MODELS) {
    const ask = {
      ours: () => page.evaluate((asked) => globalThis.fitted(asked), kind),
      theirs: () => peer.fit(theirName),
    };
    // Each goes first every other time.
    const order = round % 2 === 0 ? ["ours", "theirs"] : ["theirs", "ours"];
    const found = {};
    for (const who of order) found[who] = await ask[who]();
    const [parameter, expected] = first;
    for (const who of order) {
      const value = found[who].parameters[parameter];
      const isFound = Math.abs(value - expected) < 2e-4;
      if (!isFound && who === "ours") {
        throw new Error(`${name}: ${parameter} is ${value}, not ${expected}`);
      }
      // Some of the peer's starts are random, and not every one leads to the summit.
      if (!isFound && 0 <= round) times.get(kind).nMissed += 1;
    }
    // The first round warms both up.
    if (round < 0) continue;
    const of = times.get(kind);
    of.ours.push(found.ours.milliseconds);
    of.theirs.push(found.theirs.milliseconds);
    of.ratios.push(found.theirs.milliseconds / found.ours.milliseconds);
  }
}

const sorted = (values) => values.toSorted((a, b) => a - b);
const median = (values) => sorted(values)[Math.floor(values.length / 2)];
const span = (values, digits) =>
  `${median(values).toFixed(digits)} [${sorted(values)[0].toFixed(digits)}–${sorted(values).at(-1).toFixed(digits)}]`;
const { cpu, cores } = describe();
const lines = [
  `Measured on ${new Date().toISOString().slice(0, 10)} on ${cores} cores of ${cpu}, ${ROUNDS} rounds, taking turns.`,
  `Versions: chromium ${running.browser.version()}, ${versions.versions}.`,
  "",
  "| model | this project, in the browser, ms | lifetimes, ms | lifetimes ÷ ours | lifetimes missed the summit |",
  "| --- | --- | --- | --- | --- |",
  ...MODELS.map(({ kind, name }) => {
    const { ours, theirs, ratios, nMissed } = times.get(kind);
    const missed = `${nMissed} of ${ROUNDS}`;
    return `| ${name} | ${span(ours, 1)} | ${span(theirs, 0)} | ${span(ratios, 1)} | ${missed} |`;
  }),
];
process.stdout.write(`${lines.join("\n")}\n`);
peer.close();
await running.close();
served.close();
