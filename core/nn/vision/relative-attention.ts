import {
  add,
  attention,
  concat,
  constant,
  expand,
  gather,
  interpolate,
  iota,
  matmul,
  pad,
  reshape,
  scalar,
  slice,
  sub,
  transpose,
  zeros,
  type Tensor,
} from '../../graph/index.js';
import { cutAt } from '../attention.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import { FusedVisionAttention, type VisionAttentionSize } from './attention.js';

export interface RelativeSize {
  /** Patches on a side of a tile. */
  readonly side: number;
  /** Side of the windows in which patches see each other; all do where absent. */
  readonly window?: number;
}

/**
 * Attention that adds to its scores what each query says of the distance to a key, down and across (MViTv2; Li et al., 2022, arXiv 2112.01526).
 * Windows at the lower and right edge are filled up with zeros, which are seen. x [N, side², D] -> [N, side², D].
 */
export class RelativeAttention extends FusedVisionAttention {
  readonly rel_pos_h: Parameter;
  readonly rel_pos_w: Parameter;
  private readonly window?: number;

  constructor(size: VisionAttentionSize, { side, window }: RelativeSize) {
    super(size);
    this.window = window;
    const distances = 2 * (window ?? side) - 1;
    this.rel_pos_h = new Parameter([distances, size.width / size.heads]);
    this.rel_pos_w = new Parameter([distances, size.width / size.heads]);
  }

  override forward(scope: Scope, x: Tensor): Tensor {
    const side = Math.sqrt(x.shape[1]);
    const { window = side } = this;
    const seen = this.attendInside(scope, intoWindows(x, side, window), window);
    return outOfWindows(this.proj.forward(scope, seen), x.shape[0], side, window);
  }

  /** windows [N, span², D] -> [N, span², D] */
  private attendInside(scope: Scope, x: Tensor, span: number): Tensor {
    const { width, heads } = this.size;
    const [count, length] = x.shape;
    const each = width / heads;
    const [q, k, v] = cutAt(this.qkv.forward(scope, x), [width, 2 * width, 3 * width]);
    const scale = each ** -0.5;
    // What queries say of distances stands beside them, against ones at the rows and columns of keys.
    const [down, across] = [this.rel_pos_h, this.rel_pos_w].map((table) =>
      distances(scope.param(table), span),
    );
    const query = reshape(q, [count, span, span, heads, each]);
    const said = concat([query, spoken(query, down, 1, 1 / scale), spoken(query, across, 2, 1 / scale)], 4);
    const ones = expand(reshape(places(span), [1, length, 1, 2 * span]), [count, length, heads, 2 * span]);
    const key = concat([reshape(k, [count, length, heads, each]), ones], 3);
    const wide = [count, length, heads * (each + 2 * span)];
    const options = { heads, kvHeads: heads, scale, causal: false };
    return attention(reshape(said, wide), reshape(key, wide), v, zeros([length, length]), options);
  }
}

/** Rows of a table of distances for every two places: [span, span, hd]. A table of others is stretched. */
function distances(table: Tensor, span: number): Tensor {
  const [from, each] = table.shape;
  const wanted = 2 * span - 1;
  const own =
    from === wanted
      ? table
      : reshape(interpolate(reshape(table, [1, 1, from, each]), [wanted, each], 'bilinear'), [wanted, each]);
  const apart = sub(reshape(iota(span), [span, 1]), reshape(iota(span), [1, span]));
  return gather(own, add(apart, scalar(span - 1, 'int32')));
}

/** What each query says of each place along an axis: query [N, H, W, heads, hd], rows [span, span, hd] -> [N, H, W, heads, span]. */
function spoken(query: Tensor, rows: Tensor, axis: number, alpha: number): Tensor {
  const [count, height, across, heads, each] = query.shape;
  const order = axis === 1 ? [1, 0, 2, 3, 4] : [2, 0, 1, 3, 4];
  const back = axis === 1 ? [1, 0, 2, 3, 4] : [1, 2, 0, 3, 4];
  const first = transpose(query, order);
  const [span] = first.shape;
  const lines = reshape(first, [span, (count * height * across * heads) / span, each]);
  const answers = matmul(lines, rows, { transB: true, alpha });
  return transpose(reshape(answers, [...first.shape.slice(0, 4), span]), back);
}

/** 1 at the row and at the column of each place: [span², 2 · span]. */
function places(span: number): Tensor {
  const unit = Array.from({ length: span * span }, (_, i) => (i % (span + 1) === 0 ? 1 : 0));
  const square = constant(unit, [span, span]);
  const shape = [span, span, span];
  const rows = expand(reshape(square, [span, 1, span]), shape);
  const columns = expand(reshape(square, [1, span, span]), shape);
  return reshape(concat([rows, columns], 2), [span * span, 2 * span]);
}

/** [N, side², D] -> [N · windows, window², D] */
function intoWindows(x: Tensor, side: number, window: number): Tensor {
  if (window === side) return x;
  const [count, , width] = x.shape;
  const along = Math.ceil(side / window);
  const rest = along * window - side;
  const map = pad(reshape(x, [count, side, side, width]), [0, 0, 0, 0], [0, rest, rest, 0]);
  const cells = reshape(map, [count, along, window, along, window, width]);
  return reshape(transpose(cells, [0, 1, 3, 2, 4, 5]), [count * along * along, window * window, width]);
}

/** [N · windows, window², D] -> [N, side², D] */
function outOfWindows(x: Tensor, count: number, side: number, window: number): Tensor {
  if (window === side) return x;
  const [, , width] = x.shape;
  const along = Math.ceil(side / window);
  const cells = transpose(reshape(x, [count, along, along, window, window, width]), [0, 1, 3, 2, 4, 5]);
  const map = reshape(cells, [count, along * window, along * window, width]);
  return reshape(slice(slice(map, 1, 0, side), 2, 0, side), [count, side * side, width]);
}
