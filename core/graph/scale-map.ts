const RANGES = 7;

/**
 * The 8-bit numbers that double quantization holds scales in: bitsandbytes' dynamic map (Dettmers, 2016, "8-bit
 * approximations for parallelism in deep learning"), which is fine near zero and coarse at the ends.
 *
 * Seven ranges, each ten times the one before, split evenly into 1, 2, 4, … 64 steps of which the middle counts, on both
 * sides of zero; and 0 and 1. Computed in float32, in the order that gives bitsandbytes' bits.
 */
export const SCALE_VALUES: readonly number[] = dynamicMap();

function dynamicMap(): readonly number[] {
  const values = [0, 1];
  for (let range = 0; range < RANGES; range++) {
    const steps = 2 ** range;
    const unit = Math.fround(10 ** (range - RANGES + 1));
    const edges = Array.from({ length: steps + 1 }, (_, i) => edge(i, steps));
    for (let i = 0; i < steps; i++) {
      const middle = Math.fround(Math.fround(edges[i] + edges[i + 1]) / 2);
      const value = Math.fround(unit * middle);
      values.push(value, -value);
    }
  }
  return values.sort((a, b) => a - b);
}

/** Edge `i` of a range from 0.1 to 1, counted from the nearer end as torch.linspace does. */
function edge(i: number, steps: number): number {
  const step = Math.fround((1 - Math.fround(0.1)) / steps);
  return i < (steps + 1) / 2 ? Math.fround(Math.fround(0.1) + step * i) : Math.fround(1 - step * (steps - i));
}
