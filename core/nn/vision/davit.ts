import {
  add,
  conv2d,
  full,
  matmul,
  pad,
  reshape,
  slice,
  softmax,
  transpose,
  type Tensor,
} from '../../graph/index.js';
import { cutAt } from '../attention.js';
import { PlainMlp } from '../feed-forward.js';
import { Linear, type LinearLike } from '../linear.js';
import { Module } from '../module.js';
import { LayerNorm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import type { Stage } from '../stage.js';
import { FusedVisionAttention } from './attention.js';

/** One of the steps by which a picture becomes coarser. */
export interface DavitStep {
  readonly width: number;
  /** Of the window that is one place of the step, how far it is moved, and what is assumed around the picture. */
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  /** Whether the norm stands before it. */
  readonly pre_norm: boolean;
  readonly heads: number;
  /** Channels attend to those of their group. */
  readonly groups: number;
  readonly depth: number;
}

export interface DavitSize {
  readonly steps: readonly DavitStep[];
  /** Side of the windows within which places attend to each other. */
  readonly window: number;
  readonly mlp_ratio: number;
  readonly bias: boolean;
  readonly activation: (x: Tensor) => Tensor;
}

/** Norms of PyTorch without an argument. */
const EPS = 1e-5;

/** Over maps [N, H, W, C]. */
class MapConvolution extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(
    channels: number,
    width: number,
    private readonly window: {
      readonly kernel: number;
      readonly stride?: number;
      readonly padding: number;
      readonly groups?: number;
    },
  ) {
    super();
    const { kernel, groups = 1 } = window;
    this.weight = new Parameter([width, channels / groups, kernel, kernel]);
    this.bias = new Parameter([width]);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const { kernel: _, ...options } = this.window;
    const planes = transpose(x, [0, 3, 1, 2]);
    return transpose(conv2d(planes, scope.param(this.weight), scope.param(this.bias), options), [0, 2, 3, 1]);
  }
}

class MapEmbedding extends Module {
  readonly conv: MapConvolution;
  readonly norm: LayerNorm;

  constructor(
    channels: number,
    private readonly step: DavitStep,
  ) {
    super();
    const { kernel, stride, padding } = step;
    this.conv = new MapConvolution(channels, step.width, { kernel, stride, padding });
    this.norm = new LayerNorm(step.pre_norm ? channels : step.width, EPS);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    return this.step.pre_norm
      ? this.conv.forward(scope, this.norm.forward(scope, x))
      : this.norm.forward(scope, this.conv.forward(scope, x));
  }
}

/** Places of a window attend to each other; behind the right and the lower edge they are zeros. */
class WindowAttention extends FusedVisionAttention {
  constructor(
    width: number,
    heads: number,
    private readonly side: number,
    bias: boolean,
  ) {
    super({ width, heads, bias });
  }

  /** [N, H, W, C] */
  within(scope: Scope, x: Tensor): Tensor {
    const { side } = this;
    const [count, height, width, channels] = x.shape;
    const [down, across] = [Math.ceil(height / side), Math.ceil(width / side)];
    const padded = pad(x, [0, 0, 0, 0], [0, down * side - height, across * side - width, 0]);
    const places = side * side;
    const windows = transpose(
      reshape(padded, [count, down, side, across, side, channels]),
      [0, 1, 3, 2, 4, 5],
    );
    const rows = reshape(windows, [count * down * across, places, channels]);
    const seen = this.forward(scope, rows, { mask: full([places, places], 0) });
    const back = transpose(reshape(seen, [count, down, across, side, side, channels]), [0, 1, 3, 2, 4, 5]);
    const whole = reshape(back, [count, down * side, across * side, channels]);
    return slice(slice(whole, 1, 0, height), 2, 0, width);
  }
}

/** Channels attend to each other, by their values at all places. */
class ChannelAttention extends Module {
  qkv: LinearLike;
  proj: LinearLike;

  constructor(
    private readonly width: number,
    private readonly groups: number,
    bias: boolean,
  ) {
    super();
    this.qkv = new Linear(width, 3 * width, { bias });
    this.proj = new Linear(width, width, { bias: true });
  }

