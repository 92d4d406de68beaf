import { avgPool2d, matmul, pad, reshape, transpose, type Tensor } from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import type { Names } from '../module.js';
import { LayerNorm, RmsNorm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import { Connector } from './connector.js';
import { mapOf, MapConvolution, rowsOf } from './sam-encoder.js';

export interface ProjectorSize {
  readonly width: number;
  readonly hidden_size: number;
  readonly activation: (x: Tensor) => Tensor;
  readonly bias: boolean;
}

/** Each feature by two layers (LLaVA-1.5), each of which may have a norm behind it (Yi-VL). */
export class Projector extends Connector {
  linear_1: LinearLike;
  norm_1?: LayerNorm;
  linear_2: LinearLike;
  norm_2?: LayerNorm;
  private readonly activation: (x: Tensor) => Tensor;

  /** @param eps of the norms; absent: there are none */
  constructor({ width, hidden_size, activation, bias }: ProjectorSize, names: Names = {}, eps?: number) {
    super();
    this.names = names;
    this.activation = activation;
    this.linear_1 = new Linear(width, hidden_size, { bias });
    if (eps !== undefined) this.norm_1 = new LayerNorm(hidden_size, eps);
    this.linear_2 = new Linear(hidden_size, hidden_size, { bias });
    if (eps !== undefined) this.norm_2 = new LayerNorm(hidden_size, eps);
  }

  rows(seen: number): number {
    return seen;
  }

  forward(scope: Scope, seen: Tensor): Tensor {
    const normed = (x: Tensor, norm?: LayerNorm): Tensor => norm?.forward(scope, x) ?? x;
    const first = this.activation(normed(this.linear_1.forward(scope, seen), this.norm_1));
    return normed(this.linear_2.forward(scope, first), this.norm_2);
  }
}

/** Each feature by one layer (PaliGemma; Beyer et al., 2024, arXiv 2407.07726). */
export class LinearProjector extends Connector {
  linear: LinearLike;

  constructor({ width, hidden_size }: Pick<ProjectorSize, 'width' | 'hidden_size'>) {
    super();
    this.linear = new Linear(width, hidden_size, { bias: true });
  }

  rows(seen: number): number {
    return seen;
  }

  forward(scope: Scope, seen: Tensor): Tensor {
    return this.linear.forward(scope, seen);
  }
}

/** Rows of a square map through two convolutions, each of which halves it, and one layer (GOT-OCR2; Wei et al., 2024, arXiv 2409.01704). */
export class ConvProjector extends Connector {
  readonly conv1: MapConvolution;
  readonly conv2: MapConvolution;
  linear: LinearLike;

  constructor({ width, hidden_size }: Pick<ProjectorSize, 'width' | 'hidden_size'>, names: Names) {
    super();
    this.names = names;
    this.conv1 = new MapConvolution(width, 2 * width, { kernel: 3, stride: 2 });
    this.conv2 = new MapConvolution(2 * width, hidden_size, { kernel: 3, stride: 2 });
    this.linear = new Linear(hidden_size, hidden_size, { bias: true });
  }

  rows(seen: number): number {
    return seen / 16;
  }

  forward(scope: Scope, seen: Tensor): Tensor {
    const halved = this.conv2.forward(scope, this.conv1.forward(scope, mapOf(seen)));
    return this.linear.forward(scope, rowsOf(halved));
  }
}

export interface PoolSize extends Pick<ProjectorSize, 'width' | 'hidden_size'> {
  /** Side of the squares of features whose mean is taken. */
  readonly pool_size: number;
  readonly eps: number;
}

/** Means of squares of features, through a norm and a matrix (Gemma 3; arXiv 2503.19786). Checkpoints hold that as [in, out], without a layer's name. */
export class PoolProjector extends Connector {
  readonly norm: RmsNorm;
  readonly projection: Parameter;

  constructor(
    private readonly size: PoolSize,
    names: Names,
  ) {
    super();
    this.names = names;
    this.norm = new RmsNorm(size.width, size.eps, 1);
    this.projection = new Parameter([size.width, size.hidden_size]);
  }

  rows(seen: number): number {
    return seen / this.size.pool_size ** 2;
  }

  forward(scope: Scope, seen: Tensor): Tensor {
    const [tiles, patches, width] = seen.shape;
    const { pool_size: pool, hidden_size } = this.size;
    const side = Math.sqrt(patches);
    const map = reshape(transpose(seen, [0, 2, 1]), [tiles, width, side, side]);
    const rows = this.rows(patches);
    const pooled = transpose(reshape(avgPool2d(map, pool), [tiles, width, rows]), [0, 2, 1]);
    const normed = reshape(this.norm.forward(scope, pooled), [tiles * rows, width]);
    return reshape(matmul(normed, scope.param(this.projection)), [tiles, rows, hidden_size]);
  }
}

/** Squares of features side by side, row by row, through one layer (Idefics3; Laurençon et al., 2024, arXiv 2408.12637). */
export class ShuffleLinear extends Connector {
  proj: LinearLike;
  private readonly merge_size: number;

  constructor(
    { width, hidden_size, merge_size }: Pick<ShuffleSize, 'width' | 'hidden_size' | 'merge_size'>,
    names: Names,
  ) {
    super();
    this.names = names;
    this.merge_size = merge_size;
    this.proj = new Linear(width * merge_size ** 2, hidden_size);
  }

  rows(seen: number): number {
    return seen / this.merge_size ** 2;
  }

  forward(scope: Scope, seen: Tensor): Tensor {
    return this.proj.forward(scope, spaceToDepth(seen, this.merge_size));
  }
}

export interface ShuffleSize extends Omit<ProjectorSize, 'bias'> {
  /** Side of the squares of features that become one. */
  readonly merge_size: number;
  readonly eps: number;
}

/** Squares of features, channel by channel, through two layers; what is missing at the lower and right edge is zero (DeepSeek-VL2). */
export class UnfoldProjector extends Connector {
  linear_1: LinearLike;
  linear_2: LinearLike;

  constructor(
    private readonly size: Omit<ShuffleSize, 'eps'> & { readonly inner: number },
    names: Names,
  ) {
    super();
    this.names = names;
    const { width, merge_size, inner, hidden_size } = size;
    this.linear_1 = new Linear(width * merge_size ** 2, inner, { bias: true });
    this.linear_2 = new Linear(inner, hidden_size, { bias: true });
  }

  rows(seen: number): number {
    return Math.ceil(Math.sqrt(seen) / this.size.merge_size) ** 2;
  }

  forward(scope: Scope, seen: Tensor): Tensor {
    const [tiles, patches, width] = seen.shape;
    const { merge_size: merge, activation } = this.size;
    const side = Math.sqrt(patches);
    const whole = Math.sqrt(this.rows(patches)) * merge;
    const rest = whole - side;
    const map = pad(reshape(seen, [tiles, side, side, width]), [0, 0, 0, 0], [0, rest, rest, 0]);
    const squares = spaceToDepth(reshape(map, [tiles, whole * whole, width]), merge);
    const cells = reshape(squares, [tiles, squares.shape[1], merge * merge, width]);
    const channels = reshape(transpose(cells, [0, 1, 3, 2]), squares.shape);
    return this.linear_2.forward(scope, activation(this.linear_1.forward(scope, channels)));
  }
}

/** Squares of features side by side, row by row, through a norm and two layers (InternVL; Chen et al., 2024, arXiv 2404.16821). */
export class ShuffleProjector extends Connector {
  readonly norm: LayerNorm;
  linear_1: LinearLike;
  linear_2: LinearLike;

  constructor(
    private readonly size: ShuffleSize,
    names: Names,
  ) {
    super();
    this.names = names;
    const { width, merge_size, hidden_size, eps } = size;
    const wide = width * merge_size ** 2;
    this.norm = new LayerNorm(wide, eps);
    this.linear_1 = new Linear(wide, hidden_size, { bias: true });
    this.linear_2 = new Linear(hidden_size, hidden_size, { bias: true });
  }

  rows(seen: number): number {
    return seen / this.size.merge_size ** 2;
  }

  forward(scope: Scope, seen: Tensor): Tensor {
    const squares = this.norm.forward(scope, spaceToDepth(seen, this.size.merge_size));
    return this.linear_2.forward(scope, this.size.activation(this.linear_1.forward(scope, squares)));
  }
}

/** The features of each square of a square grid one behind the other, row by row: [N, S, W] -> [N, S / merge², merge² · W]. */
export function spaceToDepth(x: Tensor, merge: number): Tensor {
  const [tiles, patches, width] = x.shape;
  const side = Math.sqrt(patches) / merge;
  const cells = reshape(x, [tiles, side, merge, side, merge, width]);
  return reshape(transpose(cells, [0, 1, 3, 2, 4, 5]), [tiles, side * side, merge * merge * width]);
}
