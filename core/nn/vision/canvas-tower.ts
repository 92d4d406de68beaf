import {
  add,
  concat,
  expand,
  mul,
  pad,
  reshape,
  scalar,
  slice,
  sub,
  tanh,
  type HostTensor,
  type Tensor,
} from '../../graph/index.js';
import { MASKED } from '../../graph/index.js';
import { Embedding } from '../embedding.js';
import { Linear, type LinearLike } from '../linear.js';
import { MediaTower, type CrossedRows, type Grid, type InputShapes, type Medium } from '../media/tower.js';
import { Module } from '../module.js';
import { LayerNorm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import type { Stage } from '../stage.js';
import { SplitVisionAttention } from './attention.js';
import { PatchEmbedding } from './patch-embedding.js';
import { patchRows } from './patch-rows.js';
import { VisionBlock, type VisionBlockSize } from './vision-block.js';

export interface CanvasSize extends Pick<
  VisionBlockSize,
  'width' | 'intermediate_size' | 'eps' | 'activation'
> {
  readonly heads: number;
  readonly layers: number;
  /** Blocks with gates behind those. */
  readonly global_layers: number;
  /** Side of a tile in pixels, and of a patch. */
  readonly image_size: number;
  readonly patch_size: number;
  /** Tiles that a canvas has room for, and how many shapes of canvases there are. */
  readonly tiles: number;
  readonly shapes: number;
  /** Numbers of the blocks whose output is taken beside the last one's. */
  readonly taken: readonly number[];
  /** Width of the language model. */
  readonly hidden_size: number;
}

/** Patches of a tile are padded to a multiple of it. */
const PADDED_TO = 8;
const EPS = 1e-5;

/** What a canvas's shape adds to each of its tiles, by a gate. */
class ShapeEmbedding extends Module {
  readonly embedding: Embedding;
  readonly gate = new Parameter([1]);

  constructor(private readonly size: CanvasSize) {
    super();
    this.embedding = new Embedding(size.shapes + 1, size.tiles * size.width);
  }

  /** x [N, tiles, S, W], shapes int32 [N] */
  forward(scope: Scope, x: Tensor, shapes: Tensor): Tensor {
    const { tiles, width } = this.size;
    const rows = reshape(this.embedding.forward(scope, shapes), [x.shape[0], tiles, 1, width]);
    return add(x, mul(rows, tanh(scope.param(this.gate))));
  }
}

/** Positions of patches within a tile, and within tiles of a canvas of that shape; one gate weighs both. */
class TilePositions extends Module {
  readonly gate = new Parameter([1]);
  readonly embedding: Parameter;
  readonly tile_embedding: Embedding;

  constructor(size: CanvasSize) {
    super();
    const { tiles, width, shapes } = size;
    const rows = rowsOf(size);
    this.embedding = new Parameter([rows, width]);
    this.tile_embedding = new Embedding(shapes + 1, tiles * rows * width);
  }

  forward(scope: Scope, x: Tensor, shapes: Tensor): Tensor {
    const share = tanh(scope.param(this.gate));
    const own = mul(scope.param(this.embedding), sub(scalar(1), share));
    const [count, tiles, rows, width] = x.shape;
    const placed = reshape(this.tile_embedding.forward(scope, shapes), [count, tiles, rows, width]);
    return add(add(x, own), mul(placed, share));
  }
}

class Blocks extends Module {
  readonly layers: VisionBlock[];

  constructor(size: CanvasSize, count: number, gated: boolean) {
    super();
    const { width, heads } = size;
    const names = { norm1: 'input_layernorm', norm2: 'post_attention_layernorm', attn: 'self_attn' };
    const gates = { gate1: 'gate_attn', gate2: 'gate_ffn' };
    const plain = { width, heads, bias: false, out_bias: false, names: { out_proj: 'o_proj' } };
    this.layers = Array.from(
      { length: count },
      () => new VisionBlock({ ...size, gated }, new SplitVisionAttention(plain), { ...names, ...gates }),
    );
  }
}

class CanvasVit extends Module {
  readonly patch_embedding: PatchEmbedding;
  readonly class_embedding: Parameter;
  readonly gated_positional_embedding: TilePositions;
  readonly pre_tile_positional_embedding: ShapeEmbedding;
  readonly post_tile_positional_embedding: ShapeEmbedding;
  readonly layernorm_pre: LayerNorm;
  readonly layernorm_post: LayerNorm;
  readonly transformer: Blocks;
  readonly global_transformer: Blocks;

  constructor(size: CanvasSize) {
    super();
    const { width, patch_size: patch, layers, global_layers } = size;
    this.patch_embedding = new PatchEmbedding(width, [3, patch, patch]);
    this.class_embedding = new Parameter([width]);
    this.gated_positional_embedding = new TilePositions(size);
    this.pre_tile_positional_embedding = new ShapeEmbedding(size);
    this.post_tile_positional_embedding = new ShapeEmbedding(size);
    this.layernorm_pre = new LayerNorm(width, EPS);
    this.layernorm_post = new LayerNorm(width, EPS);
    this.transformer = new Blocks(size, layers, false);
    this.global_transformer = new Blocks(size, global_layers, true);
  }
}

/**
 * Pictures on canvases of several tiles, which see each other within a picture (Llama 3.2 Vision); every canvas has as many tiles, some
 * empty. What some blocks gave is taken beside the last one's output. Tokens attend to the features, one token a picture.
 * Grids are [tiles, shape]; shapes count from 1.
 */
export class CanvasTower extends MediaTower {
  readonly vision: CanvasVit;
  projector: LinearLike;

  constructor(
    private readonly size: CanvasSize,
    names: { readonly vision: string; readonly projector: string },
  ) {
    super();
    this.names = names;
    this.vision = new CanvasVit(size);
    this.projector = new Linear(size.width * (1 + size.taken.length), size.hidden_size, { bias: true });
  }

  features(): number {
    return 1;
  }

  override crossed([tiles]: Grid): CrossedRows {
    const rows = rowsOf(this.size);
    return { rows: this.size.tiles * rows, held: tiles * rows };
  }

  smallest(): readonly Medium[] {
    return [{ kind: 'image', values: new Float32Array(3 * this.size.image_size ** 2), grid: [1, 1] }];
  }

  /** `pixel_values` [N · tiles · patches, 3 · patch²]; `canvas_shapes` int32 [N]; `canvas_mask` [N, S, S] of all rows of a canvas. */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const { tiles, image_size, patch_size } = this.size;
    const values = 3 * image_size ** 2;
    const pixels = media.flatMap((medium) => [
      medium.values,
      new Float32Array((tiles - medium.grid[0]) * values),
    ]);
    const data = patchRows(pixels, media.length * tiles, this.size);
    const width = 3 * patch_size ** 2;
    const shapes = new Int32Array(media.map(({ grid }) => grid[1]));
    return {
      pixel_values: { dtype: 'float32', shape: [data.length / width, width], data },
      canvas_shapes: { dtype: 'int32', shape: [media.length], data: shapes },
      canvas_mask: this.mask(media),
    };
  }

  stages({ canvas_shapes }: InputShapes): readonly Stage[] {
    if (!canvas_shapes) return [];
    const { transformer, global_transformer } = this.vision;
    const [count] = canvas_shapes.shape;
    const { tiles, width, taken } = this.size;
    const shape = [count, tiles, paddedRows(this.size), width];
    const step = (block: VisionBlock, also?: string): Stage => ({
      reads: ['seen', 'canvas_mask'],
      forward: (scope, { seen, canvas_mask: mask }) => {
        const output = block.forward(scope, seen, { mask });
        return also === undefined ? { seen: output } : { seen: output, [also]: output };
      },
    });
    const between: Stage = {
      reads: ['seen', 'canvas_shapes'],
      cheap: true,
      forward: (scope, { seen, canvas_shapes: shapes }) => {
        const { layernorm_post, post_tile_positional_embedding: post } = this.vision;
        const placed = post.forward(scope, reshape(layernorm_post.forward(scope, seen), shape), shapes);
        return { seen: reshape(placed, seen.shape) };
      },
    };
    const finish: Stage = {
      reads: ['seen', ...taken.map(takenPort)],
      forward: (scope, { seen, ...ports }) => {
        const rows = rowsOf(this.size);
        const real = (x: Tensor): Tensor => slice(reshape(x, shape), 2, 0, rows);
        // Of each channel, what all the blocks gave lies together.
        const beside = concat(
          taken.map((layer) => reshape(real(ports[takenPort(layer)]), [count, tiles, rows, width, 1])),
          4,
        );
        const wide = reshape(beside, [count, tiles, rows, width * taken.length]);
        const features = this.projector.forward(scope, concat([real(seen), wide], 3));
        return { features: reshape(features, [count * tiles * rows, this.size.hidden_size]) };
      },
    };
    return [
      this.embedStage(count),
      ...transformer.layers.map((block, i) => step(block, taken.includes(i) ? takenPort(i) : undefined)),
      between,
      ...global_transformer.layers.map((block) => step(block)),
      finish,
    ];
  }

  private embedStage(count: number): Stage {
    const { tiles, width } = this.size;
    return {
      reads: ['pixel_values', 'canvas_shapes'],
      forward: (scope, { pixel_values, canvas_shapes }) => {
        const { vision } = this;
        const rows = rowsOf(this.size);
        const patches = reshape(vision.patch_embedding.forward(scope, pixel_values), [
          count,
          tiles,
          rows - 1,
          width,
        ]);
        const shaped = vision.pre_tile_positional_embedding.forward(scope, patches, canvas_shapes);
        const first = expand(reshape(scope.param(vision.class_embedding), [1, 1, 1, width]), [
          count,
          tiles,
          1,
          width,
        ]);
        const placed = vision.gated_positional_embedding.forward(
          scope,
          concat([first, shaped], 2),
          canvas_shapes,
        );
        const behind = paddedRows(this.size) - rows;
        const padded = pad(vision.layernorm_pre.forward(scope, placed), [0, 0, 0, 0], [0, 0, behind, 0]);
        return { seen: reshape(padded, [count, tiles * (rows + behind), width]) };
      },
    };
  }

  /** Padding does not see padding, and all else is seen: so the model was trained. */
  private mask(media: readonly Medium[]): HostTensor {
    const { tiles } = this.size;
    const [rows, padded] = [rowsOf(this.size), paddedRows(this.size)];
    const length = tiles * padded;
    const data = new Float32Array(media.length * length * length);
    media.forEach(({ grid }, picture) => {
      const isPadding = (row: number): boolean => Math.floor(row / padded) >= grid[0] || row % padded >= rows;
      const hidden = Array.from({ length }, (_, row) => row).filter(isPadding);
      for (const query of hidden) {
        const at = (picture * length + query) * length;
        for (const key of hidden) data[at + key] = MASKED;
      }
    });
    return { dtype: 'float32', shape: [media.length, length, length], data };
  }
}

/** Rows of a tile: its patches, and the class token before them. */
const rowsOf = ({ image_size, patch_size }: CanvasSize): number => (image_size / patch_size) ** 2 + 1;

const paddedRows = (size: CanvasSize): number => Math.ceil(rowsOf(size) / PADDED_TO) * PADDED_TO;

const takenPort = (layer: number): string => `taken.${layer}`;
