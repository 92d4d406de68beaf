import { SeededRandom } from '../../core/data/index.js';
import { Decoder, type DecoderTraits } from '../../core/nn/index.js';
import type { MicroBatch } from '../../core/runtime/batch.js';

/** SmolLM2-135M: https://huggingface.co/HuggingFaceTB/SmolLM2-135M/blob/main/config.json */
const TRAITS: DecoderTraits = {
  vocab_size: 49152,
  hidden_size: 576,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  head_dim: 64,
  intermediate_size: 1536,
  max_position_embeddings: 8192,
  rms_norm_eps: 1e-5,
  rope_theta: 100_000,
  tie_word_embeddings: true,
  bias: { qkv: false, o: false, mlp: false },
};

/** The model with random weights. */
export function randomModel(): Decoder {
  const model = new Decoder(TRAITS);
  const random = SeededRandom.seeded(1);
  for (const [name, parameter] of model.namedParameters()) {
    const draw = name.includes('norm') ? () => 1 : () => 0.07 * (random.uniform() - 0.5);
    parameter.data = Float32Array.from({ length: parameter.size }, draw);
  }
  return model;
}

/** One row of random tokens, all supervised. */
export function randomRow(seq: number): MicroBatch {
  const random = SeededRandom.seeded(2, seq);
  const input_ids = Int32Array.from({ length: seq }, () => random.below(TRAITS.vocab_size));
  return {
    batch: 1,
    seq,
    input_ids,
    labels: input_ids,
    position_ids: Int32Array.from(input_ids, (_, i) => i),
  };
}

/**
 * Floating-point operations that a LoRA step on one row cannot do without: frozen linears 4·P·N (forward and input
 * gradient), adapters 6·P·N, the causal half of attention three times, the head 4·D·V·N.
 */
export function usefulFlops(seq: number, rank: number): number {
  const {
    hidden_size: d,
    intermediate_size: f,
    num_attention_heads: h,
    num_key_value_heads: k,
    head_dim,
  } = TRAITS;
  const [q, kv] = [h * head_dim, k * head_dim];
  const linears = [
    ...[
      [d, q],
      [d, kv],
      [d, kv],
      [q, d],
    ],
    ...[
      [d, f],
      [d, f],
      [f, d],
    ],
  ];
  const frozen = linears.reduce((sum, [from, to]) => sum + from * to, 0);
  const adapters = linears.reduce((sum, [from, to]) => sum + rank * (from + to), 0);
  const attention = 3 * 2 * 2 * q * seq * (seq / 2);
  const layer = (4 * frozen + 6 * adapters) * seq + attention;
  return TRAITS.num_hidden_layers * layer + 4 * d * TRAITS.vocab_size * seq;
}
