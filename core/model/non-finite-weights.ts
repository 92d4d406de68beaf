/** Finding weights that are NaN or infinite, when a number computed from them shows that there are some. */
import { SwiftError } from '../errors.js';
import { firstNonFinite, firstNonFiniteHalf } from '../io/non-finite.js';
import { openFile } from '../io/files.js';
import { asBytes } from '../io/dtypes.js';
import type { CausalLM, Parameter, StoredWeight } from '../nn/index.js';

/**
 * The first tensor with such a value, in words. What lies on disk to be read when it is needed was looked at when it was
 * written there.
 */
export async function nonFiniteWeight(model: CausalLM): Promise<string | undefined> {
  for (const [name, parameter] of model.namedParameters()) {
    if (await holdsNonFinite(parameter)) return `tensor '${name}' holds values that are NaN or infinite`;
  }
  return undefined;
}

async function holdsNonFinite(parameter: Parameter): Promise<boolean> {
  const { file } = parameter;
  if (!file) return !parameter.places && !isFiniteWeight(parameter.weight);
  const opened = await openFile(file.path);
  try {
    const values = new Float32Array(parameter.size);
    await opened.readInto(asBytes(values), file.position);
    return firstNonFinite(values) >= 0;
  } finally {
    await opened.close();
  }
}

/** Codes are always finite; their scales are not when a value was not. */
export function isFiniteWeight({ format, parts }: StoredWeight): boolean {
  return parts.every(({ dtype, data }) => {
    if (dtype === 'float32') return firstNonFinite(data as Float32Array) < 0;
    if (format === 'f16' || format === 'bf16') return firstNonFiniteHalf(data as Uint16Array, format) < 0;
    return true;
  });
}

const DAMAGED = 'The file is damaged, or was saved by a run that had diverged: get the model again.';

/** @throws SwiftError NON_FINITE_WEIGHT */
export function requireFiniteWeight(weight: StoredWeight, name: string, place: string): void {
  if (!isFiniteWeight(weight))
    throw badWeight(`${place}: tensor '${name}' holds values that are NaN or infinite`);
}

/** What it means that the logits of an answer are NaN or infinite. */
export async function nonFiniteLogits(model: CausalLM): Promise<SwiftError> {
  const found = await nonFiniteWeight(model);
  if (found) return badWeight(`the model computes no numbers: ${found}`);
  return new SwiftError(
    'NON_FINITE_LOSS',
    'the logits of the next token are not finite, though all weights are',
    {
      cure: 'Values grow beyond float32 inside the model. Are config.json and the weights of one model?',
      exitCode: 1,
    },
  );
}

function badWeight(message: string): SwiftError {
  return new SwiftError('NON_FINITE_WEIGHT', message, { cure: DAMAGED, exitCode: 1 });
}
