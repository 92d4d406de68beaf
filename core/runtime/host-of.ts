import type { HostTensor } from '../contracts/backend.js';
import type { Parameter } from '../nn/index.js';

/** A parameter's values as a segment's input. */
export function hostOf(parameter: Parameter): HostTensor {
  if (!parameter.data) throw new Error('a parameter has no values yet');
  return { dtype: 'float32', shape: parameter.shape, data: parameter.data };
}
