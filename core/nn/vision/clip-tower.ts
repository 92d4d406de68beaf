import {
  add,
  concat,
  expand,
  reshape,
  slice,
  zeros,
  type HostTensor,
  type Tensor,
} from '../../graph/index.js';
import { Module } from '../module.js';
import { LayerNorm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import type { Stage } from '../stage.js';
import { SplitVisionAttention } from './attention.js';
import { PatchEmbedding } from './patch-embedding.js';
import { VisionTower, type Grid, type InputShapes, type Picture } from './tower.js';
import { VisionBlock, type VisionBlockSize } from './vision-block.js';

export interface ClipSize extends VisionBlockSize {
  readonly heads: number;
  readonly layers: number;
  /** Side of a picture in pixels, and of a patch. */
  readonly image_size: number;
  readonly patch_size: number;
  /** Blocks that are run: features are taken before the last norm. */
  readonly used_layers: number;
  /** Whether the class token is a feature too (`vision_feature_select_strategy` full). */
  readonly keeps_class: boolean;
}

/** A learned vector for each place. */
class PositionTable extends Module {
  readonly weight: Parameter;

  constructor(
    readonly count: number,
    readonly width: number,
  ) {
    super();
    this.weight = new Parameter([count, width]);
  }
}

/** The class token, then patches, each with its learned position. */
class ClipEmbeddings extends Module {
  readonly class_embedding: Parameter;
  readonly patch_embedding: PatchEmbedding;
  readonly position_embedding: PositionTable;

  constructor({ width, patch_size: patch }: ClipSize, patches: number) {
    super();
    this.class_embedding = new Parameter([width]);
    this.patch_embedding = new PatchEmbedding(width, [3, patch, patch]);
    this.position_embedding = new PositionTable(patches + 1, width);
  }

  /** [N · patches, values] -> [N, 1 + patches, D] */
  forward(scope: Scope, pixels: Tensor, pictures: number): Tensor {
    const { count, width, weight } = this.position_embedding;
    const patches = reshape(this.patch_embedding.forward(scope, pixels), [pictures, count - 1, width]);
    const first = expand(reshape(scope.param(this.class_embedding), [1, 1, width]), [pictures, 1, width]);
    return add(concat([first, patches], 1), scope.param(weight));
  }
}

class ClipEncoder extends Module {
  readonly layers: VisionBlock[];

  constructor(size: ClipSize) {
    super();
    const names = { norm1: 'layer_norm1', norm2: 'layer_norm2', attn: 'self_attn' };
    const { width, heads } = size;
    const block = (): VisionBlock => new VisionBlock(size, new SplitVisionAttention({ width, heads }), names);
    this.layers = Array.from({ length: size.layers }, block);
  }
}

/** CLIP's vision transformer (Radford et al., 2021), of which LLaVA takes the states before its last block. */
export class ClipTower extends VisionTower {
  readonly embeddings: ClipEmbeddings;
  readonly pre_layrnorm: LayerNorm;
  readonly encoder: ClipEncoder;
  readonly post_layernorm: LayerNorm;

  constructor(private readonly size: ClipSize) {
    super();
    this.embeddings = new ClipEmbeddings(size, this.patches);
    this.pre_layrnorm = new LayerNorm(size.width, size.eps);
    this.encoder = new ClipEncoder(size);
    this.post_layernorm = new LayerNorm(size.width, size.eps);
    for (const unused of [...this.encoder.layers.slice(size.used_layers), this.post_layernorm])
      for (const [, parameter] of unused.namedParameters()) parameter.idle = true;
  }

  features(_grid: Grid): number {
    return this.patches + (this.size.keeps_class ? 1 : 0);
  }

  smallest(): Picture {
    const { image_size: side, patch_size } = this.size;
    const across = side / patch_size;
    return { pixels: new Float32Array(3 * side * side), grid: [1, across, across] };
  }

  /** Pixels [3, side, side] cut into patches, row by row; `pixel_values` [N · patches, 3 · patch²]. */
  inputs(pictures: readonly Picture[]): Readonly<Record<string, HostTensor>> {
    const { image_size: side, patch_size: patch } = this.size;
    const across = side / patch;
    const width = 3 * patch * patch;
    const data = new Float32Array(pictures.length * this.patches * width);
    let to = 0;
    for (const { pixels } of pictures) {
      for (let cell = 0; cell < this.patches; cell++) {
        const [top, left] = [Math.floor(cell / across) * patch, (cell % across) * patch];
        for (let channel = 0; channel < 3; channel++) {
          for (let y = 0; y < patch; y++, to += patch) {
            const from = (channel * side + top + y) * side + left;
            data.set(pixels.subarray(from, from + patch), to);
          }
        }
      }
    }
    return { pixel_values: { dtype: 'float32', shape: [pictures.length * this.patches, width], data } };
  }

  stages({ pixel_values: { shape } }: InputShapes): readonly Stage[] {
    const { width, used_layers, keeps_class } = this.size;
    const pictures = shape[0] / this.patches;
    const length = this.patches + 1;
    const embed: Stage = {
      reads: ['pixel_values'],
      forward: (scope, { pixel_values }) => ({
        seen: this.pre_layrnorm.forward(scope, this.embeddings.forward(scope, pixel_values, pictures)),
      }),
    };
    const blocks = this.encoder.layers.slice(0, used_layers).map((block): Stage => ({
      reads: ['seen'],
      forward: (scope, { seen }) => ({
        seen: block.forward(scope, seen, { mask: zeros([length, length]) }),
      }),
    }));
    const select: Stage = {
      reads: ['seen'],
      cheap: true,
      forward: (_, { seen }) => {
        const kept = keeps_class ? seen : slice(seen, 1, 1, length);
        return { features: reshape(kept, [pictures * kept.shape[1], width]) };
      },
    };
    return [embed, ...blocks, select];
  }

  private get patches(): number {
    const { image_size, patch_size } = this.size;
    return (image_size / patch_size) ** 2;
  }
}
