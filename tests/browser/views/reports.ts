/**
 * Reports made up for looking at the views: plausible ones from simulated customers, and extremes.
 *
 * They are not expected numbers of the core: what is checked against them is drawing and wording.
 */

import type {
  Benchmark,
  CohortRow,
  Cohorts,
  Definition,
  Figure,
  FormulaId,
  FormulaInfo,
  LostCustomers,
  PeriodReport,
  Projection,
  Reason,
  RenewalOutlook,
  Report,
  Scenario,
  Segment,
  Segmentation,
  Survival,
  Trigger,
} from "../../../www/src/engine/core.ts";

/** A generator of numbers from 0 to 1 that always starts alike. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

function of(
  formula: FormulaId,
  value: number | null,
  inputs: Record<string, number>,
  why: string,
  interval: readonly [number, number] | null = null,
  n: number | null = null,
): Figure {
  if (value === null || !Number.isFinite(value)) return { value: null, why, formula, inputs };
  return {
    value,
    formula,
    inputs,
    ...(interval ? { low: interval[0], high: interval[1] } : {}),
    ...(n === null ? {} : { n }),
  };
}

function wilson(part: number, whole: number): readonly [number, number] | null {
  if (whole === 0) return null;
  const z = 1.959963985;
  const p = part / whole;
  const middle = (p + (z * z) / (2 * whole)) / (1 + (z * z) / whole);
  const half =
    (z * Math.sqrt((p * (1 - p)) / whole + (z * z) / (4 * whole * whole))) / (1 + (z * z) / whole);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** The movements of one period, from which the rest follows. */
interface Movements {
  start: number;
  fresh: number;
  reactivated: number;
  lost: number;
  revenue: {
    start: number;
    fresh: number;
    reactivation: number;
    expansion: number;
    contraction: number;
    churned: number;
  } | null;
}

/** One period's report from its movements. */
export function periodOf(period: string, from: Movements, partial = false): PeriodReport {
  const { start, fresh, reactivated, lost, revenue } = from;
  const kept = start - lost;
  const noCustomers = "no-customers-at-start";
  const noRevenue = revenue ? "no-revenue-at-start" : "no-amounts";
  const s = revenue?.start ?? 0;
  const gone = revenue ? revenue.contraction + revenue.churned : 0;
  const share = (part: number): number | null => (revenue && 0 < s ? part / s : null);
  const wide = (value: number | null): readonly [number, number] | null =>
    value === null
      ? null
      : [Math.max(0, value - 0.7 / Math.sqrt(start + 1)), value + 0.8 / Math.sqrt(start + 1)];
  const losses = {
    start: s,
    contraction: revenue?.contraction ?? 0,
    churned: revenue?.churned ?? 0,
  };
  const gross = share(s - gone);
  const net = share(s - gone + (revenue?.expansion ?? 0));
  const gained = revenue ? revenue.fresh + revenue.reactivation + revenue.expansion : 0;
  const end = start - lost + fresh + reactivated;
  return {
    period,
    from: null,
    to: null,
    partial,
    customers: { start, new: fresh, reactivated, lost, end, cameAndWent: 0 },
    revenue: revenue && {
      start: s,
      new: revenue.fresh,
      reactivation: revenue.reactivation,
      expansion: revenue.expansion,
      contraction: revenue.contraction,
      churned: revenue.churned,
      end: s + gained - gone,
    },
    customerRetentionRate: of(
      "customer_retention_rate",
      start ? kept / start : null,
      { start, new: fresh, end: kept + fresh },
      noCustomers,
      wilson(kept, start),
      start,
    ),
    customerChurnRate: of(
      "customer_churn_rate",
      start ? lost / start : null,
      { start, lost },
      noCustomers,
      wilson(lost, start),
      start,
    ),
    grossRevenueRetention: of(
      "gross_revenue_retention",
      gross,
      losses,
      noRevenue,
      wide(gross),
      start,
    ),
    netRevenueRetention: of(
      "net_revenue_retention",
      net,
      { ...losses, expansion: revenue?.expansion ?? 0 },
      noRevenue,
      wide(net),
      start,
    ),
    revenueChurnRate: of("revenue_churn_rate", share(gone), losses, noRevenue),
    quickRatio: of(
      "quick_ratio",
      revenue && 0 < gone ? gained / gone : null,
      {
        new: revenue?.fresh ?? 0,
        reactivation: revenue?.reactivation ?? 0,
        expansion: revenue?.expansion ?? 0,
        contraction: losses.contraction,
        churned: losses.churned,
      },
      revenue ? "no-losses" : "no-amounts",
    ),
  };
}

interface Customer {
  began: number;
  ended: number;
  mrr: number[];
}

/** What a simulated file is like. */
export interface Made {
  months: number;
  perMonth: number;
  /** Share leaving in the first month; it falls with age. */
  churn: number;
  seed: number;
  firstYear?: number;
  isPartial?: boolean;
  currency?: string | null;
  hasRevenue?: boolean;
}

const label = (firstYear: number, index: number): string =>
  `${firstYear + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}`;

const cents = (value: number): number => Math.round(value * 100) / 100;

