import { defineComposite } from '../composite.js';
import { floatLike } from '../shapes.js';
import { apply1, type Tensor } from '../tensor.js';
import { scalar } from './constant.js';
import { mul } from './mul.js';
import { sigmoid } from './sigmoid.js';

/** x · sigmoid(1.702 x), the sigmoid approximation of GELU that CLIP uses. */
export const quickGeluOp = defineComposite({
  name: 'quickGelu',
  infer: ([x]) => [floatLike('quickGelu', x)],
  decompose: ([x]) => [mul(x, sigmoid(mul(scalar(1.702), x)))],
});

export function quickGelu(x: Tensor): Tensor {
  return apply1(quickGeluOp, [x]);
}
