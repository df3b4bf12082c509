/**
 * Numbers, dates and amounts in the reader's own format, by `Intl` alone.
 *
 * It computes nothing: a number comes in and the same number goes out as text.
 */

import type { Unit } from "../engine/core.ts";

/** What a number is, as the catalogue of formulas says it. */
export type NumberKind = Unit;

/** From this size on, {@link Format.compactMoney} and {@link Format.compactCount} shorten. */
const COMPACT_FROM = 10_000;

const MONTH = /^(\d{4})-(\d{2})$/;
const QUARTER = /^(\d{4})-Q([1-4])$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** A minus sign of the width of a plus sign, in place of the hyphen that `Intl` writes. */
function withMinus(text: string): string {
  return text.replace("-", "\u2212");
}

/** Most digits behind the point of a percentage. */
const MOST_DIGITS = 4;
/** What floating point may leave of nothing. */
const NOTHING = 1e-7;

/** How many digits a share needs so that it does not read as 0 or 100 % where it is neither. */
function digitsTellingApart(value: number, digits: number): number {
  const from = Math.min(Math.abs(value), Math.abs(1 - value));
  if (from < NOTHING) return digits;
  let shown = digits;
  while (shown < MOST_DIGITS && from * 100 < 0.5 / 10 ** shown) shown += 1;
  return shown;
}

/** The locale if it can be used, else the browser's own. */
export function usableLocale(locale: string | undefined): string | undefined {
  if (locale === undefined || locale === "") {
    return undefined;
  }
  try {
    return Intl.getCanonicalLocales(locale)[0];
  } catch {
    return undefined;
  }
}

/**
 * The language of words inside numbers and dates ("March", "months"). The page's own words are
 * English, so without a locale from the host the browser's is taken only where it is English.
 */
function wordLocale(locale: string | undefined): string {
  const own = locale ?? new Intl.NumberFormat().resolvedOptions().locale;
  return locale !== undefined || own.startsWith("en") ? own : "en";
}

/** The currency code if it can be used. */
function usableCurrency(currency: string | null | undefined): string | null {
  return currency !== null && currency !== undefined && /^[A-Za-z]{3}$/.test(currency)
    ? currency.toUpperCase()
    : null;
}

/**
 * The format of one locale and one currency.
 *
 * Get one by {@link formatFor}, which keeps those it has made.
 */
export class Format {
  readonly locale: string | undefined;
  readonly currency: string | null;
  readonly #wordLocale: string;
  readonly #numbers = new Map<string, Intl.NumberFormat>();
  readonly #dates = new Map<string, Intl.DateTimeFormat>();

  constructor(locale?: string, currency?: string | null) {
    this.locale = usableLocale(locale);
    this.currency = usableCurrency(currency);
    this.#wordLocale = wordLocale(this.locale);
  }

  /** `5,000` */
  count(value: number): string {
    return this.#number("count", { maximumFractionDigits: 0 }, value);
  }

  /** `5,000`, and `12.3K` from five digits on. */
  compactCount(value: number): string {
    return Math.abs(value) < COMPACT_FROM
      ? this.count(value)
      : this.#number("compact", { notation: "compact", maximumSignificantDigits: 3 }, value);
  }

  /** `+12`, `−3`, `0` */
  signedCount(value: number): string {
    return this.#number("signed", { maximumFractionDigits: 0, signDisplay: "exceptZero" }, value);
  }

