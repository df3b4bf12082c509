/**
 * How far each lifespan model can be believed: what it says, how well it describes what was seen, and
 * how far off it was where it had not looked.
 *
 * It fits nothing and picks no winner.
 */

import { html, nothing, type TemplateResult } from "lit";
import type { Figure, Fit, Survival } from "../../engine/core.ts";
import type { ProjectedCurve } from "../charts/survival-curve.ts";
import type { Format } from "../format.ts";
import { capitalised, spelled } from "../words.ts";
import { timeWords } from "./findings.ts";

/** What the models say of customers, and what they are called. */
const MODELS: Readonly<Record<string, { says: string; name: string }>> = {
  geometric: { says: "One churn for all", name: "geometric, 1 ÷ churn" },
  sbg: { says: "Customers differ", name: "shifted beta-geometric" },
  bdw: { says: "Customers differ, and risk changes with age", name: "beta-discrete Weibull" },
};

/** Below this, a model and the data are told apart. */
const UNLIKELY = 0.05;

/** What a model says, in a few words. */
export function modelSays(kind: string): string {
  return MODELS[kind]?.says ?? capitalised(spelled(kind));
}

/** The name of a model behind what it says. */
export function modelName(kind: string): string {
  const known = MODELS[kind];
  return known ? `${known.says} (${known.name})` : capitalised(spelled(kind));
}

/** The models that a curve can be drawn of. */
function drawable(survival: Survival): Fit[] {
  return survival.models.filter(({ curve }) => curve !== null && curve !== undefined).slice(0, 3);
}

/** The curves of the models, fitted to all of the data. */
export function projectionsOf(survival: Survival): ProjectedCurve[] {
  return drawable(survival).map(({ kind, curve }) => ({
    label: modelSays(kind),
    points: (curve ?? []).map(({ t, survival: share }) => [t, share] as const),
  }));
}

/** The same, fitted to the earlier part alone. */
export function projectionsJudged(survival: Survival): ProjectedCurve[] {
  return drawable(survival).flatMap(({ kind, backTest }) =>
    backTest
      ? [
          {
            label: modelSays(kind),
            points: backTest.curve.map(({ t, survival: share }) => [t, share] as const),
          },
        ]
      : [],
  );
}

/** From where on data were held out; nothing where none were. */
export function heldOutFrom({ models }: Survival): number | null {
  return (
    models.find(({ backTest }) => 0 < (backTest?.periods.length ?? 0))?.backTest?.fittedTo ?? null
  );
}

/** Which model was nearest where none had looked; only a difference that shows is one. */
export function judgement(survival: Survival, format: Format): string | null {
  const judged = survival.models.flatMap(({ kind, backTest }) =>
    backTest?.meanAbsoluteError == null ? [] : [{ kind, error: backTest.meanAbsoluteError }],
  );
  const from = heldOutFrom(survival);
  const [first] = judged;
  if (from === null || !first || judged.length < 2) return null;
  const words = judged.map(
    ({ kind, error }) => `“${modelSays(kind).toLowerCase()}” was off by ${format.share(error)}`,
  );
  return `Fitted to the first ${timeWords(Math.round(from), survival.unit, format)} and held against what came after, ${format.list(words)} on average.`;
}

/** How a model describes what it was fitted to. */
function descriptionWords({ goodnessOfFit, converged }: Fit, format: Format): string {
  if (!converged) return "No best parameters found; read the curve within the data only.";
  if (!goodnessOfFit) return "Too few losses to tell";
  const { pValue } = goodnessOfFit;
  const p = pValue < 0.001 ? "p < 0.001" : `p = ${format.ratio(pValue)}`;
  return pValue < UNLIKELY ? `Misses what was seen (${p})` : `Describes what was seen (${p})`;
}

