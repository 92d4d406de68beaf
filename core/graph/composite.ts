import { vjp } from './autodiff.js';
import { substitute } from './substitute.js';
import { defineOp, input, type Attrs, type Op, type Tensor } from './tensor.js';

type Composite<A extends Attrs> = Omit<Op<A>, 'vjp'> & Required<Pick<Op<A>, 'decompose'>>;

/**
 * Declares an op that is a plain function of others: its derivative is that function's, which backward computes again
 * from the op's inputs. It is an op, so that a backend may still have it natively.
 */
export function defineComposite<A extends Attrs>(op: Composite<A>): Op {
  return defineOp<A>({
    ...op,
    vjp({ inputs, attrs, cotangents }) {
      // Differentiated between stand-ins: one operand may depend on another, or be used twice.
      const stands = inputs.map(({ shape, dtype }) => input(shape, dtype));
      const outputs = op.decompose(stands, attrs);
      const carried = outputs.filter((_, i) => cotangents[i]);
      const seeds = carried.map(({ shape }) => input(shape));
      const floats = stands.filter(({ dtype }) => dtype === 'float32');
      const actual = new Map<Tensor, Tensor>(stands.map((stand, i) => [stand, inputs[i]]));
      cotangents.filter((dy) => dy !== undefined).forEach((dy, i) => actual.set(seeds[i], dy));
      const gradients = substitute(vjp(carried, seeds, floats), actual);
      return stands.map((stand) => gradients[floats.indexOf(stand)]);
    },
  });
}
