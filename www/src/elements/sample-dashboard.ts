/**
 * A sample made to come near a dashboard in print: subscriptions of three segments over three years,
 * with churn reasons, renewals and levels of risk.
 *
 * It is made when it is asked for, from the same seed each time, and holds no figure of any company.
 * Where the figures in print cannot be true together, it follows those of the single segments,
 * cohorts, reasons and levels, and lets the headline be what follows from them.
 */

const DAY_MS = 86_400_000;

type SegmentName = "Enterprise" | "Mid-Market" | "SMB";
const SEGMENTS: readonly SegmentName[] = ["Enterprise", "Mid-Market", "SMB"];

/** Revenue in whole units of money a year. */
interface SegmentPlan {
  /** Of all who were customers at the end of 2024. */
  start: number;
  /** Lost in 2025 with customers, and by customers who pay less. */
  churned: number;
  contraction: number;
  expansion: number;
  /** At the end of 2025, newcomers included. */
  end: number;
  /** How many were lost in 2023, in 2024, in 2025, and stayed. */
  counts: readonly [number, number, number, number];
  /** Newcomers of 2025 who were lost again, and who stayed. */
  newcomers: readonly [number, number];
}

const PLAN: Readonly<Record<SegmentName, SegmentPlan>> = {
  Enterprise: {
    start: 31_600_000,
    churned: 950_000,
    contraction: 946_000,
    expansion: 8_848_000,
    end: 42_800_000,
    counts: [19, 20, 20, 380],
    newcomers: [0, 71],
  },
  "Mid-Market": {
    start: 22_800_000,
    churned: 2_050_000,
    contraction: 914_000,
    expansion: 4_788_000,
    end: 28_400_000,
    counts: [59, 62, 60, 440],
    newcomers: [2, 127],
  },
  SMB: {
    start: 9_050_000,
    churned: 1_540_000,
    contraction: 360_500,
    expansion: 1_448_000,
    end: 12_200_000,
    counts: [157, 149, 144, 556],
    newcomers: [6, 305],
  },
};

/** How unlike the customers of a segment are: the spread of the logarithm of what they pay. */
const SPREAD: Readonly<Record<SegmentName, number>> = {
  Enterprise: 0.55,
  "Mid-Market": 0.5,
  SMB: 0.45,
};

/** Customers of each quarter's cohort who are left after 0, 1, 2, … quarters; the first is 2023 Q1. */
const COHORTS: readonly (readonly number[])[] = [
  [100, 97, 94, 91, 88, 86, 85, 84, 83, 83, 82, 82],
  [100, 96, 93, 90, 87, 85, 84, 83, 82, 82, 81],
  [100, 98, 95, 92, 89, 88, 87, 86, 85, 84],
  [100, 97, 94, 92, 90, 89, 88, 87, 86],
  [100, 98, 96, 94, 92, 90, 89, 88],
  [100, 99, 96, 94, 92, 90, 89],
  [100, 98, 96, 94, 92, 91],
  [100, 98, 95, 93, 91],
  [127, 126, 124, 123],
  [128, 126, 125],
  [128, 127],
  [128],
];

/** Customers from before 2023, and how many of them are lost in each quarter from then on. */
const N_FROM_BEFORE = 1278;
const LOST_FROM_BEFORE: readonly number[] = [54, 54, 54, 55, 49, 49, 49, 48, 34, 35, 35, 78];

/** Lost in the months of the last quarter: 2.1 % in November, 1.8 % in December. */
const LAST_MONTHS: readonly number[] = [16, 39, 34];

/** What was lost in the last quarter, by its reason, a year's revenue. */
const LAST_REASONS: readonly (readonly [string, number])[] = [
  ["Budget cut", 890_000],
  ["Product gaps", 480_000],
  ["Switched to competitor", 425_000],
  ["Low usage", 305_000],
  ["Payment failed", 420_000],
  ["Company closed", 210_000],
  ["Company acquired", 120_000],
];

