import { counted } from '../counted.js';
import type { Log } from '../contracts/log.js';
import { SwiftError } from '../errors.js';
import { formatName } from '../graph/index.js';
import type { CausalLM } from '../nn/index.js';
import { weightValues } from './weight-values.js';

/**
 * Holds what trains in float32: an optimizer's small updates would be lost in 16 bits.
 * @throws SwiftError BAD_ARGUMENT for a weight that is quantized or lies on disk
 */
export function widenTrained(model: CausalLM, log: Log): void {
  let widened = 0;
  for (const [name, parameter] of model.namedParameters()) {
    if (!parameter.trainable) continue;
    if (parameter.places) {
      throw new SwiftError('BAD_ARGUMENT', `'${name}' lies on disk and cannot train`, {
        cure: 'Train an adapter over it (--sft_type lora), or leave --offload_weights out.',
      });
    }
    if (parameter.format === 'f32') continue;
    if (parameter.format !== 'f16' && parameter.format !== 'bf16') {
      throw new SwiftError(
        'BAD_ARGUMENT',
        `'${name}' is held in ${formatName(parameter.format)} and cannot train`,
        {
          cure: 'Train an adapter over it (--sft_type lora), or load weights that are not quantized.',
        },
      );
    }
    parameter.data = weightValues(parameter);
    widened++;
  }
  if (widened > 0)
    log.info(`weights: ${counted(widened, 'trained tensor is', 'trained tensors are')} held in float32`);
}
