/** Vectors of length 1, as lists of numbers in double precision. */

export const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** Adds `scale` times a vector to another. */
export function addScaled(to: Float64Array, vector: Float64Array, scale: number): void {
  for (let i = 0; i < to.length; i++) to[i] += scale * vector[i];
}

/** A vector's direction and length. */
export interface Direction {
  readonly unit: Float64Array;
  readonly length: number;
}

export function directionOf(vector: Float32Array): Direction {
  const length = Math.max(Math.hypot(...vector), 1e-12);
  return { unit: Float64Array.from(vector, (value) => value / length), length };
}

/** The gradient by a vector of what has this gradient by its direction. */
export function throughDirection({ unit, length }: Direction, gradient: Float64Array): number[] {
  const along = dot(unit, gradient);
  return Array.from(gradient, (value, i) => (value - along * unit[i]) / length);
}
