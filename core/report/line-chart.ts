/** A curve of a run, such as its loss, as a self-contained SVG: no script, no font, no style sheet of its own. */

export interface ChartSeries {
  /** Title of the chart, or label of the curve, e.g. `train/loss`. */
  readonly name: string;
  /** Steps, ascending. */
  readonly x: readonly number[];
  /** One value per step; values that are not finite leave a gap. */
  readonly y: readonly number[];
}

export interface Chart extends ChartSeries {
  /** Draws the curve pale and a smoothed one over it: for values that scatter. */
  readonly smoothed: boolean;
  /** A second curve on the same axes. */
  readonly beside?: ChartSeries;
}

const WIDTH = 800;
const HEIGHT = 450;
const MARGIN = { left: 76, right: 20, top: 40, bottom: 50 } as const;
const SMOOTHING = 0.9;
const TINY = 1e-300;

type Point = readonly [x: number, y: number];

/** Curves between axes with ticks. */
export function lineChart({ name, smoothed, beside, ...series }: Chart): string {
  const raw = pointsOf({ name, ...series });
  const curves = [
    { label: smoothed ? 'raw' : name, points: raw, color: smoothed ? PALE : DARK },
    ...(smoothed ? [{ label: `smoothed ${SMOOTHING}`, points: smoothedPoints(raw), color: DARK }] : []),
    ...(beside ? [{ label: beside.name, points: pointsOf(beside), color: OTHER }] : []),
  ];
  const all = curves.flatMap(({ points }) => points);
  const steps = all.map(([step]) => step).sort((a, b) => a - b);
  const xTicks = ticks(steps, 8);
  const yTicks = ticks(
    all.map(([, value]) => value),
    6,
  );
  const scaleX = scale([steps[0] ?? 0, steps.at(-1) ?? 1], [MARGIN.left, WIDTH - MARGIN.right]);
  const scaleY = scale([yTicks[0], yTicks[yTicks.length - 1]], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const path = (points: readonly Point[]) =>
    points.map(([px, py]) => `${round(scaleX(px))},${round(scaleY(py))}`).join(' ');
  const title = escape(name);
  const middle = (MARGIN.left + WIDTH - MARGIN.right) / 2;
  const bottom = HEIGHT - MARGIN.bottom;
  const inside = xTicks.filter((tick) => tick >= steps[0] && tick <= steps[steps.length - 1]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12" fill="#333">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${middle}" y="24" text-anchor="middle" font-size="15">${title}</text>`,
    ...yTicks.map((tick) => {
      const at = round(scaleY(tick));
      return `<path d="M${MARGIN.left} ${at}H${WIDTH - MARGIN.right}" stroke="#e3e3e3"/><text x="${MARGIN.left - 8}" y="${at + 4}" text-anchor="end">${label(tick, yTicks)}</text>`;
    }),
    ...inside.map((tick) => {
      const at = round(scaleX(tick));
      return `<path d="M${at} ${bottom}v5" stroke="#333"/><text x="${at}" y="${bottom + 19}" text-anchor="middle">${label(tick, xTicks)}</text>`;
    }),
    `<path d="M${MARGIN.left} ${MARGIN.top}V${bottom}H${WIDTH - MARGIN.right}" fill="none" stroke="#333"/>`,
    `<text x="${middle}" y="${HEIGHT - 12}" text-anchor="middle">step</text>`,
    ...curves.flatMap(({ points, color }) => curve(path(points), { color, points: points.length })),
    ...(curves.length > 1 ? legend(curves) : []),
    '</svg>',
    '',
  ].join('\n');
}

const [PALE, DARK, OTHER] = ['#9ec5f4', '#1f5fbf', '#d9730d'];

function pointsOf({ x, y }: ChartSeries): Point[] {
  return x.map((step, i): Point => [step, y[i]]).filter(([step, value]) => isFinite(step) && isFinite(value));
}

function smoothedPoints(raw: readonly Point[]): Point[] {
  return smooth(raw.map(([, value]) => value)).map((value, i) => [raw[i][0], value]);
}

/**
 * TensorBoard's smoothing: an exponential moving average with weight 0.9 for the past, divided by the weight it has
 * gathered, so that the beginning is not drawn towards zero.
 */
export function smooth(values: readonly number[], weight = SMOOTHING): number[] {
  let sum = 0;
  let gathered = 0;
  return values.map((value) => {
    sum = sum * weight + value;
    gathered = gathered * weight + 1;
    return sum / gathered;
  });
}

/** A line; a dot where there is a single point. */
function curve(points: string, { color, points: count }: { color: string; points: number }): string[] {
  if (count === 0) return [];
  if (count === 1) {
    const [x, y] = points.split(',');
    return [`<circle cx="${x}" cy="${y}" r="3" fill="${color}"/>`];
  }
  return [`<polyline points="${points}" fill="none" stroke="${color}" stroke-width="1.8"/>`];
}

function legend(curves: readonly { readonly label: string; readonly color: string }[]): string[] {
  const left = WIDTH - MARGIN.right - 130;
  return curves.map(({ label: text, color }, i) => {
    const y = MARGIN.top + 12 + i * 17;
    return `<path d="M${left} ${y - 4}h22" stroke="${color}" stroke-width="2"/><text x="${left + 28}" y="${y}">${escape(text)}</text>`;
  });
}

/** About `count` round numbers (1, 2 or 5 times a power of ten apart) that enclose the values. */
function ticks(values: readonly number[], count: number): number[] {
  let low = values.reduce((a, b) => Math.min(a, b), values[0] ?? 0);
  let high = values.reduce((a, b) => Math.max(a, b), values[0] ?? 1);
  // A span that float64 cannot divide into ticks is no span.
  if (high - low <= Math.max(TINY, 1e-12 * Math.max(Math.abs(low), Math.abs(high)))) {
    const room = Math.abs(low) > TINY ? Math.abs(low) * 0.1 : 1;
    low -= room;
    high += room;
  }
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  return Array.from({ length: Math.ceil(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

function scale([from, to]: Point, [start, end]: Point): (value: number) => number {
  return (value) =>
    from === to ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start);
}

/** With as many decimals as neighbouring ticks need to differ. */
function label(tick: number, [first, second]: readonly number[]): string {
  const step = second - first;
  if (Math.abs(tick) >= 1e6 || step < 1e-4) return tick === 0 ? '0' : tick.toExponential(1);
  return tick.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