/** Renewals of the 90 days to come: level of risk, customers, a year's revenue. */
const RENEWALS: readonly (readonly [string, number, number])[] = [
  ["critical", 12, 1_850_000],
  ["high", 28, 2_420_000],
  ["medium", 47, 2_880_000],
  ["low", 185, 14_200_000],
];

interface Customer {
  segment: SegmentName;
  start: Date;
  end: Date | null;
  /** The quarter of its end, from 2023 Q1 on. */
  lostIn: number | null;
  /** Whether it came in 2025. */
  isNewcomer: boolean;
  /** A year's revenue at the ends of 2023, 2024 and 2025 (or at its own end before). */
  levels: [number, number, number];
  reason: string;
  renewal: Date | null;
  risk: string;
}

/** A source of numbers from 0 to 1 that begins with a seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Maker {
  readonly #random: () => number;
  /** The months of the losses of the last quarter, in the order in which they are dealt out. */
  readonly #lateMonths: number[];

  constructor(seed: number) {
    this.#random = seeded(seed);
    this.#lateMonths = this.shuffled(
      LAST_MONTHS.flatMap((n, month) => Array<number>(n).fill(month)),
    );
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.#random();
  }

  /** About e to the power of a normal number: three uniform ones come near enough. */
  size(spread: number): number {
    return Math.exp(spread * (this.between(-1, 1) + this.between(-1, 1) + this.between(-1, 1)));
  }

  shuffled<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; 0 < last; last--) {
      const other = this.below(last + 1);
      const kept = shuffled[last] as T;
      shuffled[last] = shuffled[other] as T;
      shuffled[other] = kept;
    }
    return shuffled;
  }

  dayBetween(first: Date, last: Date): Date {
    const nDays = (last.getTime() - first.getTime()) / DAY_MS + 1;
    return new Date(first.getTime() + this.below(nDays) * DAY_MS);
  }

  /** A day of a quarter, counted from 2023 Q1 on. */
  dayOf(quarter: number): Date {
    return this.dayBetween(...monthsFrom(quarter * 3, 3));
  }

  /** The day on which somebody is lost in a quarter. */
  lossDay(quarter: number, isFirst: boolean): Date {
    if (quarter === LAST_QUARTER) {
      const month = this.#lateMonths.pop() ?? 2;
      return this.dayBetween(...monthsFrom(quarter * 3 + month, 1));
    }
    const [first, last] = monthsFrom(quarter * 3, 3);
    return this.dayBetween(isFirst ? new Date(first.getTime() + DAY_MS) : first, last);
  }

  /**
   * Chooses as many customers for each target as it asks for, so that their revenue comes near it:
   * first at random, then by exchanging two wherever that comes nearer.
   */
  chosen(
    pool: readonly Customer[],
    targets: readonly (readonly [string, number, number])[],
    revenue: (customer: Customer) => number,
  ): Map<string, Customer[]> {
    const rest = this.shuffled(pool);
    const chosen = new Map<string, Customer[]>();
    const sums = new Map<string, number>();
    for (const [name, n] of targets) {
      const taken = rest.splice(0, n);
      chosen.set(name, taken);
      sums.set(
        name,
        taken.reduce((sum, one) => sum + revenue(one), 0),
      );
    }
    for (let round = 0; round < 40_000; round++) {
      const [name, , target] = targets[round % targets.length] as readonly [string, number, number];
      const taken = chosen.get(name) ?? [];
      // With the rest, or where there is none, with another target.
      const other = targets[this.below(targets.length)] as readonly [string, number, number];
      const isRest = 0 < rest.length && (other[0] === name || this.below(2) === 0);
      if (!isRest && other[0] === name) continue;
      const others = isRest ? rest : (chosen.get(other[0]) ?? []);
      const here = this.below(taken.length);
      const there = this.below(others.length);
      const mine = taken[here] as Customer;
      const theirs = others[there] as Customer;
      const change = revenue(theirs) - revenue(mine);
      const sum = sums.get(name) ?? 0;
      const otherSum = sums.get(other[0]) ?? 0;
      const before = Math.abs(sum - target) + (isRest ? 0 : Math.abs(otherSum - other[2]));
      const after =
        Math.abs(sum + change - target) + (isRest ? 0 : Math.abs(otherSum - change - other[2]));
      if (before <= after) continue;
      taken[here] = theirs;
      others[there] = mine;
      sums.set(name, sum + change);
      if (!isRest) sums.set(other[0], otherSum - change);
    }
    return chosen;
  }
}

