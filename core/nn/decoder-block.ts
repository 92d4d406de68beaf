import { add, mul, scalar, silu, type Shape, type Tensor } from '../graph/index.js';
import { Attention, featureState } from './attention.js';
import { Block, type BlockContext, type BlockOutput, type BlockView, type Crossing } from './causal-lm.js';
import { FusedMlp, GatedMlp, PlainMlp, type Fed, type FeedForward } from './feed-forward.js';
import { HyperAttention } from './hyper-attention.js';
import type { Mixer } from './mixer.js';
import { createNorm, type Norm } from './norm.js';
import type { Scope } from './scope.js';
import { createAttention, SharingAttention } from './sharing-attention.js';
import type { DecoderTraits, NormedResidual, Placement } from './traits.js';

/** Which norms a placement has. */
const NORMS: Readonly<Record<Placement, readonly (keyof DecoderBlock)[]>> = {
  pre: ['input_layernorm', 'post_attention_layernorm'],
  sandwich: ['input_layernorm', 'post_self_attn_layernorm', 'post_attention_layernorm', 'post_mlp_layernorm'],
  post: ['post_self_attn_layernorm', 'post_mlp_layernorm'],
  'post-sum': ['post_self_attn_layernorm', 'post_mlp_layernorm'],
  parallel: ['input_layernorm'],
  'parallel-two': ['input_layernorm', 'post_attention_layernorm'],
  mixer: ['input_layernorm'],
  'mixer-sum': ['post_self_attn_layernorm'],
};

/**
 * Attention A and feed-forward M around the residual stream, by the traits' placement; n, m are norms:
 *
 *     pre          x ──┬── n ─ A ──(+)──┬── m ─ M ──(+)──▶     Llama
 *                      └───────────▲    └───────────▲
 *     sandwich     x ──┬── n ─ A ─ n' ──(+)──┬── m ─ M ─ m' ──(+)──▶     Gemma 2
 *     post         x ──┬── A ─ n' ──(+)──┬── M ─ m' ──(+)──▶     OLMo 2
 *     post-sum     x ──┬── A ──(+)── n' ──┬── M ──(+)── m' ──▶     BERT
 *                      └────────▲          └────────▲
 *     parallel     x ──┬── n ──┬─ A ──(+)──▶     Phi; `parallel-two` has a norm for M too: GPT-NeoX
 *                      │       └─ M ───▲
 *                      └───────────────▲
 *     mixer        x ──┬── n ─ A ──(+)──▶     Mamba
 *                      └───────────▲
 *     mixer-sum    x ──┬── A ──(+)── n ──▶     attention among the tokens of BART
 *                      └────────▲
 */
export class DecoderBlock extends Block {
  /** Before attention. */
  readonly input_layernorm?: Norm;
  readonly self_attn: Mixer;
  /** After attention, before it is added. */
  readonly post_self_attn_layernorm?: Norm;
  /** Before the feed-forward. */
  readonly post_attention_layernorm?: Norm;
  readonly mlp?: FeedForward;
  /** After the feed-forward, before it is added. */
  readonly post_mlp_layernorm?: Norm;
  override readonly view: BlockView;
  override readonly crossing: Crossing | undefined;
  private readonly normedResidual?: NormedResidual;

  constructor(
    private readonly traits: DecoderTraits,
    layer: number,
  ) {
    super();
    const { norm = 'rms', norm_eps, hidden_size, placement = 'pre', names = {} } = traits;
    const { block_norm: make = () => createNorm(norm, hidden_size, norm_eps) } = traits;
    const normOf = (which: keyof DecoderBlock): Norm | undefined =>
      NORMS[placement].includes(which) ? make() : undefined;
    const { rope, first_norm = true, ...own } = traits.layer?.(layer) ?? {};
    const { bidirectional, both_ways, media_layers } = traits;
    this.view = {
      rope: rope ?? 0,
      window: own.window,
      chunk: own.chunk,
      bidirectional,
      both_ways: own.both_ways === false ? undefined : both_ways,
      media_layers,
      shares: own.shares,
      own: traits.layer_embeddings?.width,
    };
    this.normedResidual = traits.normed_residual?.(layer);
    if (first_norm) this.input_layernorm = normOf('input_layernorm');
    this.self_attn = traits.mixer?.(layer) ?? createAttention(traits, layer);
    if (traits.both_ways && (traits.sparse || !attends(this.self_attn)))
      throw new Error('only attention to all positions sees both ways');
    this.crossing = this.self_attn instanceof HyperAttention ? this.crossingOf(this.self_attn) : undefined;
    const { slot } = this.self_attn;
    this.names = slot === undefined ? names : { ...names, self_attn: slot };
    this.post_self_attn_layernorm = normOf('post_self_attn_layernorm');
    this.post_attention_layernorm = normOf('post_attention_layernorm');
    if (!placement.startsWith('mixer')) this.mlp = traits.feedForward?.(layer) ?? createMlp(traits);
    this.post_mlp_layernorm = normOf('post_mlp_layernorm');
  }