/** A report on simulated subscriptions. */
export function subscriptions(made: Made): Report {
  const {
    months,
    perMonth,
    churn,
    seed,
    firstYear = 2024,
    isPartial = false,
    currency = "USD",
    hasRevenue = true,
  } = made;
  const random = seeded(seed);
  const customers: Customer[] = [];
  for (let month = 0; month < months; month += 1) {
    const n = Math.max(
      0,
      Math.round(perMonth * (0.7 + 0.6 * random()) * (1 + month / (months * 1.5))),
    );
    for (let index = 0; index < n; index += 1) {
      let ended = months + 999;
      for (let age = 1; month + age < months; age += 1) {
        if (random() < churn / (1 + 0.25 * (age - 1))) {
          ended = month + age;
          break;
        }
      }
      const mrr: number[] = [];
      let amount = cents([19, 49, 49, 99, 249][Math.floor(random() * 5)] ?? 49);
      for (let at = month; at < Math.min(ended, months); at += 1) {
        if (at !== month && random() < 0.03) amount = cents(amount * 1.4);
        else if (at !== month && random() < 0.015) amount = cents(amount * 0.7);
        mrr[at] = amount;
      }
      customers.push({ began: month, ended, mrr });
    }
  }
  const isActive = (customer: Customer, month: number): boolean =>
    customer.began <= month && month < customer.ended;
  const periods = Array.from({ length: months }, (_, month): PeriodReport => {
    let [start, fresh, lost] = [0, 0, 0];
    const revenue = {
      start: 0,
      fresh: 0,
      reactivation: 0,
      expansion: 0,
      contraction: 0,
      churned: 0,
    };
    for (const customer of customers) {
      const [was, is] = [isActive(customer, month - 1), isActive(customer, month)];
      const [then, now] = [customer.mrr[month - 1] ?? 0, customer.mrr[month] ?? 0];
      if (was) start += 1;
      if (was) revenue.start = cents(revenue.start + then);
      if (was && !is) {
        lost += 1;
        revenue.churned = cents(revenue.churned + then);
      } else if (was && then < now) revenue.expansion = cents(revenue.expansion + now - then);
      else if (was && now < then) revenue.contraction = cents(revenue.contraction + then - now);
      else if (!was && is) {
        fresh += 1;
        revenue.fresh = cents(revenue.fresh + now);
      }
    }
    return periodOf(
      label(firstYear, month),
      { start, fresh, reactivated: 0, lost, revenue: hasRevenue ? revenue : null },
      isPartial && month === months - 1,
    );
  });
  const cohorts = cohortsOf(customers, months, firstYear, isPartial, hasRevenue);
  const survival = survivalOf(
    customers.map(({ began, ended }) => ({
      time: Math.min(ended, months) - began,
      isEvent: ended < months,
    })),
  );
  const last = periods.findLast((one) => !one.partial) ?? periods.at(-1);
  const totals = periods
    .filter(({ partial }) => !partial)
    .reduce(
      (sum, { customers: { start, lost } }) => ({
        start: sum.start + (start ?? 0),
        lost: sum.lost + (lost ?? 0),
      }),
      { start: 0, lost: 0 },
    );
  const rate = totals.start ? totals.lost / totals.start : null;
  const end = periods.at(-1);
  const perCustomer =
    end?.revenue?.end != null && end.customers.end ? end.revenue.end / end.customers.end : null;
  const lifespan = rate ? 1 / rate : null;
  const report = blank("subscriptions", currency);
  const reasons = [
    { reason: "Too expensive", kind: "voluntary", group: "price", customers: 14, revenue: 1260.5 },
    { reason: "Card declined", kind: "involuntary", group: "payment", customers: 9, revenue: 540 },
  ].map((one) => ({
    ...one,
    stated: true,
    chosen: false,
    revenue: hasRevenue ? one.revenue : null,
    share: of(
      "share",
      one.customers / 23,
      { part: one.customers, whole: 23 },
      "",
      wilson(one.customers, 23),
      23,
    ),
    revenueShare: of(
      "share",
      hasRevenue ? one.revenue / 1800.5 : null,
      { part: one.revenue, whole: 1800.5 },
      "no-amounts",
    ),
  }));
  return {
    ...report,
    input: {
      ...report.input,
      asOf: isPartial ? `${label(firstYear, months - 1)}-12` : `${label(firstYear, months - 1)}-28`,
      firstDate: `${firstYear}-01-03`,
      customers: customers.length,
      rows: { read: customers.length + 12, used: customers.length, excluded: 12 },
      notes: [
        {
          code: "trial-row",
          severity: "info",
          excludes: true,
          message: "Row 18: a trial is not a customer. 12 rows left out.",
          count: 12,
          rows: [18, 44],
        },
      ],
    },
    periods,
    trailingYear: null,
    yearBefore: null,
    bridges: [],
    cohorts,
    segments:
      last && hasRevenue
        ? ["Enterprise", "Pro", "Starter"].map((name, index) => {
            const share = [0.2, 0.3, 0.5][index] ?? 1;
            return segmentOf([name], scaled(last, share), share);
          })
        : null,
    segmentation: last && hasRevenue ? segmentationOf(["plan"], 3) : null,
    reasons: last ? reasons : null,
    lostByReason: last ? [lostBy(reasons)] : null,
    renewals: [{ level: "high", customers: 6, revenue: hasRevenue ? 890 : null }],
    renewalOutlook: outlookOf(hasRevenue, last),
    survival,
    value: {
      lifespan: {
        average_churn: of(
          "average_lifespan",
          lifespan,
          { churn: rate ?? 0 },
          "no-churn",
          lifespan ? [lifespan * 0.9, lifespan * 1.12] : null,
          totals.start,
        ),
        latest_period_churn: of(
          "average_lifespan",
          last?.customers.lost ? (last.customers.start ?? 0) / last.customers.lost : null,
          { churn: last?.customerChurnRate.value ?? 0 },
          "no-churn",
        ),
        restricted_mean:
          survival?.rmst ?? of("restricted_mean_lifetime", null, {}, "no-observed-time"),
      },
      clv: hasRevenue
        ? {
            margin_average_churn: of(
              "clv_margin",
              lifespan && perCustomer ? lifespan * perCustomer * 0.8 : null,
              { revenue_per_period: perCustomer ?? 0, gross_margin: 0.8, lifespan: lifespan ?? 0 },
              "no-churn",
              null,
              end?.customers.end ?? 0,
            ),
            revenue_average_churn: of(
              "clv",
              lifespan && perCustomer ? lifespan * perCustomer : null,
              { revenue_per_period: perCustomer ?? 0, lifespan: lifespan ?? 0 },
              "no-churn",
            ),
          }
        : {},
    },
    definitions: last ? definitionsOf(last) : null,
    triggers: last ? [warningOf(last)] : [],
    alarm: { fired: 1, judged: 1, metrics: 1, raised: false },
    benchmarks: last
      ? [
          rangeOf("customer_retention_rate", [0.93, 0.97], "below", last.customerRetentionRate),
          rangeOf("net_revenue_retention", [1, null], "uncertain", null),
        ]
      : [],
    stages: [{ stage: "series B to C", metrics: ["net_revenue_retention"] }],
  };
}

