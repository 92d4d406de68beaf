/** Numbers that JavaScript's own would change on the way from a row to a text: beside them, integers beyond 2^53 are bigints. */

/**
 * A float that Python spells otherwise than JavaScript, above all one without a fraction: `10.0`, which is no `10`. Counts
 * as its number everywhere else.
 */
export class ExactFloat {
  constructor(readonly value: number) {}

  valueOf(): number {
    return this.value;
  }

  toString(): string {
    return pythonFloat(this.value);
  }

  toJSON(): number {
    return this.value;
  }
}

/** A float as Python spells it: `10.0`, `1e-05`, `1e+16`, and in JSON `NaN` and `Infinity`. */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [digits, exponent] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  const text = Object.is(value, -0) ? '-0' : String(value);
  return Number.isInteger(value) ? `${text}.0` : text;
}

/** A number as Python spells it; undefined for what is none. A whole JavaScript number is an integer. */
export function pythonNumber(value: unknown): string | undefined {
  if (typeof value === 'bigint' || value instanceof ExactFloat) return value.toString();
  if (typeof value !== 'number') return undefined;
  return Number.isInteger(value) ? JSON.stringify(value) : pythonFloat(value);
}