const LAST_QUARTER = 11;
/** The last quarters of 2023 and of 2024. */
const END_OF_2023 = 3;
const END_OF_2024 = 7;

/** The first and the last day of months counted from January 2023 on. */
function monthsFrom(month: number, nMonths: number): [Date, Date] {
  return [new Date(Date.UTC(2023, month, 1)), new Date(Date.UTC(2023, month + nMonths, 0))];
}

/** The file. */
export function dashboardSample(): string {
  const make = new Maker(20_251_231);
  const customers = comingAndGoing(make);
  putInSegments(make, customers);
  setRevenue(make, customers);
  setReasons(make, customers);
  setRenewals(make, customers);
  return written(make, customers);
}

/** Who comes when and goes when. */
function comingAndGoing(make: Maker): Customer[] {
  const customers: Customer[] = [];
  const add = (start: Date, isNewcomer: boolean, lostIn: number | null, isFirst = false) => {
    const end = lostIn === null ? null : make.lossDay(lostIn, isFirst);
    customers.push({
      segment: "SMB",
      start,
      end,
      lostIn,
      isNewcomer,
      levels: [0, 0, 0],
      reason: "",
      renewal: null,
      risk: "",
    });
  };
  const losses: (number | null)[] = LOST_FROM_BEFORE.flatMap((n, quarter) =>
    Array<number>(n).fill(quarter),
  );
  for (let index = 0; index < N_FROM_BEFORE; index++) {
    add(make.dayBetween(...monthsFrom(-36, 36)), false, losses[index] ?? null);
  }
  for (const [quarter, left] of COHORTS.entries()) {
    const isNewcomer = END_OF_2024 < quarter;
    const lostIn: (number | null)[] = [];
    for (let age = 1; age < left.length; age++) {
      const nLost = (left[age - 1] ?? 0) - (left[age] ?? 0);
      for (let n = 0; n < nLost; n++) lostIn.push(quarter + age);
    }
    for (let index = 0; index < (left[0] ?? 0); index++) {
      add(make.dayOf(quarter), isNewcomer, lostIn[index] ?? null, true);
    }
  }
  return customers;
}

/** Which segment each is of: as many of each as the plan says, by when they are lost. */
function putInSegments(make: Maker, customers: readonly Customer[]): void {
  const deal = (group: readonly Customer[], count: (plan: SegmentPlan) => number) => {
    const names = make.shuffled(
      SEGMENTS.flatMap((name) => Array<SegmentName>(count(PLAN[name])).fill(name)),
    );
    for (const [index, customer] of group.entries()) customer.segment = names[index] ?? "SMB";
  };
  const base = customers.filter((one) => !one.isNewcomer);
  const newcomers = customers.filter((one) => one.isNewcomer);
  for (const year of [0, 1, 2] as const) {
    const lost = base.filter((one) => one.lostIn !== null && Math.floor(one.lostIn / 4) === year);
    deal(lost, (plan) => plan.counts[year]);
  }
  deal(
    base.filter((one) => one.lostIn === null),
    (plan) => plan.counts[3],
  );
  deal(
    newcomers.filter((one) => one.lostIn !== null),
    (plan) => plan.newcomers[0],
  );
  deal(
    newcomers.filter((one) => one.lostIn === null),
    (plan) => plan.newcomers[1],
  );
}

