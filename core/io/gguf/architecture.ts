/** What an entry of the table of GGUF architectures says, and what most of them share. */
import { notRead, type GgufFacts } from './facts.js';
import { ropeScalingOf } from './rope.js';
import type { Undo } from './undo.js';

/**
 * The name Hugging Face gives a tensor, within its layer for a tensor of a layer; `{e}` stands for an expert, each of
 * which is a tensor of its own on that side.
 */
export type Target = string | Changed;

export interface Changed {
  readonly to: string;
  /** Takes back what the conversion did. */
  readonly undo: Undo;
  /** Further tensors that Hugging Face has in the same one, in the order that `undo` takes them. */
  readonly with?: readonly string[];
}

export interface GgufArchitecture {
  /** Hugging Face's class, by which the family is found. */
  readonly architecture: string;
  readonly model_type: string;
  /** The fields of config.json. */
  readonly config: (facts: GgufFacts) => Readonly<Record<string, unknown>>;
  /** By llama.cpp's name: without `.weight` or `.bias`, and both sides have the same; else just the one, as it stands. */
  readonly outer: Readonly<Record<string, Target>>;
  readonly layer: Readonly<Record<string, Target>>;
  /** What Hugging Face calls the list of layers; `model.layers` when absent. */
  readonly layers?: string;
}

/** An entry, or a choice between several by what a file says. */
export type GgufEntryOf = GgufArchitecture | ((facts: GgufFacts) => GgufArchitecture);

export type GgufEntries = Readonly<Record<string, GgufEntryOf>>;

/** Names of Llama, which most families took over. */
export const OUTER = {
  token_embd: 'model.embed_tokens',
  output_norm: 'model.norm',
  output: 'lm_head',
} as const;

export const ATTENTION = {
  attn_norm: 'input_layernorm',
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_output: 'self_attn.o_proj',
} as const;

export const HEAD_NORMS = { attn_q_norm: 'self_attn.q_norm', attn_k_norm: 'self_attn.k_norm' } as const;

export const FEED_FORWARD = {
  ffn_norm: 'post_attention_layernorm',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
} as const;

/** What nearly every architecture states. */
export function commonConfig(facts: GgufFacts): Record<string, unknown> {
  const hidden = facts.number('embedding_length');
  const heads = facts.number('attention.head_count');
  const id = (name: string): number | undefined => {
    const value = facts.general(`tokenizer.ggml.${name}_token_id`);
    return typeof value === 'number' ? value : undefined;
  };
  const queries = 'blk.0.attn_q.weight';
  const rows = facts.has(queries) ? facts.shape(queries)[0] : hidden;
  const key = facts.optional('attention.key_length') ?? rows / heads;
  const value = facts.optional('attention.value_length') ?? key;
  if (value !== key && facts.optional('attention.kv_lora_rank') === undefined)
    throw notRead(facts, `has keys of ${key} and values of ${value} numbers, which is not read`);
  const turned = facts.optional('rope.dimension_count');
  return {
    hidden_size: hidden,
    num_hidden_layers: facts.layers,
    num_attention_heads: heads,
    num_key_value_heads: facts.optional('attention.head_count_kv') ?? heads,
    head_dim: key,
    partial_rotary_factor: turned === undefined ? undefined : turned / key,
    vocab_size: facts.shape('token_embd.weight')[0],
    max_position_embeddings: facts.number('context_length'),
    tie_word_embeddings: !facts.has('output.weight'),
    rope_theta: facts.number('rope.freq_base', 10_000),
    rope_scaling: ropeScalingOf(facts),
    bos_token_id: id('bos'),
    eos_token_id: id('eos'),
  };
}

/** A decoder with RMS norms and a gated feed-forward, as Llama's. */
export function llamaConfig(facts: GgufFacts): Record<string, unknown> {
  return {
    ...commonConfig(facts),
    // A model whose layers all have experts may state theirs only.
    intermediate_size: facts.number('feed_forward_length', facts.optional('expert_feed_forward_length')),
    rms_norm_eps: facts.number('attention.layer_norm_rms_epsilon'),
    hidden_act: 'silu',
  };
}

/** For a family whose configs do not name the epsilon of its layer norms, 1e-5. @throws SwiftError for a file with another */
export function fixedEpsilon(facts: GgufFacts): Record<string, never> {
  const epsilon = facts.number('attention.layer_norm_epsilon', 1e-5);
  if (epsilon === 1e-5) return {};
  throw notRead(facts, `has a norm epsilon of ${epsilon}, where '${facts.name}' is read with 1e-5`);
}

/** Whether the first layer's tensor has a bias. */
export function hasBias(facts: GgufFacts, part: string, layer = 0): boolean {
  return facts.has(`blk.${layer}.${part}.bias`);
}