  /** @param hidden [B, T, D] @returns hidden [B, T, D], the state of a cached context, and how experts were chosen */
  forward(outer: Scope, hidden: Tensor, context: BlockContext): BlockOutput {
    const scope = context.media ? outer.withMedia(context.media) : outer;
    if (this.traits.placement?.endsWith('-sum')) return this.normedSums(scope, hidden, context);
    const isParallel = this.traits.placement?.startsWith('parallel');
    const normed = this.input_layernorm?.forward(scope, hidden) ?? hidden;
    const { hidden: attended, state, lent, router: inMixer } = this.self_attn.forward(scope, normed, context);
    const mixed = this.scaled(this.post_self_attn_layernorm?.forward(scope, attended) ?? attended);
    const middle = join(hidden, mixed, this.normedResidual?.attention, normed);
    if (!this.mlp) return { hidden: middle, state, lent, router: inMixer };
    const from = isParallel ? hidden : middle;
    const into = this.post_attention_layernorm?.forward(scope, from) ?? (isParallel ? normed : from);
    const { hidden: fed, router } = this.feed(scope, into, from, context);
    const worked = this.scaled(this.post_mlp_layernorm?.forward(scope, fed) ?? fed);
    return { hidden: join(middle, worked, this.normedResidual?.mlp, into), state, lent, router };
  }

  /** What the feed-forward makes of normed states. @param stream the same before the norm, for a block that looks at them too */
  protected feed(scope: Scope, normed: Tensor, _stream: Tensor, context: BlockContext): Fed {
    return this.mlp!.forward(scope, normed, context);
  }

  /** The placements `post-sum` and `mixer-sum`. */
  private normedSums(scope: Scope, hidden: Tensor, context: BlockContext): BlockOutput {
    const { hidden: attended, state } = this.self_attn.forward(scope, hidden, context);
    const middle = this.post_self_attn_layernorm!.forward(scope, add(hidden, attended));
    if (!this.mlp) return { hidden: middle, state };
    const { hidden: fed } = this.mlp.forward(scope, middle, context);
    return { hidden: this.post_mlp_layernorm!.forward(scope, add(middle, fed)), state };
  }

  /** Whether what a branch gives is added to the stream as it is. */
  get addsToStream(): boolean {
    return this.normedResidual === undefined;
  }

  get recurrent(): boolean {
    return this.self_attn.recurrent;
  }

  state(batch: number, capacity: number): readonly Shape[] {
    return this.self_attn.state(batch, capacity);
  }

  /** The norm of tokens is that of features too. */
  private crossingOf(attention: HyperAttention): Crossing {
    return {
      seen_from: attention.seen_from,
      keysAndValues: (scope, features, positions) =>
        attention.keysAndValues(scope, this.input_layernorm!.forward(scope, features), positions!),
      state: (batch, rows) => featureState(this.traits, batch, rows),
    };
  }

  private scaled(branch: Tensor): Tensor {
    const { residual_scale: scale } = this.traits;
    return scale === undefined ? branch : mul(branch, scalar(scale));
  }
}

const attends = (mixer: Mixer): boolean => mixer instanceof Attention || mixer instanceof SharingAttention;

export function createMlp(traits: DecoderTraits): FeedForward {
  const { hidden_size, intermediate_size, activation = silu, bias, transposed, names, mlp } = traits;
  const size = { hidden_size, intermediate_size, activation, bias: bias.mlp, transposed, names };
  return mlp === 'plain' ? new PlainMlp(size) : mlp === 'fused' ? new FusedMlp(size) : new GatedMlp(size);
}

/** Adds a branch to the residual stream, or, with factors, to its normed states. */
function join(
  stream: Tensor,
  branch: Tensor,
  factors: readonly [number, number] | undefined,
  normed: Tensor,
): Tensor {
  if (!factors) return add(stream, branch);
  return add(mul(normed, scalar(factors[0])), mul(branch, scalar(factors[1])));
}
