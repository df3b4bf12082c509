// The few numbers that are made of measured ones: medians, and ratios paired by round.

/** The median; none of an empty list. */
export function median(numbers) {
  const known = numbers.filter((one) => one !== null && one !== undefined);
  if (known.length === 0) return null;
  const sorted = known.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The median over the rounds that both took part in of one number over the other. */
export function pairedRatio(of, over) {
  const ratios = [];
  for (const [round, number] of of.entries()) {
    const other = over[round];
    if (number != null && other != null && 0 < other) ratios.push(number / other);
  }
  return median(ratios);
}

/** The median over the rounds of one number less the other. */
export function pairedDifference(of, less) {
  return median(of.map((number, round) => number - less[round]));
}

/** Three significant digits at most, and no more decimals than one for what is above ten. */
export function short(number) {
  if (number === null || number === undefined) return "–";
  if (100 <= Math.abs(number)) return number.toFixed(0);
  return number.toFixed(10 <= Math.abs(number) ? 1 : 2);
}

/** `12.3 [10.1–15.0]`: the median with the least and the most. */
export function spread(numbers) {
  const known = numbers.filter((one) => one !== null && one !== undefined);
  if (known.length === 0) return "–";
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return known.length === 1
    ? short(known[0])
    : `${short(median(known))} [${short(least)}–${short(most)}]`;
}