/** Two definitions of churn: the one used, and one that differs by some customers. */
function definitionsOf(last: PeriodReport): Definition[] {
  const plain = {
    metric: "customer_churn_rate",
    figure: last.customerChurnRate,
    period: last.period,
    arithmetic: {
      expression: "{lost} ÷ {start}",
      result: "share",
      inputs: [
        { name: "lost", label: "Lost customers", unit: "count" },
        { name: "start", label: "Customers at the start", unit: "count" },
      ],
    },
  } as const;
  return [
    {
      ...plain,
      arithmetic: { ...plain.arithmetic, inputs: [...plain.arithmetic.inputs] },
      name: "start-cohort",
      title: "Customers at the start who are gone at the end",
      source: "This calculator",
      isDefault: true,
      differs: [],
      nDiffers: 0,
      difference: null,
      differenceMoney: null,
    },
    {
      ...plain,
      arithmetic: { ...plain.arithmetic, inputs: [...plain.arithmetic.inputs] },
      name: "came-and-went",
      title: "Counting customers who came and went",
      source: "A vendor",
      isDefault: false,
      differs: ["A-1001", "A-1002", "A-1003", "A-1004"],
      nDiffers: 104,
      difference: 0.012,
      differenceMoney: 1200,
    },
  ];
}

function warningOf(last: PeriodReport): Trigger {
  return {
    id: "grr-below-90",
    metric: "gross_revenue_retention",
    fired: true,
    fires: "below",
    certain: false,
    figure: last.grossRevenueRetention,
    threshold: 0.985,
    needs: null,
    period: last.period,
    label: null,
    source: "An article, 2026",
    shortOfThreshold: 1250,
  };
}

function rangeOf(
  metric: string,
  [low, high]: readonly [number, number | null],
  verdict: string,
  figure: Figure | null,
): Benchmark {
  return {
    metric,
    source: "A survey, 2025",
    sourceId: "a-survey",
    segment: "B2B SaaS",
    low,
    high,
    verdict,
    per: "year",
    model: "B2B SaaS",
    stage: null,
    label: "typical",
    place: null,
    note: null,
    unverified: null,
    figure,
    period: figure ? "2025-01-01/2025-12-31" : null,
    why: figure ? null : "less-than-a-year",
  };
}

function cohortsOf(
  customers: readonly Customer[],
  months: number,
  firstYear: number,
  isPartial: boolean,
  hasRevenue: boolean,
): Cohorts {
  const rows = Array.from({ length: months }, (_, began) => {
    const members = customers.filter((customer) => customer.began === began);
    const ages = Array.from({ length: months - began }, (_, age) => began + age);
    return cohortRow({
      cohort: label(firstYear, began),
      size: members.length,
      customers: ages.map((month) => members.filter(({ ended }) => month < ended).length),
      revenue: ages.map((month) =>
        hasRevenue ? cents(members.reduce((sum, { mrr }) => sum + (mrr[month] ?? 0), 0)) : null,
      ),
      partial: ages.map((month) => isPartial && month === months - 1),
    });
  }).filter(({ size }) => 0 < size);
  const meanRetention = Array.from({ length: months }, (_, age) => {
    const known = rows.filter((row) => age < row.customers.length && !row.partial[age]);
    const whole = known.reduce((sum, { size }) => sum + size, 0);
    const part = known.reduce((sum, row) => sum + (row.customers[age] ?? 0), 0);
    return of(
      "customer_retention_rate",
      whole ? part / whole : null,
      { start: whole, new: 0, end: part },
      "no-customers-at-start",
      wilson(part, whole),
      whole,
    );
  });
  return cohortTable(rows, meanRetention);
}

/** A number of few digits, so that many of them are soon put into the page. */
const short = (share: number): number => Math.round(share * 1e4) / 1e4;

