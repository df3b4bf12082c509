/**
 * Registers the chart elements; importing it is its only use.
 *
 * It holds no element. A name that is taken already is left alone.
 */

import { registered } from "../registered.ts";
import { CohortHeatmapElement } from "./cohort-heatmap.ts";
import { CurveComparisonElement } from "./curve-comparison.ts";
import { IntervalBarElement } from "./interval-bar.ts";
import { MovementColumnsElement } from "./movement-columns.ts";
import { RateLineElement } from "./rate-line.ts";
import { SegmentCurvesElement } from "./segment-curves.ts";
import { SparklineElement } from "./sparkline.ts";
import { SurvivalCurveElement } from "./survival-curve.ts";
import { TornadoElement } from "./tornado.ts";
import { WaterfallElement } from "./waterfall.ts";

const elements = {
  "rc-cohort-heatmap": CohortHeatmapElement,
  "rc-curve-comparison": CurveComparisonElement,
  "rc-interval-bar": IntervalBarElement,
  "rc-movement-columns": MovementColumnsElement,
  "rc-rate-line": RateLineElement,
  "rc-segment-curves": SegmentCurvesElement,
  "rc-sparkline": SparklineElement,
  "rc-survival-curve": SurvivalCurveElement,
  "rc-tornado": TornadoElement,
  "rc-waterfall": WaterfallElement,
} as const;

registered(elements);

declare global {
  interface HTMLElementTagNameMap {
    "rc-cohort-heatmap": CohortHeatmapElement;
    "rc-curve-comparison": CurveComparisonElement;
    "rc-interval-bar": IntervalBarElement;
    "rc-movement-columns": MovementColumnsElement;
    "rc-rate-line": RateLineElement;
    "rc-segment-curves": SegmentCurvesElement;
    "rc-sparkline": SparklineElement;
    "rc-survival-curve": SurvivalCurveElement;
    "rc-tornado": TornadoElement;
    "rc-waterfall": WaterfallElement;
  }
}
