import { defineComposite } from '../composite.js';
import { floatLike } from '../shapes.js';
import { apply1, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { scalar } from './constant.js';
import { erf } from './erf.js';
import { mul } from './mul.js';
import { tanh } from './tanh.js';

type Approximate = 'none' | 'tanh';

/** Gaussian error linear unit (Hendrycks & Gimpel, 2016): x · Φ(x), Φ by erf or by the tanh approximation. */
export const geluOp = defineComposite<{ approximate: Approximate }>({
  name: 'gelu',
  infer: ([x]) => [floatLike('gelu', x)],
  decompose([x], { approximate }) {
    const bent =
      approximate === 'none'
        ? erf(mul(x, scalar(Math.SQRT1_2)))
        : tanh(mul(scalar(Math.sqrt(2 / Math.PI)), add(x, mul(scalar(0.044715), mul(x, mul(x, x))))));
    return [mul(mul(scalar(0.5), x), add(scalar(1), bent))];
  },
});

export function gelu(x: Tensor, approximate: Approximate = 'none'): Tensor {
  return apply1(geluOp, [x], { approximate });
}