/** An interval of some width around a ratio of revenue. */
const around = (ratio: number): [number, number] => [short(0.9 * ratio), short(1.1 * ratio)];

function intervalOf(part: number, whole: number): [number, number] | null {
  const interval = wilson(part, whole);
  return interval && [...interval];
}

/** A cohort with shares that fit its amounts: nobody returns, and nobody pays more. */
function cohortRow(
  row: Pick<CohortRow, "cohort" | "size" | "customers" | "revenue" | "partial">,
): CohortRow {
  const [first = null] = row.revenue;
  const kept = row.revenue.map((one) =>
    one === null || first === null || first <= 0 ? null : short(one / first),
  );
  return {
    ...row,
    reached: row.customers.map(() => row.size),
    retention: row.customers.map((one) => (one === null ? null : short(one / row.size))),
    retentionInterval: row.customers.map((one) =>
      one === null ? null : intervalOf(one, row.size),
    ),
    stepRetentionInterval: row.customers.map((one, age) => {
      const before = age === 0 ? null : (row.customers[age - 1] ?? null);
      return one === null || !before ? null : intervalOf(one, before);
    }),
    stepRetention: row.customers.map((one, age) => {
      const before = age === 0 ? null : (row.customers[age - 1] ?? null);
      return one === null || !before ? null : short(one / before);
    }),
    baseRevenue: row.revenue.map((one) => (one === null ? null : first)),
    paying: row.customers.map(() => row.size),
    netRevenueRetention: kept,
    netRevenueRetentionInterval: kept.map((one) => (one === null ? null : around(one))),
    grossRevenueRetention: kept.map((one) => (one === null ? null : Math.min(1, one))),
    grossRevenueRetentionInterval: kept.map((one) =>
      one === null ? null : around(Math.min(1, one)),
    ),
  };
}

/** A table by calendar months whose other means are those of the customers. */
function cohortTable(rows: CohortRow[], meanRetention: Figure[]): Cohorts {
  return {
    granularity: "month",
    clock: "calendar",
    days: null,
    counting: "on",
    rows,
    meanRetention,
    meanStepRetention: meanRetention,
    meanNetRevenueRetention: meanRetention,
    meanGrossRevenueRetention: meanRetention,
    milestones: [3, 6, 12, 18, 24, 36]
      .filter((age) => age < (rows[0]?.customers.length ?? 0))
      .map((months) => ({ months, age: months })),
  };
}

/** What comes up for renewal, of one level of risk. */
function outlookOf(hasRevenue: boolean, last: PeriodReport | undefined): RenewalOutlook {
  const sum = (customers: number, revenue: number) => ({
    customers,
    revenue: hasRevenue ? revenue : null,
  });
  const window = (days: number, customers: number, revenue: number) => ({
    days,
    ...sum(customers, revenue),
    ending: sum(1, 20),
    levels: [{ level: "high", ...sum(customers, revenue) }],
    terms: [{ months: 12, ...sum(customers, revenue) }],
  });
  return {
    source: "interval",
    levelColumn: "risk",
    asOf: "2026-04-28",
    windows: [window(30, 2, 190), window(60, 4, 420), window(90, 6, 890)],
    unknown: sum(3, 75),
    passed: sum(0, 0),
    rates: last
      ? [
          {
            period: last.period,
            from: last.from,
            to: last.to,
            renewalRate: of("customer_retention_rate", 0.8, { start: 5, new: 0, end: 4 }, ""),
            customerRetentionRate: last.customerRetentionRate,
            unknown: 3,
          },
        ]
      : [],
  };
}

/** Reasons with what they come to together. */
function lostBy(reasons: Reason[]): LostCustomers {
  const customers = reasons.reduce((sum, one) => sum + one.customers, 0);
  const part = (name: string, some: Reason[]) => {
    const n = some.reduce((sum, one) => sum + one.customers, 0);
    const share = of("share", n / customers, { part: n, whole: customers }, "");
    return {
      name,
      customers: n,
      revenue: some.reduce((sum, one) => sum + (one.revenue ?? 0), 0),
      share,
      revenueShare: share,
    };
  };
  return {
    window: "whole-file",
    period: "all",
    from: null,
    to: null,
    customers,
    revenue: reasons.reduce((sum, one) => sum + (one.revenue ?? 0), 0),
    reasons,
    kinds: ["voluntary", "involuntary", "unknown"].map((kind) =>
      part(
        kind,
        reasons.filter((one) => one.kind === kind),
      ),
    ),
    groups: [part("other", reasons)],
  };
}

