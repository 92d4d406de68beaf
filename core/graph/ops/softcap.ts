import { defineComposite } from '../composite.js';
import { floatLike } from '../shapes.js';
import { apply1, type Tensor } from '../tensor.js';
import { scalar } from './constant.js';
import { mul } from './mul.js';
import { sub } from './sub.js';
import { tanh } from './tanh.js';

/** cap · tanh(x / cap): keeps scores and logits within ±cap (Gemma 2). */
export const softcapOp = defineComposite<{ cap: number }>({
  name: 'softcap',
  infer: ([x]) => [floatLike('softcap', x)],
  decompose: ([x], { cap }) => [mul(scalar(cap), tanh(mul(x, scalar(1 / cap))))],
});

/** Derivative of `softcap` in terms of its result: 1 − (y / cap)². */
export function softcapSlope(y: Tensor, cap: number): Tensor {
  const bent = mul(y, scalar(1 / cap));
  return sub(scalar(1), mul(bent, bent));
}

export function softcap(x: Tensor, cap: number): Tensor {
  return apply1(softcapOp, [x], { cap });
}
