/** What values an argument accepts, as a schema made from its description. */
import { z } from 'zod';
import type { Argument } from './argument.js';

export function schemaOf(argument: Argument): z.ZodType {
  const schema = plainSchema(argument);
  return argument.nullable ? schema.nullable() : schema;
}

function plainSchema({ kind, choices, ...range }: Argument): z.ZodType {
  if (kind === 'strings') return z.array(choices ? z.literal([...choices]) : z.string());
  if (choices) return z.literal([...choices]);
  if (kind === 'int') return bounded(z.number().int(), range);
  if (kind === 'float') return bounded(z.number(), range);
  return kind === 'bool' ? z.boolean() : z.string();
}

function bounded(
  base: z.ZodNumber,
  { min, max, above, below }: Pick<Argument, 'min' | 'max' | 'above' | 'below'>,
): z.ZodNumber {
  const low = min === undefined ? base : above ? base.gt(min) : base.gte(min);
  return max === undefined ? low : below ? low.lt(max) : low.lte(max);
}