/** A product-limit curve from durations. */
export function survivalOf(lives: readonly { time: number; isEvent: boolean }[]): Survival | null {
  const times = [...new Set(lives.map(({ time }) => time))].sort((a, b) => a - b);
  if (times.length === 0) return null;
  let share = 1;
  let variance = 0;
  const curve = times.map((time) => {
    const atRisk = lives.filter((life) => time <= life.time).length;
    const events = lives.filter((life) => life.time === time && life.isEvent).length;
    share *= 1 - events / atRisk;
    if (events < atRisk) variance += events / (atRisk * (atRisk - events));
    const isInside = 0 < share && share < 1;
    const width = isInside ? (1.959963985 * Math.sqrt(variance)) / Math.abs(Math.log(share)) : 0;
    return {
      atRisk,
      events,
      share,
      low: isInside ? share ** Math.exp(width) : share,
      high: isInside ? share ** Math.exp(-width) : share,
    };
  });
  const at = (half: (one: (typeof curve)[number]) => number): number | null => {
    const index = curve.findIndex((one) => half(one) <= 0.5);
    return index < 0 ? null : (times[index] ?? null);
  };
  const horizon = times.at(-1) ?? 0;
  let area = 0;
  let [before, height] = [0, 1];
  times.forEach((time, index) => {
    area += (time - before) * height;
    before = time;
    height = curve[index]?.share ?? height;
  });
  const median = at((one) => one.share);
  const [low, high] = [at((one) => one.low), at((one) => one.high)];
  const n = lives.length;
  return {
    timeline: times,
    unit: "month",
    atRisk: curve.map(({ atRisk }) => atRisk),
    events: curve.map(({ events }) => events),
    survival: curve.map((one) => one.share),
    low: curve.map((one) => one.low),
    high: curve.map((one) => one.high),
    median: {
      ...of("median_lifetime", median, { last_time: horizon }, "median-not-reached", null, n),
      ...(low === null ? {} : { low }),
      ...(high === null ? {} : { high }),
    },
    rmst: of(
      "restricted_mean_lifetime",
      0 < horizon ? area : null,
      { horizon, last_time: horizon },
      "no-observed-time",
      [area * 0.95, area * 1.05],
      n,
    ),
    models:
      8 < times.length
        ? [geometric(1 - (curve.at(-1)?.share ?? 0.5) ** (1 / horizon), horizon)]
        : [],
  };
}

function geometric(churn: number, horizon: number): Survival["models"][number] {
  return {
    kind: "geometric",
    converged: true,
    parameters: { churn },
    standardErrors: null,
    logLikelihood: -1234.5,
    curve: Array.from({ length: Math.ceil(horizon * 1.5) }, (_, t) => ({
      t,
      survival: (1 - churn) ** t,
    })),
    median: of("median_lifetime", Math.ceil(Math.log(0.5) / Math.log(1 - churn)), {}, "no-churn"),
    rmst: null,
    lifespan: { mean: of("mean_lifetime", 1 / churn, { churn }, "mean-infinite") },
    notes: [],
  };
}

function scaled(period: PeriodReport, by: number): PeriodReport {
  const { customers, revenue } = period;
  const part = (n: number | null | undefined): number => Math.round((n ?? 0) * by);
  return periodOf(period.period, {
    start: part(customers.start),
    fresh: part(customers.new),
    reactivated: part(customers.reactivated),
    lost: part(customers.lost),
    revenue: revenue && {
      start: part(revenue.start),
      fresh: part(revenue.new),
      reactivation: part(revenue.reactivation),
      expansion: part(revenue.expansion),
      contraction: part(revenue.contraction),
      churned: part(revenue.churned),
    },
  });
}

/** A report with nothing in it. */
export function blank(shape: string, currency: string | null): Report {
  return {
    input: {
      shape,
      shapeWhy: "",
      asOf: "",
      firstDate: null,
      currency,
      customers: 0,
      amountTotalMinor: null,
      decimals: 2,
      dialect: { encoding: "utf-8", delimiter: ",", decimal: ".", dateOrder: "ymd" },
      columns: [],
      rows: { read: 0, used: 0, excluded: 0 },
      notes: [],
      questions: [],
      preview: [],
    },
    periods: [],
    trailingYear: null,
    yearBefore: null,
    bridges: [],
    cohorts: null,
    segments: null,
    segmentation: null,
    concentration: null,
    files: null,
    reasons: null,
    lostByReason: null,
    renewals: null,
    renewalOutlook: null,
    survival: null,
    purchases: null,
    value: { clv: {}, lifespan: {} },
    definitions: null,
    triggers: [],
    alarm: { fired: 0, judged: 0, metrics: 0, raised: false },
    benchmarks: [],
    stages: [],
  };
}

/** One segment with the movements of a period and a share of the whole. */
export function segmentOf(values: string[], latest: PeriodReport, share: number): Segment {
  const { end } = latest.customers;
  const revenue = latest.revenue?.end ?? null;
  const change = latest.revenue ? (latest.revenue.end ?? 0) - (latest.revenue.start ?? 0) : null;
  const perCustomer = revenue !== null && end ? revenue / end : null;
  return {
    name: values.join(" · "),
    values,
    latest,
    trailingYear: null,
    customerShare: of("share", share, { part: share * 100, whole: 100 }, ""),
    revenueShare: of("share", share, { part: share * 100, whole: 100 }, ""),
    averageRevenue: of(
      "average_revenue_per_customer",
      perCustomer,
      { revenue: revenue ?? 0, customers: end ?? 0 },
      "no-customers",
    ),
    lifetimeValue: of("clv", null, {}, "no-churn"),
    change,
    excessLoss: change === null ? null : -change,
  };
}

/** How customers were told apart by these columns. */
export function segmentationOf(columns: string[], values: number): Segmentation {
  return {
    columns,
    chosenBy: "plan-role",
    candidates: ["plan", "region", "size"].map((column) => ({ column, role: null, values })),
    pooled: 0,
    withIntervals: values,
    change: 0,
    mix: null,
    trailingMix: null,
    notes: [],
  };
}

/** Names that try to break out of their place. */
export const NASTY_NAMES: readonly string[] = [
  "<img src=x onerror=alert(1)>",
  "شركة النور للتجارة الدولية",
  `Ünïcode ${"very long name ".repeat(14)}`,
  '=HYPERLINK("http://example.org")',
  "\u202egnp.exe",
];

