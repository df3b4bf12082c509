/**
 * What a published dashboard prints, what follows from it, and what the sample made after it has.
 *
 * The figures are those of the article and what arithmetic makes of them; none is computed here.
 */

/** One contradiction. */
export interface Contradiction {
  readonly printed: string;
  readonly follows: string;
  readonly sample: string;
}

/** All that were found, in the order of the dashboard. */
export const IN_PRINT: readonly Contradiction[] = [
  {
    printed: "Net revenue retention 115%; by segment 122, 108 and 95% of 42.8 M, 28.4 M and 12.2 M",
    follows: "The segments give 113.3% by their revenue at the end, 112.4% by that at the start",
    sample: "The segments as printed, so 113.1% in all",
  },
  {
    printed: "Customer churn 1.8% a month, 2.1% the month before, beside customer retention of 86%",
    follows: "1.8% a month keeps 80.4% a year; 86% a year is 1.25% a month",
    sample: "86.0% in the year, and 1.8% in its last month alone",
  },
  {
    printed: "2.85 M lost in the quarter of 83.4 M",
    follows:
      "3.4% a quarter keeps 87.0% a year before any downgrade; gross revenue retention is printed as 89%",
    sample: "2.85 M in the last quarter, less in the three before it, so 89.3% in the year",
  },
  {
    printed: "Lifetime values of 1.58 M, 385 K and 68 K at churn of 6, 13 and 21%",
    follows:
      "Revenue of 94.8 K, 50.1 K and 14.3 K per customer; the same page says 125 K, 42 K and 12 K",
    sample: "Revenue per customer that gives the lifetime values",
  },
  {
    printed: "The cohort of 2023 Q1 at 36 months, the one of 2024 Q1 at no more than 12",
    follows: "No date has both: at the end of 2025 the first is 33 months old and the second 21",
    sample: "All cells printed up to 24 months, and those that are known by the end of 2025",
  },
  {
    printed: "Cohorts keep 89.2% after 12 months on average",
    follows: "Then customers from before 2023 must leave faster for 86% in all",
    sample: "They do: about a fifth of them in the year",
  },
];
