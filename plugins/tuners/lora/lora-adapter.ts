import {
  add,
  addmm,
  dropout,
  groupedMatmul,
  matmul,
  mul,
  reshape,
  scalar,
  sizeOf,
  type Tensor,
} from 'swift-ts/graph';
import { Linear, LinearAdapter, type LinearCall, type LinearGroupCall, type Scope } from 'swift-ts/nn';
import type { Random } from 'swift-ts/plugin';

export interface LoraShape {
  readonly rank: number;
  /** α/r, or α/√r for rsLoRA. */
  readonly scaling: number;
  readonly dropout: number;
}

/** scaling · B·A·dropout(x) beside a frozen linear layer (Hu et al., 2021; rsLoRA: Kalajdzievski, 2023). */
export class LoraAdapter extends LinearAdapter {
  readonly lora_A: Linear;
  readonly lora_B: Linear;

  constructor(
    { in_features, out_features }: Linear,
    readonly lora: LoraShape,
  ) {
    super();
    this.lora_A = new Linear(in_features, lora.rank);
    this.lora_B = new Linear(lora.rank, out_features);
  }

  /** Takes from the layer's weight what it needs, once it is there. */
  bind(_layer: Linear): void {}

  /** A is Kaiming-uniform with a = √5 or normal with deviation 1/r, B zero: the start changes nothing. */
  initialize(random: Random, init: 'true' | 'gaussian'): void {
    const bound = 1 / Math.sqrt(this.lora_A.in_features);
    const draw =
      init === 'gaussian' ? () => random.normal() / this.lora.rank : () => (2 * random.uniform() - 1) * bound;
    const a = new Float32Array(this.lora_A.weight.size);
    for (let i = 0; i < a.length; i++) a[i] = draw();
    this.lora_A.weight.data = a;
    this.lora_B.weight.data = new Float32Array(this.lora_B.weight.size);
  }

  adapt(scope: Scope, y: Tensor, { x, weight }: LinearCall): Tensor {
    const { in_features } = this.lora_A;
    const rows = reshape(this.dropped(scope, x), [sizeOf(x.shape) / in_features, in_features]);
    const down = matmul(rows, scope.param(this.lora_A.weight), { transB: true });
    const up = scope.param(this.lora_B.weight);
    return typeof weight === 'number'
      ? addmm(y, down, up, { transB: true, alpha: this.lora.scaling * weight })
      : addmm(y, mul(down, weight), up, { transB: true, alpha: this.lora.scaling });
  }

  adaptGroup(scope: Scope, y: Tensor, { x, sizes, group, weight }: LinearGroupCall): Tensor {
    const adapters = group as readonly LoraAdapter[];
    const weights = (part: 'lora_A' | 'lora_B'): Tensor[] =>
      adapters.map((adapter) => scope.param(adapter[part].weight));
    const down = groupedMatmul(this.dropped(scope, x), sizes, weights('lora_A'));
    const up = groupedMatmul(down, sizes, weights('lora_B'));
    const factor =
      typeof weight === 'number'
        ? scalar(this.lora.scaling * weight)
        : mul(weight, scalar(this.lora.scaling));
    return add(y, mul(up, factor));
  }

  protected dropped(scope: Scope, x: Tensor): Tensor {
    const { dropout: p } = this.lora;
    return p > 0 && scope.training ? dropout(x, scope.dropoutMask(x.shape, p), p) : x;
  }

  merge(into: Float32Array, { layer, weight }: { readonly layer: Linear; readonly weight: number }): void {
    const [a, b] = [this.lora_A.weight.data!, this.lora_B.weight.data!];
    const { in_features: width, out_features: rows } = layer;
    const { rank, scaling } = this.lora;
    const [rowStep, columnStep] = layer.transposed ? [1, rows] : [width, 1];
    for (let row = 0; row < rows; row++) {
      for (let r = 0; r < rank; r++) {
        const factor = scaling * weight * b[row * rank + r];
        const start = row * rowStep;
        for (let i = 0; i < width; i++) into[start + i * columnStep] += factor * a[r * width + i];
      }
    }
  }
}
