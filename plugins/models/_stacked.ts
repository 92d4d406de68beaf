import { groupedMatmul, mul, reshape, slice, type Tensor } from 'swift-ts/graph';
import { Experts, Parameter, type Dispatched, type Scope } from 'swift-ts/nn';

/** The weights of all experts, one by one: [E, ...] -> E times [...]. */
export function unstack(stack: Tensor): Tensor[] {
  const [count, ...shape] = stack.shape;
  return Array.from({ length: count }, (_, i) => reshape(slice(stack, 0, i, i + 1), shape));
}

export interface StackedSize {
  readonly num_experts: number;
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly activation: (x: Tensor) => Tensor;
  /** The matrices are stored [in, out]. */
  readonly transposed?: boolean;
}

/** Gated experts in stacks [E, out, in], gate before up. */
export class StackedExperts extends Experts {
  readonly gate_up_proj: Parameter;
  readonly down_proj: Parameter;

  constructor(private readonly size: StackedSize) {
    super();
    const { num_experts, hidden_size, intermediate_size, transposed } = size;
    const stack = (from: number, to: number): Parameter =>
      new Parameter([num_experts, ...(transposed ? [from, to] : [to, from])]);
    this.gate_up_proj = stack(hidden_size, 2 * intermediate_size);
    this.down_proj = stack(intermediate_size, hidden_size);
  }

  forward(scope: Scope, { rows, sizes }: Dispatched): Tensor {
    const { intermediate_size: width, activation, transposed } = this.size;
    const layer = (x: Tensor, weight: Parameter): Tensor =>
      groupedMatmul(x, sizes, unstack(scope.param(weight)), transposed);
    const both = layer(rows, this.gate_up_proj);
    const gate = activation(slice(both, 1, 0, width));
    return layer(mul(gate, slice(both, 1, width, 2 * width)), this.down_proj);
  }
}