  /** [N, H, W, C] */
  within(scope: Scope, x: Tensor): Tensor {
    const { width, groups } = this;
    const [count, height, across] = x.shape;
    const places = height * across;
    const rows = this.qkv.forward(scope, reshape(x, [count, places, width]));
    const [q, k, v] = cutAt(rows, [width, 2 * width, 3 * width]).map((part) =>
      transpose(reshape(part, [count, places, groups, width / groups]), [0, 2, 3, 1]),
    );
    const seen = matmul(softmax(matmul(q, k, { transB: true, alpha: places ** -0.5 })), v);
    return this.proj.forward(scope, reshape(transpose(seen, [0, 3, 1, 2]), x.shape));
  }
}

/** x + c x, x + attention(norm x), x + d x, x + mlp(norm x); c and d convolve each channel by itself. */
class MapBlock extends Module {
  readonly conv1: MapConvolution;
  readonly norm1: LayerNorm;
  readonly attn: WindowAttention | ChannelAttention;
  readonly conv2: MapConvolution;
  readonly norm2: LayerNorm;
  readonly ffn: PlainMlp;

  constructor({ mlp_ratio, activation }: DavitSize, attn: WindowAttention | ChannelAttention, width: number) {
    super();
    this.names = { attn: attn instanceof WindowAttention ? 'window_attn' : 'channel_attn' };
    const around = { kernel: 3, padding: 1, groups: width };
    this.conv1 = new MapConvolution(width, width, around);
    this.norm1 = new LayerNorm(width, EPS);
    this.attn = attn;
    this.conv2 = new MapConvolution(width, width, around);
    this.norm2 = new LayerNorm(width, EPS);
    const names = { up_proj: 'fc1', down_proj: 'fc2' };
    const intermediate_size = Math.trunc(width * mlp_ratio);
    this.ffn = new PlainMlp({ hidden_size: width, intermediate_size, activation, bias: true, names });
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const placed = add(this.conv1.forward(scope, x), x);
    const seen = add(placed, this.attn.within(scope, this.norm1.forward(scope, placed)));
    const again = add(this.conv2.forward(scope, seen), seen);
    return add(again, this.ffn.forward(scope, this.norm2.forward(scope, again)).hidden);
  }
}

class MapPair extends Module {
  readonly spatial_block: MapBlock;
  readonly channel_block: MapBlock;

  constructor(size: DavitSize, { width, heads, groups }: DavitStep) {
    super();
    const { window, bias } = size;
    this.spatial_block = new MapBlock(size, new WindowAttention(width, heads, window, bias), width);
    this.channel_block = new MapBlock(size, new ChannelAttention(width, groups, bias), width);
  }
}

class MapPairs extends Module {
  readonly pairs: MapPair[];

  constructor(size: DavitSize, step: DavitStep) {
    super();
    this.names = { pairs: '' };
    this.pairs = Array.from({ length: step.depth }, () => new MapPair(size, step));
  }
}

/**
 * DaViT (Ding et al., 2022, arXiv 2204.03645): a picture becomes coarser in steps; in each, places attend to those of their window, and
 * channels to those of their group. In training nothing of it is left out at random, as its authors do.
 */
export class Davit extends Module {
  readonly convs: MapEmbedding[];
  readonly blocks: MapPairs[];

  constructor(readonly size: DavitSize) {
    super();
    const { steps } = size;
    this.convs = steps.map((step, i) => new MapEmbedding(i === 0 ? 3 : steps[i - 1].width, step));
    this.blocks = steps.map((step) => new MapPairs(size, step));
  }

  /** From the port `pixel_values` [N, 3, H, W] to `seen` [N, h, w, C]. */
  stages(): readonly Stage[] {
    const pixels: Stage = {
      reads: ['pixel_values'],
      cheap: true,
      forward: (_, { pixel_values }) => ({ seen: transpose(pixel_values, [0, 2, 3, 1]) }),
    };
    const step = (part: MapEmbedding | MapBlock): Stage => ({
      reads: ['seen'],
      forward: (scope, { seen }) => ({ seen: part.forward(scope, seen) }),
    });
    const parts = this.convs.flatMap((conv, i) => [
      conv,
      ...this.blocks[i].pairs.flatMap((pair) => [pair.spatial_block, pair.channel_block]),
    ]);
    return [pixels, ...parts.map(step)];
  }

  /** Places down and across of a picture of that side. */
  places(side: number): number {
    return this.size.steps.reduce(
      (places, { kernel, stride, padding }) => Math.floor((places + 2 * padding - kernel) / stride) + 1,
      side,
    );
  }
}
