import {
  add,
  concat,
  constant,
  expand,
  gather,
  MASKED,
  reduceMean,
  reshape,
  slice,
  type HostTensor,
  type Tensor,
} from '../../graph/index.js';
import { Embedding } from '../embedding.js';
import { Linear, type LinearLike } from '../linear.js';
import { Module } from '../module.js';
import { LayerNorm } from '../norm.js';
import type { Scope } from '../scope.js';
import type { Stage } from '../stage.js';
import { SplitVisionAttention } from '../vision/attention.js';
import type { Davit } from '../vision/davit.js';
import { roomFor } from '../vision/room.js';
import { VisionBlock, type VisionBlockSize } from '../vision/vision-block.js';
import { MediaTower, type CrossedRows, type Grid, type InputShapes, type Medium } from './tower.js';

const EPS = 1e-5;

/** Learned positions down and across a map: [N, H, W, C] -> the same, placed. */
class MapPositions extends Module {
  readonly row_embeddings: Embedding;
  readonly column_embeddings: Embedding;

  constructor(positions: number, width: number) {
    super();
    const half = Math.floor(width / 2);
    this.row_embeddings = new Embedding(positions, half);
    this.column_embeddings = new Embedding(positions, width - half);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const [, height, width] = x.shape;
    const table = (of: Embedding, count: number, shape: (half: number) => readonly number[]): Tensor => {
      const rows = reshape(slice(scope.param(of.weight), 0, 0, count), shape(of.width));
      return expand(rows, [height, width, of.width]);
    };
    const columns = table(this.column_embeddings, width, (half) => [1, width, half]);
    const rows = table(this.row_embeddings, height, (half) => [height, 1, half]);
    return add(x, concat([columns, rows], 2));
  }
}

export interface MapProjectorSize {
  readonly width: number;
  readonly hidden_size: number;
  /** Rows of the tables of positions. */
  readonly positions: number;
  /** The projection is stored [in, out]. */
  readonly transposed: boolean;
}

/** A map to features: the mean of its places, then each of them, [N, H, W, C] -> [N, 1 + H · W, D]. */
export class MapProjector extends Module {
  readonly image_position_embed: MapPositions;
  image_projection: LinearLike;
  readonly image_proj_norm: LayerNorm;

  constructor({ width, hidden_size, positions, transposed }: MapProjectorSize) {
    super();
    this.image_position_embed = new MapPositions(positions, width);
    this.image_projection = new Linear(width, hidden_size, { transposed });
    this.image_proj_norm = new LayerNorm(hidden_size, EPS);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const [count, height, across, width] = x.shape;
    const placed = this.image_position_embed.forward(scope, x);
    // The sinusoids of the first moment: a picture is a video of one.
    const moment = constant(
      Array.from({ length: width }, (_, i) => i % 2),
      [width],
    );
    const places = reshape(add(placed, moment), [count, height * across, width]);
    const rows = concat([reduceMean(places, [1], true), places], 1);
    return this.image_proj_norm.forward(scope, this.image_projection.forward(scope, rows));
  }
}

export interface TextEncoderSize extends Pick<VisionBlockSize, 'width' | 'intermediate_size' | 'activation'> {
  readonly heads: number;
  readonly layers: number;
  readonly positions: number;
}

/** The row of the first position in BART's tables. */
export const BART_FIRST = 2;

/** BART's encoder (Lewis et al., 2019, arXiv 1910.13461) over states that are embedded already. */
export class TextEncoder extends Module {
  readonly embed_positions: Embedding;
  readonly layernorm_embedding: LayerNorm;
  readonly layers: VisionBlock[];

  constructor(readonly size: TextEncoderSize) {
    super();
    const { width, heads, layers, positions } = size;
    this.embed_positions = new Embedding(positions + BART_FIRST, width);
    this.layernorm_embedding = new LayerNorm(width, EPS);
    const names = { norm1: 'self_attn_layer_norm', attn: 'self_attn', norm2: 'final_layer_norm', mlp: '' };
    this.layers = Array.from(
      { length: layers },
      () =>
        new VisionBlock(
          { ...size, eps: EPS, norms: 'sums' },
          new SplitVisionAttention({ width, heads }),
          names,
        ),
    );
  }

  /** [N, S, D], placed and normed */
  place(scope: Scope, x: Tensor): Tensor {
    const rows = slice(scope.param(this.embed_positions.weight), 0, BART_FIRST, BART_FIRST + x.shape[1]);
    return this.layernorm_embedding.forward(scope, add(x, rows));
  }
}

