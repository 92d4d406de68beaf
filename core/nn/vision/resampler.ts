import {
  add,
  attention,
  concat,
  expand,
  gather,
  matmul,
  reshape,
  slice,
  type HostTensor,
  type Tensor,
} from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { Module } from '../module.js';
import { LayerNorm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import type { Ports } from '../stage.js';
import { tableRows } from './position-table.js';

/** Rows and columns of patches. */
export type PatchGrid = readonly [rows: number, columns: number];

export interface ResamplerSize {
  /** Features of a picture. */
  readonly queries: number;
  readonly width: number;
  readonly hidden_size: number;
  readonly heads: number;
  readonly eps: number;
  /**
   * Where sinusoids of rows and columns are added. `keys`: to these; `both`: to queries too, from a square table that checkpoints hold;
   * `table`: to both from that table, which is stretched over the keys' picture.
   */
  readonly positions: 'keys' | 'both' | 'table';
}

/** What torch.nn.MultiheadAttention holds. */
class QueryAttention extends Module {
  readonly in_proj_weight: Parameter;
  readonly in_proj_bias: Parameter;
  out_proj: LinearLike;

  constructor(
    private readonly width: number,
    private readonly heads: number,
  ) {
    super();
    this.in_proj_weight = new Parameter([3 * width, width]);
    this.in_proj_bias = new Parameter([3 * width]);
    this.out_proj = new Linear(width, width, { bias: true });
  }

  /** q [N, Q, D], k and v [N, S, D], mask [N, Q, S] -> [N, Q, D] */
  forward(scope: Scope, inputs: readonly Tensor[], mask: Tensor): Tensor {
    const { width, heads } = this;
    const [weight, bias] = [scope.param(this.in_proj_weight), scope.param(this.in_proj_bias)];
    const [q, k, v] = inputs.map((x, i) => {
      const own = [weight, bias].map((part) => slice(part, 0, i * width, (i + 1) * width));
      const rows = matmul(reshape(x, [x.shape[0] * x.shape[1], width]), own[0], { transB: true });
      return reshape(add(rows, own[1]), x.shape);
    });
    const scale = (width / heads) ** -0.5;
    const seen = attention(q, k, v, mask, { heads, kvHeads: heads, scale, causal: false });
    return this.out_proj.forward(scope, seen);
  }
}

/** Learned queries that attend to the patches of a picture, as many features whatever its size (MiniCPM-V; Yao et al., 2024, arXiv 2408.01800). */
export class Resampler extends Module {
  readonly query: Parameter;
  readonly pos_embed?: Parameter;
  kv_proj: LinearLike;
  readonly attn: QueryAttention;
  readonly ln_q: LayerNorm;
  readonly ln_kv: LayerNorm;
  readonly ln_post: LayerNorm;
  readonly proj: Parameter;

  constructor(readonly size: ResamplerSize) {
    super();
    const { queries, width, hidden_size, heads, eps, positions } = size;
    this.query = new Parameter([queries, hidden_size]);
    if (positions !== 'keys') {
      this.pos_embed = new Parameter([queries, hidden_size]);
      this.pos_embed.idle = true;
    }
    this.kv_proj = new Linear(width, hidden_size);
    this.attn = new QueryAttention(hidden_size, heads);
    this.ln_q = new LayerNorm(hidden_size, eps);
    this.ln_kv = new LayerNorm(hidden_size, eps);
    this.ln_post = new LayerNorm(hidden_size, eps);
    this.proj = new Parameter([hidden_size, hidden_size]);
  }

  /** What it reads beside `patch_mask`. */
  get reads(): readonly string[] {
    return this.size.positions === 'table' ? ['key_shares'] : ['sinusoids', 'key_rows', 'key_columns'];
  }

  /**
   * `key_shares` [pictures · S, queries], what each row of the table counts for; or `sinusoids` [places, D / 2], and which of them
   * each patch reads for its row and its column, int32 [pictures · S].
   * @param room pictures there is room for @param length S, patches there is room for in each
   */
  inputs(grids: readonly PatchGrid[], room: number, length: number): Readonly<Record<string, HostTensor>> {
    const { queries, hidden_size, positions } = this.size;
    if (positions === 'table') {
      const data = new Float32Array(room * length * queries);
      grids.forEach((grid, i) => data.set(tableShares(grid, Math.sqrt(queries)), i * length * queries));
      return { key_shares: { dtype: 'float32', shape: [room * length, queries], data } };
    }
    const [rows, columns] = [new Int32Array(room * length), new Int32Array(room * length)];
    grids.forEach(([down, across], i) => {
      for (let at = 0; at < down * across; at++) {
        rows[i * length + at] = Math.floor(at / across);
        columns[i * length + at] = at % across;
      }
    });
    // As many as the longest side may have, so that graphs do not differ by it.
    const places = Math.max(PLACES, ...grids.flat());
    const data = sinusoids(places, hidden_size / 2);
    return {
      sinusoids: { dtype: 'float32', shape: [places, hidden_size / 2], data },
      key_rows: { dtype: 'int32', shape: [room * length], data: rows },
      key_columns: { dtype: 'int32', shape: [room * length], data: columns },
    };
  }

  /** patches [N, S, W] -> [N, queries, D] */
  forward(scope: Scope, patches: Tensor, { patch_mask, ...ports }: Ports): Tensor {
    const { queries, hidden_size, positions } = this.size;
    const [count, length] = patches.shape;
    const values = this.ln_kv.forward(scope, this.kv_proj.forward(scope, patches));
    const table = this.pos_embed && scope.param(this.pos_embed);
    const placed = positions === 'table' ? matmul(ports.key_shares, table!) : places(ports);
    const keys = add(values, reshape(placed, values.shape));
    const normed = this.ln_q.forward(scope, scope.param(this.query));
    const asked = reshape(table ? add(normed, table) : normed, [1, queries, hidden_size]);
    const shape = [count, queries, length];
    const mask = expand(reshape(patch_mask, [count, 1, length]), shape);
    const query = expand(asked, [count, queries, hidden_size]);
    const answers = this.ln_post.forward(scope, this.attn.forward(scope, [query, keys, values], mask));
    const rows = reshape(answers, [count * queries, hidden_size]);
    return reshape(matmul(rows, scope.param(this.proj)), [count, queries, hidden_size]);
  }
}

/** Rows and columns that published models begin with. */
const PLACES = 70;

/** The first half of a position is by its column, the second by its row. */
function places({ sinusoids: table, key_rows, key_columns }: Ports): Tensor {
  return concat([gather(table, key_columns), gather(table, key_rows)], 1);
}

/** Sines, then cosines: [count, width] */
function sinusoids(count: number, width: number): Float32Array {
  const data = new Float32Array(count * width);
  const half = width / 2;
  for (let i = 0; i < half; i++) {
    const frequency = Math.fround(1 / Math.fround(10000 ** Math.fround(i / half)));
    for (let place = 0; place < count; place++) {
      const angle = Math.fround(place * frequency);
      data[place * width + i] = Math.sin(angle);
      data[place * width + half + i] = Math.cos(angle);
    }
  }
  return data;
}

/** What each row of a square table counts for at each patch: [rows · columns, side²]. */
function tableShares([rows, columns]: PatchGrid, side: number): Float32Array {
  const { index, share } = tableRows([[1, rows, columns]], 1, { side, filter: 'bicubic' }, rows * columns);
  const shares = new Float32Array(rows * columns * side * side);
  const taps = index.length / (rows * columns);
  index.forEach((row, i) => (shares[Math.floor(i / taps) * side * side + row] += share[i]));
  return shares;
}
