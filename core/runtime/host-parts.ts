import type { HostTensor } from '../contracts/backend.js';
import type { Parameter } from '../nn/index.js';

/** The parts of parameters as a segment's trailing inputs, in order. */
export function hostParts(parameters: readonly Parameter[]): HostTensor[] {
  return parameters.flatMap((parameter) => parameter.weight.parts);
}
