import {
  add,
  attention,
  cachedAttention,
  linearCrossEntropy,
  mul,
  rope,
  silu,
  type Tensor,
} from '../graph/index.js';
import { Block, CausalLM, type BlockContext, type BlockOutput, type CausalLMShape } from './causal-lm.js';
import { Embedding } from './embedding.js';
import { Linear, type LinearLike } from './linear.js';
import { Module } from './module.js';
import type { Parameter } from './parameter.js';
import { RmsNorm } from './rms-norm.js';
import { ropeTables, type RopeScaling, type RopeTables } from './rotary.js';
import type { Scope } from './scope.js';

/** What distinguishes one llama-like family from another. */
export interface DecoderTraits extends CausalLMShape {
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly intermediate_size: number;
  readonly rms_norm_eps: number;
  readonly rope_theta: number;
  readonly rope_scaling?: RopeScaling;
  readonly tie_word_embeddings: boolean;
  readonly bias: { readonly qkv: boolean; readonly o: boolean; readonly mlp: boolean };
}

/** Self-attention with grouped key/value heads and rotary positions. */
class Attention extends Module {
  q_proj: LinearLike;
  k_proj: LinearLike;
  v_proj: LinearLike;
  o_proj: LinearLike;

  constructor(private readonly traits: DecoderTraits) {
    super();
    const { hidden_size, num_attention_heads, num_key_value_heads, head_dim, bias } = traits;
    this.q_proj = new Linear(hidden_size, num_attention_heads * head_dim, bias.qkv);
    this.k_proj = new Linear(hidden_size, num_key_value_heads * head_dim, bias.qkv);
    this.v_proj = new Linear(hidden_size, num_key_value_heads * head_dim, bias.qkv);
    this.o_proj = new Linear(num_attention_heads * head_dim, hidden_size, bias.o);
  }

  forward(scope: Scope, x: Tensor, context: BlockContext): BlockOutput {
    const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim } = this.traits;
    const { cos, sin, position_ids } = context;
    const q = rope(this.q_proj.forward(scope, x), cos, sin, position_ids, heads);
    const k = rope(this.k_proj.forward(scope, x), cos, sin, position_ids, kvHeads);
    const v = this.v_proj.forward(scope, x);
    const scale = head_dim ** -0.5;
    if (context.kind === 'full') {
      const out = attention(q, k, v, context.mask, { heads, kvHeads, scale, causal: true });
      return { hidden: this.o_proj.forward(scope, out) };
    }
    const { past, cachedK, cachedV } = context;
    const step = cachedAttention({ q, k, v, cachedK, cachedV, past }, { heads, kvHeads, scale });
    return { ...step, hidden: this.o_proj.forward(scope, step.out) };
  }
}

/** SwiGLU feed-forward (Shazeer, 2020). */
class Mlp extends Module {
  gate_proj: LinearLike;
  up_proj: LinearLike;
  down_proj: LinearLike;

  constructor({ hidden_size, intermediate_size, bias }: DecoderTraits) {
    super();
    this.gate_proj = new Linear(hidden_size, intermediate_size, bias.mlp);
    this.up_proj = new Linear(hidden_size, intermediate_size, bias.mlp);
    this.down_proj = new Linear(intermediate_size, hidden_size, bias.mlp);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const gate = silu(this.gate_proj.forward(scope, x));
    return this.down_proj.forward(scope, mul(gate, this.up_proj.forward(scope, x)));
  }
}

/** Pre-norm block: x + attention(norm(x)), then x + mlp(norm(x)). */
class DecoderBlock extends Block {
  readonly input_layernorm: RmsNorm;
  readonly self_attn: Attention;
  readonly post_attention_layernorm: RmsNorm;
  readonly mlp: Mlp;

  constructor(traits: DecoderTraits) {
    super();
    this.input_layernorm = new RmsNorm(traits.hidden_size, traits.rms_norm_eps);
    this.self_attn = new Attention(traits);
    this.post_attention_layernorm = new RmsNorm(traits.hidden_size, traits.rms_norm_eps);
    this.mlp = new Mlp(traits);
  }

  forward(scope: Scope, hidden: Tensor, context: BlockContext): BlockOutput {
    const attended = this.self_attn.forward(scope, this.input_layernorm.forward(scope, hidden), context);
    const middle = add(hidden, attended.hidden);
    const fed = this.mlp.forward(scope, this.post_attention_layernorm.forward(scope, middle));
    return { ...attended, hidden: add(middle, fed) };
  }
}

class DecoderStack extends Module {
  embed_tokens: Embedding;
  readonly layers: DecoderBlock[];
  readonly norm: RmsNorm;

  constructor(traits: DecoderTraits) {
    super();
    this.embed_tokens = new Embedding(traits.vocab_size, traits.hidden_size);
    this.layers = Array.from({ length: traits.num_hidden_layers }, () => new DecoderBlock(traits));
    this.norm = new RmsNorm(traits.hidden_size, traits.rms_norm_eps);
  }
}

/** The llama-like decoder: one module tree for every family that differs only in traits. */
export class Decoder extends CausalLM {
  readonly model: DecoderStack;
  readonly lm_head?: Linear;
  readonly tied: readonly (readonly [string, string])[];

  constructor(readonly shape: DecoderTraits) {
    super();
    this.model = new DecoderStack(shape);
    if (!shape.tie_word_embeddings) this.lm_head = new Linear(shape.hidden_size, shape.vocab_size);
    this.tied = shape.tie_word_embeddings ? [['lm_head.weight', 'model.embed_tokens.weight']] : [];
  }

  get blocks(): readonly Block[] {
    return this.model.layers;
  }

  embed(scope: Scope, ids: Tensor): Tensor {
    return this.model.embed_tokens.forward(scope, ids);
  }

  loss(scope: Scope, hidden: Tensor, labels: Tensor): { loss: Tensor; correct: Tensor } {
    const normed = this.model.norm.forward(scope, hidden);
    return linearCrossEntropy(normed, scope.param(this.head), labels);
  }

  logits(scope: Scope, hidden: Tensor): Tensor {
    return scope.linear(this.model.norm.forward(scope, hidden), this.head);
  }

  rope(length: number, used: number): RopeTables {
    const { head_dim: headDim, rope_theta: theta, rope_scaling: scaling } = this.shape;
    return ropeTables(length, { headDim, theta, scaling, used });
  }

  get ropeFixedUntil(): number {
    const scaling = this.shape.rope_scaling;
    return scaling?.type === 'dynamic' ? scaling.original_max_position_embeddings : Infinity;
  }

  private get head(): Parameter {
    return (this.lm_head ?? this.model.embed_tokens).weight;
  }
}
