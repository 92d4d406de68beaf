import type { HostTensor } from '../contracts/backend.js';
import type { BufferPool } from './buffers.js';
import type { MaskRequest } from './trace.js';

/**
 * A Bernoulli mask: 0 with probability `p`, else 1. Draws the gaps between dropped elements, which are geometric, so
 * the cost is one draw per dropped element, not per element.
 */
export function drawMask({ shape, p }: MaskRequest, uniform: () => number, buffers: BufferPool): HostTensor {
  const mask = buffers.take({ dtype: 'uint8', shape });
  mask.data.fill(1);
  const scale = 1 / Math.log1p(-p);
  for (let i = gap(uniform, scale); i < mask.data.length; i += 1 + gap(uniform, scale)) mask.data[i] = 0;
  return mask;
}

function gap(uniform: () => number, scale: number): number {
  return Math.floor(Math.log1p(-uniform()) * scale);
}