const plain = (): Report =>
  subscriptions({ months: 28, perMonth: 42, churn: 0.09, seed: 7, isPartial: true });

/** Every report by a name to ask for it. */
export const REPORTS: Readonly<Record<string, () => Report>> = {
  subscriptions: plain,
  complete: () =>
    subscriptions({ months: 14, perMonth: 30, churn: 0.12, seed: 3, currency: "EUR" }),
  "no-amounts": () =>
    subscriptions({
      months: 18,
      perMonth: 25,
      churn: 0.08,
      seed: 11,
      hasRevenue: false,
      currency: null,
    }),
  "one-customer": () => {
    const report = subscriptions({ months: 6, perMonth: 0, churn: 0, seed: 1 });
    const alone = { start: 1, fresh: 0, reactivated: 0, lost: 0 };
    const still = {
      start: 49,
      fresh: 0,
      reactivation: 0,
      expansion: 0,
      contraction: 0,
      churned: 0,
    };
    return {
      ...report,
      input: { ...report.input, customers: 1 },
      periods: [
        periodOf("2024-01", {
          ...alone,
          start: 0,
          fresh: 1,
          revenue: { ...still, start: 0, fresh: 49 },
        }),
        ...["2024-02", "2024-03"].map((period) => periodOf(period, { ...alone, revenue: still })),
      ],
      segments: null,
      cohorts: cohortTable(
        [
          cohortRow({
            cohort: "2024-01",
            size: 1,
            customers: [1, 1, 1],
            revenue: [49, 49, 49],
            partial: [false, false, false],
          }),
        ],
        [1, 1, 1].map((value) =>
          of("customer_retention_rate", value, { start: 1, new: 0, end: 1 }, "", wilson(1, 1), 1),
        ),
      ),
      survival: survivalOf([{ time: 3, isEvent: false }]),
    };
  },
  "one-period": () =>
    subscriptions({ months: 1, perMonth: 40, churn: 0.1, seed: 5, isPartial: true }),
  "all-churned": () => {
    const report = subscriptions({ months: 10, perMonth: 20, churn: 0.3, seed: 9 });
    const before = report.periods.at(-1);
    const revenue = before?.revenue?.end ?? 0;
    const lost = before?.customers.end ?? 0;
    const gone = periodOf("2024-11", {
      start: lost,
      fresh: 0,
      reactivated: 0,
      lost,
      revenue: {
        start: revenue,
        fresh: 0,
        reactivation: 0,
        expansion: 0,
        contraction: 0,
        churned: revenue,
      },
    });
    const empty = periodOf("2024-12", {
      start: 0,
      fresh: 0,
      reactivated: 0,
      lost: 0,
      revenue: { start: 0, fresh: 0, reactivation: 0, expansion: 0, contraction: 0, churned: 0 },
    });
    return { ...report, periods: [...report.periods, gone, empty] };
  },
  "none-churned": () => {
    const report = subscriptions({ months: 12, perMonth: 15, churn: 0, seed: 13 });
    return report;
  },
  "cohorts-400": () =>
    subscriptions({ months: 400, perMonth: 3, churn: 0.02, seed: 17, firstYear: 1990 }),
  "negative-revenue": () => {
    const report = subscriptions({ months: 12, perMonth: 20, churn: 0.1, seed: 19 });
    const last = report.periods.length - 1;
    const periods = [...report.periods];
    periods[last] = periodOf("2024-12", {
      start: 120,
      fresh: 4,
      reactivated: 1,
      lost: 30,
      revenue: {
        start: 900.5,
        fresh: -220.25,
        reactivation: 15,
        expansion: 30,
        contraction: 1400,
        churned: 310.1,
      },
    });
    const rows = (report.cohorts?.rows ?? []).map((row, index) =>
      cohortRow({
        ...row,
        revenue: row.revenue.map((one, age) => (age === 2 || index === 3 ? -(one ?? 0) : one)),
      }),
    );
    return { ...report, periods, cohorts: report.cohorts && { ...report.cohorts, rows } };
  },
  "nasty-names": () => {
    const report = plain();
    const latest = report.segments?.[0]?.latest;
    const nastyReasons = NASTY_NAMES.slice(0, 3).map((reason) => ({
      reason,
      stated: true,
      kind: "unknown",
      chosen: false,
      group: "other",
      customers: 5,
      revenue: 100,
      share: of("share", 0.2, { part: 5, whole: 25 }, ""),
      revenueShare: of("share", 0.2, { part: 100, whole: 500 }, ""),
    }));
    return {
      ...report,
      segments: latest ? NASTY_NAMES.map((name) => segmentOf([name], latest, 0.2)) : null,
      reasons: nastyReasons,
      lostByReason: [lostBy(nastyReasons)],
    };
  },
  "all-undefined": () => {
    const nothing = {
      start: 0,
      fresh: 0,
      reactivated: 0,
      lost: 0,
      revenue: { start: 0, fresh: 0, reactivation: 0, expansion: 0, contraction: 0, churned: 0 },
    };
    const report = blank("subscriptions", null);
    return {
      ...report,
      input: { ...report.input, asOf: "2025-03-31" },
      periods: ["2025-01", "2025-02", "2025-03"].map((period) => periodOf(period, nothing)),
      value: {
        lifespan: { average_churn: of("average_lifespan", null, {}, "no-complete-period") },
        clv: { revenue_average_churn: of("clv", null, {}, "no-customers") },
      },
    };
  },
  nothing: () => blank("subscriptions", null),
  transactions: () => {
    const report = subscriptions({
      months: 18,
      perMonth: 60,
      churn: 0.5,
      seed: 23,
      currency: "GBP",
    });
    return {
      ...report,
      input: { ...report.input, shape: "transactions" },
      segments: null,
      reasons: null,
      lostByReason: null,
      renewals: null,
      renewalOutlook: null,
      definitions: null,
      purchases: {
        customers: report.input.customers,
        purchases: 3320,
        revenue: 182_450.75,
        repeatCustomerRate: of(
          "repeat_customer_rate",
          0.382,
          { returning: 382, unique: 1000 },
          "",
          wilson(382, 1000),
          1000,
        ),
        purchaseFrequency: of("purchase_frequency", 3.32, { purchases: 3320, customers: 1000 }, ""),
        averagePurchaseValue: of(
          "average_purchase_value",
          54.95,
          { revenue: 182_450.75, purchases: 3320 },
          "",
        ),
      },
    };
  },
  accounts: () => {
    const report = blank("accounts", "USD");
    const gone = periodOf("all", {
      start: 7043,
      fresh: 0,
      reactivated: 0,
      lost: 1869,
      revenue: {
        start: 456_116.6,
        fresh: 0,
        reactivation: 0,
        expansion: 0,
        contraction: 0,
        churned: 139_130.85,
      },
    });
    const random = seeded(31);
    return {
      ...report,
      input: { ...report.input, customers: 7043, rows: { read: 7043, used: 7043, excluded: 0 } },
      periods: [
        {
          ...gone,
          customers: { ...gone.customers, new: null, reactivated: null },
          revenue: gone.revenue && {
            ...gone.revenue,
            new: null,
            reactivation: null,
            expansion: null,
            contraction: null,
          },
          quickRatio: { value: null, why: "not-in-file", formula: "quick_ratio", inputs: {} },
        },
      ],
      survival: survivalOf(
        Array.from({ length: 900 }, () => {
          const time = Math.ceil(random() * 72);
          return { time, isEvent: random() < 0.27 };
        }),
      ),
      value: {
        lifespan: {
          average_churn: of("average_lifespan", 121.9, { churn: 0.0082 }, "", [116, 128], 7043),
        },
        clv: {
          revenue_average_churn: of(
            "clv",
            7894.2,
            { revenue_per_period: 64.76, lifespan: 121.9 },
            "",
          ),
        },
      },
    };
  },
  totals: () => {
    const report = blank("periods", null);
    return {
      ...report,
      periods: ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"].map((period, index) => {
        const full = periodOf(period, {
          start: 500 + index * 30,
          fresh: 80,
          reactivated: 0,
          lost: 40 + index,
          revenue: {
            start: 50_000,
            fresh: 8000,
            reactivation: 0,
            expansion: 3000,
            contraction: 900,
            churned: 2500,
          },
        });
        return {
          ...full,
          customers: { ...full.customers, reactivated: null, cameAndWent: null },
          revenue: full.revenue && { ...full.revenue, reactivation: null },
          customerRetentionRate: {
            ...full.customerRetentionRate,
            inputs: { start: 500 + index * 30, new: 80, end: 540 },
          },
        };
      }),
    };
  },
};