/** The table of models. */
export function modelsTable(
  survival: Survival,
  format: Format,
  worked: (figure: Figure, name: string) => TemplateResult,
  judged: (model: Fit, words: string) => TemplateResult,
): TemplateResult | typeof nothing {
  const { models } = survival;
  if (models.length === 0) return nothing;
  const lasting = (model: Fit, key: string): TemplateResult | string => {
    const figure = model.lifespan?.[key];
    return figure ? worked(figure, `${modelName(model.kind)}: ${spelled(key)}`) : "–";
  };
  return html`
    <div class="box" tabindex="0" role="region" aria-label="Table: lifespan models">
      <table class="stacks">
        <caption class="visually-hidden">Lifespan models</caption>
        <thead>
          <tr>
            <th scope="col" class="name">Model</th>
            <th scope="col">Against the data</th>
            <th scope="col" class="number">Off where held out</th>
            <th scope="col" class="number">Half gone</th>
            <th scope="col" class="number">Stays within the data</th>
            <th scope="col" class="number">Stays in all</th>
          </tr>
        </thead>
        <tbody>
          ${models.map((model) => {
            const error = model.backTest?.meanAbsoluteError;
            return html`<tr>
              <th scope="row" class="name">${modelSays(model.kind)}<span class="how">${MODELS[model.kind]?.name ?? ""}: ${parametersOf(model, format)}</span></th>
              <td class="words">${descriptionWords(model, format)}</td>
              <td class="number">${error == null ? "–" : judged(model, format.share(error))}</td>
              <td class="number">${model.median ? worked(model.median, `${modelName(model.kind)}: half gone`) : "–"}</td>
              <td class="number">${lasting(model, "horizon")}</td>
              <td class="number">${lasting(model, "mean")}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    ${models.flatMap(({ kind, notes }) =>
      notes.map(({ message }) => html`<p class="aside">${modelSays(kind)}: ${message}</p>`),
    )}
    ${leftOutWords(survival, format)}
    ${ratioWords(models, format)}
  `;
}

/** Why the model of three parameters is not among them: its losses are too few to tell them apart. */
function leftOutWords(
  { models, events }: Survival,
  format: Format,
): TemplateResult | typeof nothing {
  if (models.some(({ kind }) => kind === "bdw")) return nothing;
  const lost = events.reduce((sum, one) => sum + one, 0);
  return html`<p class="aside">A third model, in which risk also changes with age (beta-discrete Weibull), needs fifty customers who left; here ${format.count(lost)} did.</p>`;
}

function parametersOf({ parameters, standardErrors }: Fit, format: Format): string {
  const written = (value: number): string =>
    Math.abs(value) < 0.1 ? value.toPrecision(3) : format.ratio(value);
  return Object.entries(parameters)
    .map(([key, value]) => {
      const error = standardErrors?.[key];
      return `${key} ${written(value)}${error === undefined ? "" : ` ± ${written(error)}`}`;
    })
    .join(", ");
}

/** Whether customers differ, by the likelihoods. */
function ratioWords(models: readonly Fit[], format: Format): TemplateResult | typeof nothing {
  const ratio = models.find(({ kind }) => kind === "sbg")?.likelihoodRatio;
  if (!ratio) return nothing;
  const { statistic, pValue } = ratio;
  // Where no difference makes the data likelier, the model itself has said so.
  if (statistic <= 0) return nothing;
  const p = pValue < 0.001 ? "less than 1 in 1,000" : format.share(pValue);
  return html`<p class="aside">
    ${
      pValue < UNLIKELY
        ? "That all have one churn at every age does not hold: if they had, the data would speak for differences as loudly as this in"
        : "That all have one churn at every age may hold: if they had, the data would speak for differences as loudly as this in"
    }
    ${p} of files (likelihood ratio ${format.ratio(statistic)}; half a chi-square, as one churn for all lies on the border).
  </p>`;
}

/** An error with its sign. */
function signed(error: number, format: Format): string {
  return `${error < 0 ? "−" : "+"}${format.share(Math.abs(error))}`;
}

/** How many periods are named in a mean. */
const N_NAMED = 12;

/** How far off a model was on average, as the mean that it is. */
export function heldOutError(
  { kind, backTest }: Fit,
  unit: string,
  format: Format,
): {
  name: string;
  of: string;
  value: string;
  certainty: string;
  meaning: string;
  arithmetic: string;
} {
  const errors = (backTest?.periods ?? []).flatMap(({ error }) => (error == null ? [] : [error]));
  const named = errors.slice(0, N_NAMED).map((error) => signed(error, format));
  const rest = errors.length - named.length;
  const from = timeWords(Math.round(backTest?.fittedTo ?? 0), unit, format);
  return {
    name: `${modelSays(kind)}: off where held out`,
    of: `Fitted to the first ${from}`,
    value: format.share(backTest?.meanAbsoluteError ?? 0),
    certainty: "A mean of errors; it has no interval.",
    meaning:
      "What the model projected for the periods that it had not looked at, against what was observed: the mean of the differences without their signs, each as a share of what was observed.",
    arithmetic: `The mean, without signs, of ${named.join(", ")}${0 < rest ? ` and ${format.count(rest)} more` : ""}`,
  };
}

/** Every period that was held out, with what each model had projected. */
export function heldOutTable(survival: Survival, format: Format): TemplateResult | typeof nothing {
  const judged = survival.models.filter(({ backTest }) => 0 < (backTest?.periods.length ?? 0));
  const rows = judged[0]?.backTest?.periods ?? [];
  if (rows.length === 0) return nothing;
  return html`
    <details>
      <summary>Every period that was held out</summary>
      <div class="box" tabindex="0" role="region" aria-label="Table: periods held out">
        <table>
          <caption class="visually-hidden">Periods held out: observed, projected, and how far off</caption>
          <thead>
            <tr>
              <th scope="col" class="name">After</th>
              <th scope="col" class="number">Observed</th>
              ${judged.map(({ kind }) => html`<th scope="col" class="number">${modelSays(kind)}</th><th scope="col" class="number">Off by</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ period, observed }, index) => html`<tr>
                <th scope="row" class="name">${timeWords(Math.round(period), survival.unit, format)}</th>
                <td class="number">${format.share(observed)}</td>
                ${judged.map(({ backTest }) => {
                  const row = backTest?.periods[index];
                  return html`<td class="number">${row ? format.share(row.projected) : "–"}</td><td class="number">${row?.error == null ? "–" : signed(row.error, format)}</td>`;
                })}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  `;
}