/** Gives a group amounts that add up to a total, in proportion to a weight. */
function share(
  group: readonly Customer[],
  total: number,
  weight: (customer: Customer) => number,
  give: (customer: Customer, amount: number) => void,
): void {
  const weights = group.map(weight);
  const sum = weights.reduce((all, one) => all + one, 0);
  for (const [index, customer] of group.entries()) {
    give(customer, (total * (weights[index] ?? 0)) / sum);
  }
}

/** The last quarter's part of what is lost in 2025, and what its newcomers take of it. */
const LAST_QUARTER_LOST = 2_850_000;
const NEWCOMERS_LOST = 12_000;

function setRevenue(make: Maker, customers: readonly Customer[]): void {
  const churnedInAll = SEGMENTS.reduce((sum, name) => sum + PLAN[name].churned, 0);
  const isLostLast = (one: Customer) => one.lostIn === LAST_QUARTER;
  const nNewcomersLost = customers.filter((one) => one.isNewcomer && isLostLast(one)).length;
  const ofBase = LAST_QUARTER_LOST - NEWCOMERS_LOST * nNewcomersLost;
  for (const name of SEGMENTS) {
    const plan = PLAN[name];
    const all = customers.filter((one) => one.segment === name);
    const size = () => make.size(SPREAD[name]);
    const base = all.filter((one) => !one.isNewcomer);
    const lost = base.filter((one) => one.lostIn !== null && END_OF_2024 < one.lostIn);
    const stayed = make.shuffled(base.filter((one) => one.lostIn === null));
    const late = (plan.churned * ofBase) / churnedInAll;
    const setLevel = (one: Customer, amount: number) => {
      one.levels = [amount, amount, amount];
    };
    share(lost.filter(isLostLast), late, size, setLevel);
    share(
      lost.filter((one) => !isLostLast(one)),
      plan.churned - late,
      size,
      setLevel,
    );
    share(stayed, plan.start - plan.churned, size, setLevel);
    const nLess = Math.round(stayed.length * 0.08);
    const nMore = Math.round(stayed.length * 0.45);
    share(
      stayed.slice(0, nLess),
      plan.contraction,
      (one) => one.levels[1] * make.between(0.5, 1),
      (one, less) => {
        one.levels[2] -= less;
      },
    );
    share(
      stayed.slice(nLess, nLess + nMore),
      plan.expansion,
      (one) => one.levels[1] * make.between(0.3, 1),
      (one, more) => {
        one.levels[2] += more;
      },
    );
    const newcomers = all.filter((one) => one.isNewcomer);
    for (const one of newcomers.filter((one) => one.lostIn !== null)) setLevel(one, NEWCOMERS_LOST);
    const ofStayed = stayed.reduce((sum, one) => sum + one.levels[2], 0);
    share(
      newcomers.filter((one) => one.lostIn === null),
      plan.end - ofStayed,
      size,
      setLevel,
    );
    const gone = base.filter((one) => one.lostIn !== null && one.lostIn <= END_OF_2024);
    const mean = plan.start / (plan.counts[2] + plan.counts[3]);
    share(gone, 0.8 * mean * gone.length, size, setLevel);
  }
  setYearBefore(make, customers);
}