/** The report of a name. */
export function reportOf(name: string): Report {
  const make = REPORTS[name];
  if (!make) throw new Error(`there is no report named ${name}`);
  return make();
}

/** Part of the catalogue of formulas, for the panel. */
export const FORMULAS: readonly FormulaInfo[] = [
  {
    id: "customer_retention_rate",
    name: "Customer retention rate",
    abbreviation: "CRR",
    expression: "({end} − {new}) ÷ {start}",
    result: "share",
    inputs: [
      { name: "start", label: "Customers at the start", unit: "count", example: 500 },
      { name: "new", label: "New customers", unit: "count", example: 80 },
      { name: "end", label: "Customers at the end", unit: "count", example: 540 },
    ],
    definition:
      "The share of the customers at the start of a period who are still customers at its end.",
    undefinedWhen: "There were no customers at the start.",
    source: "Farris, Bendle, Pfeifer and Reibstein (2010), Marketing Metrics",
  },
  {
    id: "net_revenue_retention",
    name: "Net revenue retention",
    abbreviation: "NRR",
    expression: "({start} + {expansion} − {contraction} − {churned}) ÷ {start}",
    result: "share",
    inputs: [
      { name: "start", label: "Revenue at the start", unit: "money", example: 1e7 },
      { name: "expansion", label: "Gained from these customers", unit: "money", example: 1e6 },
      { name: "contraction", label: "Lost to downgrades", unit: "money", example: 1e5 },
      { name: "churned", label: "Lost to cancellations", unit: "money", example: 1e5 },
    ],
    definition:
      "The recurring revenue at the end of a period of those who were customers at its start, over their revenue then.",
    undefinedWhen: "There was no revenue at the start.",
    source: "KeyBanc Capital Markets and Sapphire Ventures, Private SaaS Company Survey",
  },
  {
    id: "average_lifespan",
    name: "Average customer lifespan",
    abbreviation: null,
    expression: "1 ÷ {churn}",
    result: "periods",
    inputs: [{ name: "churn", label: "Churn rate per period", unit: "share", example: 0.05 }],
    definition:
      "The periods that a customer stays on average if churn is the same in every period.",
    undefinedWhen: "Nobody leaves.",
    source: "By definition",
  },
  {
    id: "clv",
    name: "Customer lifetime value",
    abbreviation: "CLV",
    expression: "{revenue_per_period} × {lifespan}",
    result: "money",
    inputs: [
      {
        name: "revenue_per_period",
        label: "Revenue per customer and period",
        unit: "money",
        example: 50,
      },
      { name: "lifespan", label: "Lifespan", unit: "periods", example: 20 },
    ],
    definition: "The revenue that a customer brings over the whole lifespan.",
    undefinedWhen: "The lifespan is not defined.",
    source: "By definition",
  },
  {
    id: "clv_margin",
    name: "Customer lifetime value on gross margin",
    abbreviation: "CLV",
    expression: "{revenue_per_period} × {gross_margin} × {lifespan}",
    result: "money",
    inputs: [
      {
        name: "revenue_per_period",
        label: "Revenue per customer and period",
        unit: "money",
        example: 50,
      },
      { name: "gross_margin", label: "Gross margin", unit: "share", example: 0.8 },
      { name: "lifespan", label: "Lifespan", unit: "periods", example: 20 },
    ],
    definition: "The gross profit that a customer brings over the whole lifespan.",
    undefinedWhen: "The lifespan is not defined.",
    source: "By definition",
  },
];

