import {
  add,
  detach,
  div,
  matmul,
  mul,
  reduceSum,
  reshape,
  scalar,
  sizeOf,
  sqrt,
  sub,
  transpose,
  type Tensor,
} from 'swift-ts/graph';
import { Parameter, type Linear, type LinearCall, type Scope } from 'swift-ts/nn';
import { SwiftError, weightValues, type Random } from 'swift-ts/plugin';
import { LoraAdapter, type LoraShape } from './lora-adapter.js';

/**
 * The weight's rows keep lengths of their own, m · (W + s·BA) / ‖W + s·BA‖, and LoRA turns them (Liu et al., 2024). As in its
 * §4.3 and in PEFT, the lengths ‖W + s·BA‖ are constants to backward.
 */
export class DoraAdapter extends LoraAdapter {
  /** m [out] */
  readonly lora_magnitude_vector: Parameter;
  /** ‖W‖² of the base weight's rows [out]: no tensor of the adapter, so not in its tree. */
  readonly #squares: Parameter;

  constructor(layer: Linear, lora: LoraShape) {
    super(layer, lora);
    this.lora_magnitude_vector = new Parameter([layer.out_features]);
    this.#squares = new Parameter([layer.out_features]);
  }

  /** @throws SwiftError BAD_ARGUMENT where the weight lies in a scratch file */
  override bind(layer: Linear): void {
    if (layer.weight.places && !layer.weight.file) {
      throw new SwiftError('BAD_ARGUMENT', 'DoRA reads the lengths of weights, which lie on disk here', {
        cure: 'Leave out --offload_weights, or use LoRA: --use_dora false.',
      });
    }
    this.#squares.data = rowSquares(weightValues(layer.weight), layer);
  }

  override initialize(random: Random, init: 'true' | 'gaussian'): void {
    super.initialize(random, init);
    this.lora_magnitude_vector.data = roots(this.#squares.data!);
  }

  override adapt(scope: Scope, y: Tensor, { layer, x, base, weight }: LinearCall): Tensor {
    const { in_features } = layer;
    const dropped = this.dropped(scope, x);
    const rows = reshape(dropped, [sizeOf(x.shape) / in_features, in_features]);
    const down = matmul(rows, scope.param(this.lora_A.weight), { transB: true });
    const turned = mul(
      matmul(down, scope.param(this.lora_B.weight), { transB: true }),
      scalar(this.lora.scaling),
    );
    const plain =
      dropped !== x
        ? timesWeight(scope, rows, layer)
        : layer.bias
          ? sub(base, scope.param(layer.bias))
          : base;
    const factor = div(scope.param(this.lora_magnitude_vector), this.lengths(scope, layer));
    const change = add(mul(plain, sub(factor, scalar(1))), mul(turned, factor));
    return add(y, mul(change, typeof weight === 'number' ? scalar(weight) : weight));
  }

  /**
   * ‖W + s·BA‖ by rows [out], by the binomial formula: the sum itself, as large as the weight, is never made.
   * ‖W‖² + 2s·Σ(WAᵀ ⊙ B) + s²·Σ(B(AAᵀ) ⊙ B)
   */
  private lengths(scope: Scope, layer: Linear): Tensor {
    const { scaling } = this.lora;
    const [a, b] = [this.lora_A, this.lora_B].map(({ weight }) => detach(scope.param(weight)));
    const cross = reduceSum(mul(transpose(timesWeight(scope, a, layer), [1, 0]), b), [-1]);
    const square = reduceSum(mul(matmul(b, matmul(a, a, { transB: true })), b), [-1]);
    return sqrt(
      add(
        scope.param(this.#squares),
        add(mul(cross, scalar(2 * scaling)), mul(square, scalar(scaling * scaling))),
      ),
    );
  }

  override adaptGroup(): never {
    throw new Error('DoRA has no form over experts');
  }

  override merge(
    into: Float32Array,
    { base, layer, weight }: { readonly base: Float32Array; readonly layer: Linear; readonly weight: number },
  ): void {
    const turned = base.slice();
    super.merge(turned, { layer, weight: 1 });
    const lengths = roots(rowSquares(turned, layer));
    const m = this.lora_magnitude_vector.data!;
    const [rowStep, columnStep] = steps(layer);
    for (let row = 0; row < layer.out_features; row++) {
      const factor = m[row] / lengths[row];
      for (let i = 0, at = row * rowStep; i < layer.in_features; i++, at += columnStep)
        into[at] += weight * (factor * turned[at] - base[at]);
    }
  }
}

/** rows [N, in] times the layer's weight, without its bias -> [N, out] */
function timesWeight(scope: Scope, rows: Tensor, { weight, transposed }: Linear): Tensor {
  return transposed ? matmul(rows, scope.param(weight)) : scope.linear(rows, weight);
}

/** Σ W² by the rows of [out, in]. */
function rowSquares(values: Float32Array, layer: Linear): Float32Array {
  const sums = new Float32Array(layer.out_features);
  const [rowStep, columnStep] = steps(layer);
  for (let row = 0; row < sums.length; row++) {
    let sum = 0;
    for (let i = 0, at = row * rowStep; i < layer.in_features; i++, at += columnStep) sum += values[at] ** 2;
    sums[row] = sum;
  }
  return sums;
}

function roots(values: Float32Array): Float32Array {
  const result = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = Math.sqrt(values[i]);
  return result;
}

/** From one row of [out, in] to the next, and from one column to the next, as the weight lies in memory. */
function steps({ transposed, in_features, out_features }: Linear): [rowStep: number, columnStep: number] {
  return transposed ? [1, out_features] : [in_features, 1];
}
