import { add, conv2d, interpolate, reshape, transpose, type Tensor } from '../../graph/index.js';
import { PlainMlp } from '../feed-forward.js';
import { Module, type Names } from '../module.js';
import { LayerNorm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import type { Stage } from '../stage.js';
import { PatchEmbedding } from './patch-embedding.js';
import { RelativeAttention } from './relative-attention.js';
import { stretchedTable } from './stretched-table.js';
import { TileVision } from './tile-vision.js';
import { VisionBlock } from './vision-block.js';

/** How checkpoints call its parts. */
export interface SamNames {
  readonly own: Names;
  readonly block: Names;
  readonly neck: Names;
}

/** As Transformers does. */
export const HF_SAM: SamNames = {
  own: { patch_embedding: 'patch_embed.projection', position_embedding: 'pos_embed' },
  block: { norm1: 'layer_norm1', norm2: 'layer_norm2' },
  neck: { norm1: 'layer_norm1', norm2: 'layer_norm2' },
};

/** As the authors' own code does. */
export const ORIGINAL_SAM: SamNames = {
  own: { patch_embedding: 'patch_embed.proj', position_embedding: 'pos_embed', layers: 'blocks' },
  block: {},
  neck: { conv1: '0', norm1: '1', conv2: '2', norm2: '3' },
};

export interface SamSize {
  readonly width: number;
  readonly intermediate_size: number;
  readonly layers: number;
  readonly heads: number;
  readonly image_size: number;
  readonly patch_size: number;
  readonly eps: number;
  readonly activation: (x: Tensor) => Tensor;
  /** Side of the windows in which patches see each other, in all blocks but those of these numbers. */
  readonly window: number;
  readonly global: readonly number[];
  /** Channels that it gives. */
  readonly out: number;
  readonly names: SamNames;
}

/** A convolution without bias over maps: [N, C, H, W] -> [N, O, H / stride, W / stride]. */
export class MapConvolution extends Module {
  readonly weight: Parameter;

  constructor(
    channels: number,
    out: number,
    private readonly options: { readonly kernel: number; readonly stride?: number },
  ) {
    super();
    this.weight = new Parameter([out, channels, options.kernel, options.kernel]);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const { kernel, stride = 1 } = this.options;
    return conv2d(x, scope.param(this.weight), undefined, { stride, padding: (kernel - 1) / 2 });
  }
}

/** Two convolutions over states as a map, each normed by place: [N, S, D] -> [N, out, √S, √S]. */
export class SamNeck extends Module {
  readonly conv1: MapConvolution;
  readonly norm1: LayerNorm;
  readonly conv2: MapConvolution;
  readonly norm2: LayerNorm;

  constructor({ width, out, names }: Pick<SamSize, 'width' | 'out' | 'names'>) {
    super();
    this.names = names.neck;
    this.conv1 = new MapConvolution(width, out, { kernel: 1 });
    this.norm1 = new LayerNorm(out, 1e-6);
    this.conv2 = new MapConvolution(out, out, { kernel: 3 });
    this.norm2 = new LayerNorm(out, 1e-6);
  }

  forward(scope: Scope, states: Tensor): Tensor {
    const first = this.normed(scope, this.conv1.forward(scope, mapOf(states)), this.norm1);
    return this.normed(scope, this.conv2.forward(scope, first), this.norm2);
  }

  private normed(scope: Scope, map: Tensor, norm: LayerNorm): Tensor {
    return transpose(norm.forward(scope, transpose(map, [0, 2, 3, 1])), [0, 3, 1, 2]);
  }
}

/**
 * The encoder of Segment Anything (Kirillov et al., 2023, arXiv 2304.02643; Li et al., 2022, arXiv 2203.16527): patches see each other in
 * windows, in few blocks everywhere, and know how far apart they are. A map of fewer channels is what it gives.
 */
export class SamEncoder extends TileVision {
  readonly patch_embedding: PatchEmbedding;
  readonly position_embedding: Parameter;
  readonly layers: VisionBlock[];
  readonly neck: SamNeck;

  constructor(readonly size: SamSize) {
    super();
    const { width, heads, intermediate_size, activation, patch_size: patch, names } = size;
    this.names = names.own;
    this.patch_embedding = new PatchEmbedding(width, [3, patch, patch], { bias: true });
    this.position_embedding = new Parameter([1, this.side, this.side, width]);
    const plain = { hidden_size: width, intermediate_size, activation, bias: true };
    const mlp = (): PlainMlp => new PlainMlp({ ...plain, names: { up_proj: 'lin1', down_proj: 'lin2' } });
    this.layers = Array.from({ length: size.layers }, (_, i) => {
      const window = size.global.includes(i) ? undefined : size.window;
      const attn = new RelativeAttention({ width, heads }, { side: this.side, window });
      return new VisionBlock({ ...size, mlp }, attn, names.block);
    });
    this.neck = new SamNeck(size);
  }

  /** Patches on a side. */
  get side(): number {
    return this.size.image_size / this.size.patch_size;
  }

  get patches(): number {
    return this.side ** 2;
  }

  get rows(): number {
    return this.patches;
  }

  /** To the port `seen`, [tiles, rows, out]. */
  stages(tiles: number): readonly Stage[] {
    const finish: Stage = {
      reads: ['seen'],
      forward: (scope, { seen }) => ({ seen: rowsOf(this.neck.forward(scope, seen)) }),
    };
    return [...this.states(tiles, { pixels: 'pixel_values', seen: 'seen' }), finish];
  }

  /**
   * States behind the last block, [tiles, S, D], from pixels to a port.
   * @param ports `first`: where states behind the first block go in which all patches see each other
   * @param side patches on a side, where pictures have another size
   */
  states(
    tiles: number,
    ports: { readonly pixels: string; readonly seen: string; readonly first?: string },
    side = this.side,
  ): readonly Stage[] {
    const { width, global } = this.size;
    const embed: Stage = {
      reads: [ports.pixels],
      forward: (scope, { [ports.pixels]: pixels }) => {
        const rows = this.patch_embedding.forward(scope, pixels);
        const patches = reshape(rows, [tiles, side ** 2, width]);
        return { [ports.seen]: add(patches, this.positions(scope, side)) };
      },
    };
    const blocks = this.layers.map((block, i): Stage => ({
      reads: [ports.seen],
      forward: (scope, { [ports.seen]: seen }) => {
        const output = block.forward(scope, seen, NO_CONTEXT);
        const isFirst = ports.first !== undefined && i === Math.min(...global);
        return { [ports.seen]: output, ...(isFirst && { [ports.first]: output }) };
      },
    }));
    return [embed, ...blocks];
  }

  /** [1, side², D] */
  private positions(scope: Scope, side: number): Tensor {
    const { width } = this.size;
    const table = scope.param(this.position_embedding);
    const own = reshape(table, [this.patches, width]);
    return reshape(stretchedTable(own, side), [1, side ** 2, width]);
  }
}

/** It looks at no mask. */
const NO_CONTEXT = undefined as never;

/** Rows of a square as a map: [N, S, C] -> [N, C, √S, √S]. */
export function mapOf(rows: Tensor): Tensor {
  const [count, length, width] = rows.shape;
  const side = Math.sqrt(length);
  return reshape(transpose(rows, [0, 2, 1]), [count, width, side, side]);
}

/** [N, C, H, W] -> [N, H · W, C] */
export function rowsOf(map: Tensor): Tensor {
  const [count, width, height, across] = map.shape;
  return transpose(reshape(map, [count, width, height * across]), [0, 2, 1]);
}

/** The same map at another size. */
export const stretched = (map: Tensor, side: number): Tensor => interpolate(map, [side, side], 'bilinear');