  /**
   * `92.0%`, from the fraction 0.92. What is neither nothing nor all is not written as if it were:
   * 4,999 of 5,000 are `99.98%`.
   */
  share(value: number, digits = 1): string {
    const shown = digits === 0 ? 0 : digitsTellingApart(value, digits);
    return this.#number(
      `share${shown}`,
      { style: "percent", minimumFractionDigits: shown, maximumFractionDigits: shown },
      value,
    );
  }

  /** `+3.2%`, `−3.2%`: a relative change. */
  change(value: number): string {
    return this.#number(
      "change",
      {
        style: "percent",
        minimumFractionDigits: 1,
        maximumFractionDigits: 1,
        signDisplay: "exceptZero",
      },
      value,
    );
  }

  /** `+1.2 pp`: a difference of two fractions in percentage points. */
  points(value: number, digits = 1): string {
    const number = this.#number(
      `points${digits}`,
      { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "exceptZero" },
      Number(`${value}e2`) || value * 100,
    );
    return `${number}\u00a0pp`;
  }

  /** `$1,234.56`, or `1,234.56` where the currency is not known. */
  money(value: number): string {
    return this.#number("money", this.#moneyOptions(value), value);
  }

  /** `$1,234.56`, and `$12.3K` from five digits on. Give the full amount on focus. */
  compactMoney(value: number): string {
    if (Math.abs(value) < COMPACT_FROM) {
      return this.money(value);
    }
    const { style, currency } = this.#moneyOptions(value);
    return this.#number(
      "compactMoney",
      {
        notation: "compact",
        maximumSignificantDigits: 3,
        ...(style === undefined || currency === undefined ? {} : { style, currency }),
      },
      value,
    );
  }

  /**
   * `$5,000`, `$12.5K`: a round amount at an axis, without decimals where it has none, and with as
   * many digits as it takes to tell it from the next one, `step` away.
   */
  axisMoney(value: number, step = Math.abs(value)): string {
    const { style, currency } = this.#moneyOptions(value);
    const digits = step === 0 ? 3 : Math.max(3, 1 + Math.ceil(Math.log10(Math.abs(value / step))));
    const options: Intl.NumberFormatOptions & { trailingZeroDisplay: "stripIfInteger" } = {
      ...(style === undefined || currency === undefined ? {} : { style, currency }),
      ...(Math.abs(value) < COMPACT_FROM
        ? { maximumFractionDigits: 2 }
        : { notation: "compact", maximumSignificantDigits: digits }),
      trailingZeroDisplay: "stripIfInteger",
    };
    const isCompact = options.notation === "compact";
    return this.#number(isCompact ? `axisMoney-compact-${digits}` : "axisMoney", options, value);
  }

  /** `+$1,234.56`, `−$20.00` */
  signedMoney(value: number): string {
    return this.#number(
      "signedMoney",
      { ...this.#moneyOptions(value), signDisplay: "exceptZero" },
      value,
    );
  }

  /** `3.25`: a ratio of two amounts, up to two decimals. */
  ratio(value: number): string {
    return this.#number("ratio", { maximumFractionDigits: 2 }, value);
  }

  /** `12.5`: a length in periods, up to one decimal. */
  periods(value: number): string {
    return this.#number("periods", { maximumFractionDigits: 1 }, value);
  }

  /** `12.5 months`, in the reader's language where `Intl` has the unit. */
  duration(value: number, unit: "day" | "month" | "year" | "second" | "minute" | "hour"): string {
    return this.#number(
      `duration-${unit}`,
      { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 1 },
      value,
    );
  }

  /** A number of the kind that a formula says it is. */
  value(value: number, kind: NumberKind): string {
    switch (kind) {
      case "share":
        return this.share(value);
      case "money":
        return this.money(value);
      case "count":
        return Number.isInteger(value) ? this.count(value) : this.periods(value);
      case "ratio":
        return this.ratio(value);
      case "periods":
        return this.periods(value);
      case "months":
        return this.duration(value, "month");
    }
  }

  /** `89.3% to 94.1%` */
  interval(low: number, high: number, kind: NumberKind): string {
    return `${this.value(low, kind)} to ${this.value(high, kind)}`;
  }

  /** `31 Mar 2026`, from `2026-03-31`. */
  date(iso: string): string {
    const parts = DAY.exec(iso);
    return parts === null
      ? iso
      : this.#date("day", { year: "numeric", month: "short", day: "numeric" }, parts);
  }

  /** `March 2026`, `Q1 2026`, `2026`, from `2026-03`, `2026-Q1`, `2026`. */
  period(period: string): string {
    return this.#period(period, "long");
  }

  /** `Mar 2026`, `Q1 2026`, `2026` */
  shortPeriod(period: string): string {
    return this.#period(period, "short");
  }

  /** `4.2 MB` */
  bytes(bytes: number): string {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
    let unit = 0;
    let size = bytes;
    while (size >= 1000 && unit < units.length - 1) {
      size /= 1000;
      unit += 1;
    }
    const name = units[unit] ?? "byte";
    return this.#number(
      `bytes-${name}`,
      {
        style: "unit",
        unit: name,
        unitDisplay: name === "byte" ? "long" : "short",
        maximumFractionDigits: size < 10 && unit > 0 ? 1 : 0,
      },
      size,
    );
  }

  /** `a, b and c` in the reader's language. */
  list(items: readonly string[]): string {
    return new Intl.ListFormat(this.#wordLocale, { type: "conjunction" }).format(items);
  }

  /** `1 row`, `5,000 rows`: a count with the English noun that goes with it. */
  counted(value: number, one: string, many: string = `${one}s`): string {
    return `${this.count(value)} ${value === 1 ? one : many}`;
  }

  #period(period: string, month: "long" | "short"): string {
    const parts = MONTH.exec(period);
    if (parts !== null) {
      return this.#date(`month-${month}`, { year: "numeric", month }, parts);
    }
    const quarter = QUARTER.exec(period);
    if (quarter !== null) {
      return `Q${quarter[2]} ${quarter[1]}`;
    }
    return DAY.test(period) ? this.date(period) : period;
  }

  #moneyOptions(value: number): Intl.NumberFormatOptions {
    if (this.currency !== null) {
      return { style: "currency", currency: this.currency };
    }
    return Number.isInteger(value)
      ? { maximumFractionDigits: 0 }
      : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  }

  #number(key: string, options: Intl.NumberFormatOptions, value: number): string {
    const name = `${key}/${options.minimumFractionDigits ?? ""}`;
    let format = this.#numbers.get(name);
    if (format === undefined) {
      format = new Intl.NumberFormat(
        options.unitDisplay === "long" ? this.#wordLocale : this.locale,
        options,
      );
      this.#numbers.set(name, format);
    }
    return withMinus(format.format(value));
  }

  #date(key: string, options: Intl.DateTimeFormatOptions, parts: RegExpExecArray): string {
    let format = this.#dates.get(key);
    if (format === undefined) {
      format = new Intl.DateTimeFormat(this.#wordLocale, { ...options, timeZone: "UTC" });
      this.#dates.set(key, format);
    }
    return format.format(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3] ?? 1)));
  }
}

const kept = new Map<string, Format>();

/** The format of a locale and a currency; the same one each time. */
export function formatFor(locale?: string, currency?: string | null): Format {
  const key = `${locale ?? ""} ${currency ?? ""}`;
  let format = kept.get(key);
  if (format === undefined) {
    format = new Format(locale, currency);
    kept.set(key, format);
  }
  return format;
}