/** The year 2024: 87 % of the revenue kept, and 112 % with what those paid more. */
function setYearBefore(make: Maker, customers: readonly Customer[]): void {
  const wasThere = customers.filter((one) => one.start < new Date(Date.UTC(2024, 0, 1)));
  const survivors = make.shuffled(
    wasThere.filter((one) => one.lostIn === null || END_OF_2024 < one.lostIn),
  );
  const lost = wasThere.filter(
    (one) => one.lostIn !== null && END_OF_2023 < one.lostIn && one.lostIn <= END_OF_2024,
  );
  const before = survivors.reduce((sum, one) => sum + one.levels[1], 0) / 1.12;
  const nMore = Math.round(survivors.length * 0.55);
  const nLess = Math.round(survivors.length * 0.08);
  share(
    survivors.slice(0, nMore),
    before * 0.25,
    (one) => one.levels[1] * make.between(0.4, 1),
    (one, more) => {
      one.levels[0] = one.levels[1] - more;
    },
  );
  share(
    survivors.slice(nMore, nMore + nLess),
    before * 0.03,
    (one) => one.levels[1] * make.between(0.5, 1),
    (one, less) => {
      one.levels[0] = one.levels[1] + less;
    },
  );
  share(
    lost,
    before * 0.1,
    (one) => one.levels[0],
    (one, amount) => {
      one.levels = [amount, amount, amount];
    },
  );
}

function setReasons(make: Maker, customers: readonly Customer[]): void {
  const last = customers.filter((one) => one.lostIn === LAST_QUARTER);
  const total = LAST_REASONS.reduce((sum, [, amount]) => sum + amount, 0);
  let nLeft = last.length;
  const targets = LAST_REASONS.map(([name, amount], index) => {
    const n =
      index + 1 === LAST_REASONS.length ? nLeft : Math.round((last.length * amount) / total);
    nLeft -= n;
    return [name, n, amount] as const;
  });
  for (const [name, chosen] of make.chosen(last, targets, (one) => one.levels[1])) {
    for (const one of chosen) one.reason = name;
  }
  for (const one of customers) {
    if (one.lostIn === null || one.lostIn === LAST_QUARTER) continue;
    let at = make.below(total);
    for (const [name, amount] of LAST_REASONS) {
      one.reason = name;
      at -= amount;
      if (at < 0) break;
    }
  }
}

function setRenewals(make: Maker, customers: readonly Customer[]): void {
  const active = customers.filter((one) => one.lostIn === null);
  for (const one of active) {
    one.renewal = make.dayBetween(...monthsFrom(39, 9));
    const at = make.below(100);
    one.risk = at < 3 ? "critical" : at < 10 ? "high" : at < 25 ? "medium" : "low";
  }
  for (const [level, chosen] of make.chosen(active, RENEWALS, (one) => one.levels[2])) {
    for (const one of chosen) {
      one.risk = level;
      one.renewal = make.dayBetween(...monthsFrom(36, 3));
    }
  }
}

/** One row for each price that a customer paid. */
function written(make: Maker, customers: readonly Customer[]): string {
  const rows = ["account_id,segment,start_date,end_date,mrr,churn_reason,renewal_date,risk_level"];
  for (const [index, one] of make.shuffled(customers).entries()) {
    const id = `ACC-${String(index + 1).padStart(4, "0")}`;
    const monthly = one.levels.map((level) => Math.max(1, Math.round(level / 12)));
    const prices: [Date, number][] = [[one.start, monthly[0] ?? 1]];
    for (const [year, quarter] of [
      [1, END_OF_2023 + 1],
      [2, END_OF_2024 + 1],
    ] as const) {
      const price = monthly[year] ?? 1;
      // Not on the first days of the year, so that the close of the year before has the old price.
      const day = make.dayBetween(...monthsFrom(quarter * 3 + make.below(12), 1));
      if (price !== prices.at(-1)?.[1]) prices.push([day, price]);
    }
    for (const [place, [from, price]] of prices.entries()) {
      const next = prices[place + 1]?.[0];
      const until = next ?? one.end;
      const last = next === undefined ? [one.reason, iso(one.renewal), one.risk] : ["", "", ""];
      rows.push([id, one.segment, iso(from), iso(until), price, ...last].join(","));
    }
  }
  return `${rows.join("\n")}\n`;
}

function iso(day: Date | null): string {
  return day === null ? "" : day.toISOString().slice(0, 10);
}
