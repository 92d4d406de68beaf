import type { DecoderTraits } from '../../core/nn/index.js';

const common = { norm_eps: 1e-6, tie_word_embeddings: true } as const;
const none = { qkv: false, o: false, mlp: false };
const qwen = {
  ...common,
  rope_theta: 1_000_000,
  max_position_embeddings: 32768,
  bias: { ...none, qkv: true },
};

/** Published shapes, by their config.json. The benchmarks fill them with random weights. */
export const SHAPES = {
  'smollm2-135m': {
    ...common,
    norm_eps: 1e-5,
    rope_theta: 100_000,
    max_position_embeddings: 8192,
    bias: none,
    vocab_size: 49152,
    hidden_size: 576,
    num_hidden_layers: 30,
    intermediate_size: 1536,
    num_attention_heads: 9,
    num_key_value_heads: 3,
    head_dim: 64,
  },
  'qwen2-0.5b': {
    ...qwen,
    vocab_size: 151936,
    hidden_size: 896,
    num_hidden_layers: 24,
    intermediate_size: 4864,
    num_attention_heads: 14,
    num_key_value_heads: 2,
    head_dim: 64,
  },
  'qwen2-1.5b': {
    ...qwen,
    vocab_size: 151936,
    hidden_size: 1536,
    num_hidden_layers: 28,
    intermediate_size: 8960,
    num_attention_heads: 12,
    num_key_value_heads: 2,
    head_dim: 128,
  },
  'qwen2-7b': {
    ...qwen,
    tie_word_embeddings: false,
    vocab_size: 152064,
    hidden_size: 3584,
    num_hidden_layers: 28,
    intermediate_size: 18944,
    num_attention_heads: 28,
    num_key_value_heads: 4,
    head_dim: 128,
  },
} as const satisfies Record<string, DecoderTraits>;

export type ShapeName = keyof typeof SHAPES;

/** [in, out] of every linear layer of a block. */
export function linearsOf(traits: DecoderTraits): (readonly [number, number])[] {
  const {
    hidden_size: d,
    intermediate_size: f,
    num_attention_heads: h,
    num_key_value_heads: k,
    head_dim,
  } = traits;
  const [q, kv] = [h * head_dim, k * head_dim];
  return [
    ...([
      [d, q],
      [d, kv],
      [d, kv],
      [q, d],
    ] as const),
    ...([
      [d, f],
      [d, f],
      [f, d],
    ] as const),
  ];
}

/**
 * Floating-point operations that a step on one row cannot do without. LoRA of `rank`: frozen linears 4·P·N (forward
 * and input gradient), adapters 6·P·N, head 4·D·V·N. Full (rank 0): 6·P·N for linears and head. Attention: the causal
 * half three times.
 */
export function usefulFlops(traits: DecoderTraits, seq: number, rank: number): number {
  const linears = linearsOf(traits);
  const weights = linears.reduce((sum, [from, to]) => sum + from * to, 0);
  const adapters = linears.reduce((sum, [from, to]) => sum + rank * (from + to), 0);
  const attention = 3 * 2 * 2 * traits.num_attention_heads * traits.head_dim * seq * (seq / 2);
  const perWeight = rank > 0 ? 4 : 6;
  const layer = (perWeight * weights + 6 * adapters) * seq + attention;
  return traits.num_hidden_layers * layer + perWeight * traits.hidden_size * traits.vocab_size * seq;
}

/** Floating-point operations of one greedy token without its attention: 2 per weight of linears and head. */
export function decodeFlops(traits: DecoderTraits): number {
  const weights = linearsOf(traits).reduce((sum, [from, to]) => sum + from * to, 0);
  return 2 * (traits.num_hidden_layers * weights + traits.hidden_size * traits.vocab_size);
}