export interface ReadingParts {
  readonly vision: Davit;
  readonly projector: MapProjector;
  readonly encoder: TextEncoder;
}

/**
 * A picture and the text that asks about it, read together by the encoder of an encoder-decoder (Florence-2; Xiao et al., 2023, arXiv
 * 2311.06242). The decoder attends to all of it. Grids are [side of the picture in pixels, tokens that are read].
 */
export class ReadingTower extends MediaTower {
  readonly vision: Davit;
  readonly projector: MapProjector;
  readonly encoder: TextEncoder;
  /** The decoder's table: int32 [N] -> [N, D] */
  words?: (scope: Scope, ids: Tensor) => Tensor;

  constructor(
    { vision, projector, encoder }: ReadingParts,
    names: Readonly<Record<keyof ReadingParts, string>>,
  ) {
    super();
    this.names = names;
    this.vision = vision;
    this.projector = projector;
    this.encoder = encoder;
  }

  features(): number {
    return 1;
  }

  override mostRead([side]: Grid): number {
    return this.encoder.size.positions - this.seen(side);
  }

  override crossed([side, read = 0]: Grid): CrossedRows {
    const rows = this.seen(side) + read;
    return { rows, held: rows };
  }

  smallest(): readonly Medium[] {
    const side = this.vision.size.steps.reduce((least, { stride }) => least * stride, 1);
    return [{ kind: 'image', values: new Float32Array(3 * side ** 2), grid: [side], read: [0] }];
  }

  /**
   * `pixel_values` [N, 3, H, W]; `read_ids` int32 [N · L]; `read_mask` [N, F + L], additive, of F features and L tokens; `read_rows`
   * int32 [N · (F + L)], those of all rows that hold something.
   */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const [side] = media[0].grid;
    const seen = this.seen(side);
    const [count, size] = [media.length, 3 * side ** 2];
    const texts = media.map(({ read = [] }) => read);
    const longest = Math.max(...texts.map((ids) => ids.length));
    const length = Math.min(this.mostRead([side]), roomFor(longest, SHORTEST));
    const width = seen + length;
    const pixels = new Float32Array(count * size);
    const ids = new Int32Array(count * length);
    const mask = new Float32Array(count * width);
    const rows = new Int32Array(count * width);
    let kept = 0;
    media.forEach(({ values }, i) => {
      pixels.set(values, i * size);
      ids.set(texts[i], i * length);
      const held = seen + texts[i].length;
      mask.fill(MASKED, i * width + held, (i + 1) * width);
      for (let row = 0; row < held; row++) rows[kept++] = i * width + row;
    });
    return {
      pixel_values: { dtype: 'float32', shape: [count, 3, side, side], data: pixels },
      read_ids: { dtype: 'int32', shape: [ids.length], data: ids },
      read_mask: { dtype: 'float32', shape: [count, width], data: mask },
      read_rows: { dtype: 'int32', shape: [rows.length], data: rows },
    };
  }

  stages({ pixel_values, read_mask }: InputShapes): readonly Stage[] {
    if (!pixel_values) return [];
    const [count, width] = read_mask.shape;
    const length = width - this.seen(pixel_values.shape[2]);
    const hidden = this.encoder.size.width;
    const embed: Stage = {
      reads: ['seen', 'read_ids'],
      forward: (scope, { seen, read_ids }) => {
        const words = reshape(this.words!(scope, read_ids), [count, length, hidden]);
        const together = concat([this.projector.forward(scope, seen), words], 1);
        return { read: this.encoder.place(scope, together) };
      },
    };
    const blocks = this.encoder.layers.map((block): Stage => ({
      reads: ['read', 'read_mask'],
      forward: (scope, { read, read_mask: own }) => {
        const mask = expand(reshape(own, [count, 1, width]), [count, width, width]);
        return { read: block.forward(scope, read, { mask }) };
      },
    }));
    const finish: Stage = {
      reads: ['read', 'read_rows'],
      cheap: true,
      forward: (_, { read, read_rows }) => ({
        features: gather(reshape(read, [count * width, hidden]), read_rows),
      }),
    };
    return [...this.vision.stages(), embed, ...blocks, finish];
  }

  /** Features of a picture of that side. */
  private seen(side: number): number {
    return 1 + this.vision.places(side) ** 2;
  }
}

/** Tokens that there is always room for. */
const SHORTEST = 8;
