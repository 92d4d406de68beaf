import { SwiftError } from '../errors.js';
import { isInt8, type HostData } from '../graph/index.js';
import { Linear, type CausalLM } from '../nn/index.js';
import { SAFE_CODE } from './weight-plan.js';

/**
 * Whether the blocks' weights are fit for 8-bit arithmetic. Larger codes than SAFE_CODE would lose sums without a word on
 * some machines, so they are refused on all.
 * @throws SwiftError BAD_ARGUMENT
 */
export function checkInt8Weights(model: CausalLM): void {
  const held = model.blocks
    .flatMap((block) => [...block.namedModules()])
    .flatMap(([, module]) => (module instanceof Linear && isInt8(module.weight.format) ? [module] : []));
  if (held.length === 0) {
    throw new SwiftError('BAD_ARGUMENT', '--compute_precision int8: no linear layer is held in int8', {
      cure: 'Add --quant_bits 8.',
    });
  }
  if (held.some(({ weight }) => largestCode(weight.weight.parts[0].data) > SAFE_CODE)) {
    throw new SwiftError(
      'BAD_ARGUMENT',
      `--compute_precision int8: the model was loaded with codes above ${SAFE_CODE}, for float32 arithmetic`,
      { cure: "Load it for 8-bit arithmetic too: Model.fromPretrained(…, { compute_precision: 'int8' })." },
    );
  }
}

function largestCode(codes: HostData): number {
  let largest = 0;
  for (let i = 0; i < codes.length; i++) largest = Math.max(largest, Math.abs(codes[i]));
  return largest;
}
