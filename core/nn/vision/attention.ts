import {
  add,
  attention,
  concat,
  learnedRope,
  matmul,
  reshape,
  rope,
  slice,
  type Tensor,
} from '../../graph/index.js';
import { byGroup, cutAt } from '../attention.js';
import { Linear, plainLinear, type LinearLike, type MakeLinear } from '../linear.js';
import { Module, type Names } from '../module.js';
import { HeadRmsNorm, PlainRmsNorm, RmsNorm, type Norm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';

export interface VisionAttentionSize {
  readonly width: number;
  readonly heads: number;
  /** Heads of keys and values, where these are in matrices of their own; as many when absent. */
  readonly kv_heads?: number;
  /** Whether queries, keys and values have a bias, and the way out; they have one when absent. */
  readonly bias?: boolean;
  /** Whether keys have one where they are apart; as the others when absent. */
  readonly key_bias?: boolean;
  readonly out_bias?: boolean;
  /** Rows of a matrix of all three: those of each kind together, or those of each head. */
  readonly qkv?: 'concat' | 'grouped';
  /** A root-mean-square norm over queries and one over keys, all heads of each at once, by its eps. */
  readonly qk_norm?: number;
  /** The same over each head by itself. */
  readonly head_norm?: number;
  /** One without a weight over each head of values, by its eps. */
  readonly value_norm?: number;
  /** Factor on the scores; 1/√(width of a head) when absent. */
  readonly scale?: number;
  /** What makes matrices that are apart. */
  readonly linear?: MakeLinear;
  readonly names?: Names;
}

/** Rotary tables [S, hd / 2] and rows of them int32 [N, S]; whether gradients flow to the tables. */
export interface PatchTurn {
  readonly cos: Tensor;
  readonly sin: Tensor;
  readonly position_ids: Tensor;
  readonly learned?: boolean;
  /** Which dimensions turn together: i and i + hd / 2 when absent; `neighbours`: 2i and 2i + 1; `in-halves`: i and i + hd / 4 of each half. */
  readonly pairs?: 'neighbours' | 'in-halves';
}

/** What attention in a tower sees beside the patches. */
export interface PatchContext {
  /** Additive, [S, S], or of each row [N, S, S]. */
  readonly mask: Tensor;
  /** Absent where patches are placed by what is added to them. */
  readonly turn?: PatchTurn;
}

/** Attention of every patch to every other that the mask lets it see: x [N, S, D] -> [N, S, D]. */
abstract class VisionAttention extends Module {
  readonly q_norm?: Norm;
  readonly k_norm?: Norm;
  readonly v_norm?: Norm;

  constructor(protected readonly size: VisionAttentionSize) {
    super();
    const { width, heads, qk_norm, head_norm, value_norm, names = {} } = size;
    this.names = names;
    const norm = (): Norm | undefined => {
      if (head_norm !== undefined) return new HeadRmsNorm(width / heads, head_norm);
      return qk_norm === undefined ? undefined : new RmsNorm(width, qk_norm);
    };
    this.q_norm = norm();
    this.k_norm = norm();
    if (value_norm !== undefined) this.v_norm = new PlainRmsNorm(width / heads, value_norm);
  }

  protected attend(scope: Scope, [q, k, v]: readonly Tensor[], { mask, turn }: PatchContext): Tensor {
    const { width, heads, kv_heads: kvHeads = heads, scale = (width / heads) ** -0.5 } = this.size;
    const normed = (x: Tensor, norm?: Norm): Tensor => norm?.forward(scope, x) ?? x;
    const placed = (x: Tensor, count: number, norm?: Norm): Tensor =>
      turn ? turned(normed(x, norm), count, turn) : normed(x, norm);
    const options = { heads, kvHeads, scale, causal: false };
    const values = normed(v, this.v_norm);
    return attention(placed(q, heads, this.q_norm), placed(k, kvHeads, this.k_norm), values, mask, options);
  }

  abstract forward(scope: Scope, x: Tensor, context: PatchContext): Tensor;
}

/** Queries or keys [N, S, heads·hd], each patch by its place. */
function turned(x: Tensor, heads: number, { cos, sin, position_ids, pairs, learned }: PatchTurn): Tensor {
  const turn = learned ? learnedRope : rope;
  if (pairs !== 'in-halves')
    return turn(x, cos, sin, position_ids, { heads, interleaved: pairs === 'neighbours' });
  const [count, length, width] = x.shape;
  const half = width / heads / 2;
  const split = reshape(x, [count, length, heads, 2, half]);
  const parts = [0, 1].map((i) => {
    const part = reshape(slice(split, 3, i, i + 1), [count, length, heads * half]);
    const table = (values: Tensor): Tensor => slice(values, 1, (i * half) / 2, ((i + 1) * half) / 2);
    const moved = turn(part, table(cos), table(sin), position_ids, { heads });
    return reshape(moved, [count, length, heads, 1, half]);
  });
  return reshape(concat(parts, 3), x.shape);
}

/** Queries, keys and values in three matrices (CLIP). */
export class SplitVisionAttention extends VisionAttention {
  q_proj: LinearLike;
  k_proj: LinearLike;
  v_proj: LinearLike;
  out_proj: LinearLike;

  constructor(size: VisionAttentionSize) {
    super(size);
    const { width, heads, kv_heads = heads, bias = true, key_bias = bias, out_bias = true } = size;
    const { linear = plainLinear } = size;
    const narrow = (width / heads) * kv_heads;
    this.k_proj = linear(width, narrow, { bias: key_bias });
    this.v_proj = linear(width, narrow, { bias });
    this.q_proj = linear(width, width, { bias });
    this.out_proj = linear(width, width, { bias: out_bias });
  }

  forward(scope: Scope, x: Tensor, context: PatchContext): Tensor {
    const parts = [this.q_proj, this.k_proj, this.v_proj].map((linear) => linear.forward(scope, x));
    return this.out_proj.forward(scope, this.attend(scope, parts, context));
  }
}

/** All three in one matrix (Qwen2-VL; by head: Qwen-VL). */
export class FusedVisionAttention extends VisionAttention {
  qkv: LinearLike;
  proj: LinearLike;

  constructor(size: VisionAttentionSize) {
    super(size);
    const { width, bias = true, out_bias = true } = size;
    this.qkv = new Linear(width, 3 * width, { bias });
    this.proj = new Linear(width, width, { bias: out_bias });
  }

  forward(scope: Scope, x: Tensor, context: PatchContext): Tensor {
    const { width, heads, qkv } = this.size;
    const all = this.qkv.forward(scope, x);
    const parts =
      qkv === 'grouped'
        ? byGroup(all, heads, [1, 1, 1], width / heads)
        : cutAt(all, [width, 2 * width, 3 * width]);
    return this.proj.forward(scope, this.attend(scope, parts, context));
  }
}

/** All three in one matrix that is no layer of its own, as `torch.nn.MultiheadAttention` has it (Step3-VL). */
export class PackedVisionAttention extends VisionAttention {
  readonly in_proj_weight: Parameter;
  readonly in_proj_bias: Parameter;
  out_proj: LinearLike;

  constructor(size: VisionAttentionSize) {
    super(size);
    const { width } = size;
    this.in_proj_weight = new Parameter([3 * width, width]);
    this.in_proj_bias = new Parameter([3 * width]);
    this.out_proj = new Linear(width, width, { bias: true });
  }

  forward(scope: Scope, x: Tensor, context: PatchContext): Tensor {
    const { width } = this.size;
    const rows = matmul(x, scope.param(this.in_proj_weight), { transB: true });
    const all = add(rows, scope.param(this.in_proj_bias));
    const parts = cutAt(all, [width, 2 * width, 3 * width]);
    return this.out_proj.forward(scope, this.attend(scope, parts, context));
  }
}
