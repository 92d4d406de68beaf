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
import { Linear, LinearLike, type Scope } from 'swift-ts/nn';
import { replaceValues, weightValues, type Random } from 'swift-ts/plugin';

export interface LoraShape {
  readonly rank: number;
  /** α/r, or α/√r for rsLoRA. */
  readonly scaling: number;
  readonly dropout: number;
}

/** y = Wx + scaling · B·A·dropout(x) around a frozen linear layer (Hu et al., 2021). */
export class LoraLinear extends LinearLike {
  readonly in_features: number;
  readonly out_features: number;
  readonly lora_A: Linear;
  readonly lora_B: Linear;

  constructor(
    readonly base_layer: Linear,
    readonly lora: LoraShape,
  ) {
    super();
    this.in_features = base_layer.in_features;
    this.out_features = base_layer.out_features;
    this.lora_A = new Linear(this.in_features, lora.rank);
    this.lora_B = new Linear(lora.rank, this.out_features);
  }

  /** A is Kaiming-uniform with a = √5 or normal with deviation 1/r, B zero: the start changes nothing. */
  initialize(random: Random, init: 'true' | 'gaussian'): void {
    const bound = 1 / Math.sqrt(this.in_features);
    const draw =
      init === 'gaussian' ? () => random.normal() / this.lora.rank : () => (2 * random.uniform() - 1) * bound;
    const a = new Float32Array(this.lora_A.weight.size);
    for (let i = 0; i < a.length; i++) a[i] = draw();
    this.lora_A.weight.data = a;
    this.lora_B.weight.data = new Float32Array(this.lora_B.weight.size);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    if (!scope.adapters) return this.base_layer.forward(scope, x);
    const rows = sizeOf(x.shape) / this.in_features;
    const base = reshape(this.base_layer.forward(scope, x), [rows, this.out_features]);
    const { scaling } = this.lora;
    const down = matmul(
      reshape(this.dropped(scope, x), [rows, this.in_features]),
      scope.param(this.lora_A.weight),
      {
        transB: true,
      },
    );
    const y = addmm(base, down, scope.param(this.lora_B.weight), { transB: true, alpha: scaling });
    return reshape(y, [...x.shape.slice(0, -1), this.out_features]);
  }

  forwardGroup(scope: Scope, x: Tensor, sizes: Tensor, group: readonly LinearLike[]): Tensor {
    const layers = group.filter((layer) => layer instanceof LoraLinear);
    if (layers.length < group.length) throw new Error('adapters are on all experts of a layer, or on none');
    const weights = (part: 'lora_A' | 'lora_B'): Tensor[] =>
      layers.map((layer) => scope.param(layer[part].weight));
    const bases = layers.map(({ base_layer }) => base_layer);
    const base = this.base_layer.forwardGroup(scope, x, sizes, bases);
    if (!scope.adapters) return base;
    const down = groupedMatmul(this.dropped(scope, x), sizes, weights('lora_A'));
    return add(base, mul(groupedMatmul(down, sizes, weights('lora_B')), scalar(this.lora.scaling)));
  }

  private dropped(scope: Scope, x: Tensor): Tensor {
    const { dropout: p } = this.lora;
    return p > 0 && scope.training ? dropout(x, scope.dropoutMask(x.shape, p), p) : x;
  }

  /** Adds scaling · B·A to the base weight, which keeps its format if that is one of floats, and returns the base layer. */
  merged(): Linear {
    const [a, b] = [this.lora_A.weight.data!, this.lora_B.weight.data!];
    const weight = weightValues(this.base_layer.weight);
    const { in_features: width, out_features: rows, lora } = this;
    const [rowStep, columnStep] = this.base_layer.transposed ? [1, rows] : [width, 1];
    for (let row = 0; row < rows; row++) {
      for (let r = 0; r < lora.rank; r++) {
        const factor = lora.scaling * b[row * lora.rank + r];
        const start = row * rowStep;
        for (let i = 0; i < width; i++) weight[start + i * columnStep] += factor * a[r * width + i];
      }
    }
    replaceValues(this.base_layer.weight, weight);
    return this.base_layer;
  }
}
