import { SwiftError } from '../errors.js';

const UNITS: Readonly<Record<string, number>> = { m: 1e6, b: 1e9, t: 1e12 };

/** The number of parameters that a size such as `0.5B` or `270M` stands for; undefined for another text. */
export function parametersOf(size: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([mbt])$/i.exec(size.trim()) ?? [];
  return number === undefined ? undefined : Math.round(Number(number) * UNITS[unit.toLowerCase()]);
}

const COMPARISONS: Readonly<Record<string, (size: number, limit: number) => boolean>> = {
  '': (size, limit) => size === limit,
  '=': (size, limit) => size === limit,
  '<': (size, limit) => size < limit,
  '<=': (size, limit) => size <= limit,
  '>': (size, limit) => size > limit,
  '>=': (size, limit) => size >= limit,
};

/** What `--size 7b` or `--size '<=7b'` asks of a size. A model whose size is not known is never what is asked for. */
export function sizeFilter(wanted: string): (size: string | undefined) => boolean {
  const [, sign, text] = /^([<>]?=?)(.*)$/s.exec(wanted)!;
  const limit = parametersOf(text);
  if (limit === undefined) {
    throw new SwiftError('BAD_ARGUMENT', `--size ${wanted} is no number of parameters`, {
      cure: "Expected e.g. 7b, 0.5b, 270m, '<=7b' or '>70b' (quoted: < and > mean something to the shell).",
    });
  }
  return (size) => {
    const parameters = size === undefined ? undefined : parametersOf(size);
    return parameters !== undefined && COMPARISONS[sign](parameters, limit);
  };
}