/** A projection at constant churn, good enough to look at; a report starts at its last period. */
export function projectPlainly(scenario: Scenario): Projection {
  const from = startOf(scenario.from as Report | Totals);
  const retention = scenario.retention ?? from.retention;
  const price = scenario.price ?? from.revenuePerCustomer;
  const fresh = scenario.newCustomers ?? from.newCustomers;
  const discount = (1 + (scenario.discountRate ?? 0)) ** (scenario.periodMonths / 12) - 1;
  const margin = scenario.grossMargin ?? 1;
  const periods = [];
  let customers = from.customers;
  let presentValue = 0;
  for (let period = 1; period <= scenario.periods; period += 1) {
    presentValue += (customers * price * margin) / (1 + discount) ** (period - 1);
    customers = customers * retention + fresh;
    const revenue = customers * price;
    periods.push({
      period,
      customers,
      revenue,
      grossRevenueRetention: retention,
      netRevenueRetention: retention,
    });
  }
  const churn = 1 - retention;
  const lifespan = 0 < churn ? 1 / churn : null;
  const clv = 0 < discount + churn ? (price * margin * (1 + discount)) / (discount + churn) : null;
  const plain = {
    periods,
    start: {
      customers: from.customers,
      revenuePerCustomer: price,
      retention,
      firstPeriodChurn: churn,
      tailChurn: churn,
      newCustomers: fresh,
      expansion: 0,
      contraction: 0,
      discountRate: discount,
    },
    now: { customers: from.customers, revenue: from.customers * price },
    lifespan: { mean: of("average_lifespan", lifespan, { churn }, "no-churn") },
    clv: { discounted: of("clv_discounted", clv, {}, "no-churn") },
    clvToCac: of("clv_to_cac", null, {}, "needs-cac"),
    cacPayback: of("cac_payback", null, {}, "needs-cac"),
    presentValue,
    lifetimes: [],
    segments: [],
    uncertainty: null,
    programme: null,
    against: null,
    sensitivity: [],
  };
  const { retention: _moved, price: _price, newCustomers: _won, ...levers } = scenario;
  const isToday = scenario.name === "today";
  // A price that the start does not know is today's, too.
  const keeps = from.revenuePerCustomer === 0 && _price !== undefined ? { price: _price } : {};
  const today = isToday ? null : projectPlainly({ ...levers, ...keeps, name: "today" } as Scenario);
  const values: readonly [string, string, number | null][] = [
    ["customers", "count", customers],
    ["lifespan", "periods", lifespan],
    ["clvDiscounted", "money", clv],
    ["presentValue", "money", presentValue],
  ];
  const outcomes = values.map(([id, unit, value]) => {
    const before = today ? today.outcomes.find((one) => one.id === id)?.value : value;
    return {
      id,
      unit,
      value,
      ...(value === null ? { why: "no-churn" } : {}),
      today: before ?? null,
      difference: value == null || before == null ? null : value - before,
    };
  });
  return { ...plain, outcomes } as unknown as Projection;
}

interface Totals {
  customers: number;
  revenuePerCustomer: number;
  retention: number;
}

function startOf(from: Report | Totals): Totals & { newCustomers: number } {
  if (!("periods" in from)) return { ...from, newCustomers: 0 };
  const last = from.periods.at(-1);
  const churn = inputNamed(from.value.lifespan, "average_churn", "churn");
  if (!last || churn === undefined) {
    throw Object.assign(
      new Error("The report has no complete period to go on with. Start from typed totals."),
      { code: "report-without-retention" },
    );
  }
  const customers = last.customers.end ?? 0;
  return {
    customers,
    revenuePerCustomer: customers === 0 ? 0 : (last.revenue?.end ?? 0) / customers,
    retention: 1 - churn,
    newCustomers: last.customers.new ?? 0,
  };
}

function inputNamed(
  figures: Record<string, Figure>,
  figure: string,
  name: string,
): number | undefined {
  return figures[figure]?.inputs[name];
}
