import { apply1, defineOp, sameShape, shapeError, sizeOf, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { iota, scalar } from './constant.js';
import { gather } from './gather.js';
import { mul } from './mul.js';
import { reshape } from './reshape.js';
import { scatterAdd } from './scatter-add.js';

/** Elements of `x` [..., N] picked along the last axis by int32 `indices` [..., k] (torch.gather): [..., k]. */
export const takeAlongOp = defineOp({
  name: 'takeAlong',
  residual: 'save',
  infer([x, indices]) {
    const lead = indices.shape.slice(0, -1);
    if (indices.dtype !== 'int32' || x.shape.length === 0 || !sameShape(lead, x.shape.slice(0, -1)))
      throw shapeError('takeAlong', 'x [..., N] and int32 indices [..., k]', x, indices);
    return [{ shape: indices.shape, dtype: x.dtype }];
  },
  vjp({ inputs: [x, indices], cotangents: [dy] }) {
    const flat = scatterAdd(flatIndices(x, indices), reshape(dy!, [sizeOf(indices.shape)]), sizeOf(x.shape));
    return [reshape(flat, x.shape), undefined];
  },
  decompose([x, indices]) {
    const picked = gather(reshape(x, [sizeOf(x.shape)]), flatIndices(x, indices));
    return [reshape(picked, indices.shape)];
  },
});

export function takeAlong(x: Tensor, indices: Tensor): Tensor {
  return apply1(takeAlongOp, [x, indices]);
}

/** Where the picked elements lie in row-major order, [count]. */
function flatIndices(x: Tensor, indices: Tensor): Tensor {
  const [width, picks] = [x.shape.at(-1)!, indices.shape.at(-1)!];
  const rows = sizeOf(x.shape) / width;
  const starts = reshape(mul(iota(rows), scalar(width, 'int32')), [rows, 1]);
  return reshape(add(starts, reshape(indices, [rows, picks])), [rows * picks]);
}
