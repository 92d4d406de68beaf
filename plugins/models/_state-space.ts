import { ACTIVATIONS, type ConfigReader, type DecoderTraits, type MambaTraits } from 'swift-ts/nn';

/** A decoder of state-space layers only, as Mamba and Mamba-2 store it: no heads, no positions, no feed-forward. */
export function stateSpaceTraits(reader: ConfigReader, isTied = true): DecoderTraits {
  return {
    vocab_size: reader.count('vocab_size'),
    hidden_size: reader.count('hidden_size'),
    num_hidden_layers: reader.count('num_hidden_layers'),
    num_attention_heads: 1,
    num_key_value_heads: 1,
    head_dim: 2,
    intermediate_size: 1,
    max_position_embeddings: MAX_POSITIONS,
    norm_eps: reader.number('layer_norm_epsilon', 1e-5),
    rope_theta: 10_000,
    tie_word_embeddings: reader.flag('tie_word_embeddings', isTied),
    bias: { qkv: false, o: false, mlp: false },
    placement: 'mixer',
    names: NAMES,
  };
}

/** Configs state no length, since nothing in the model depends on one. */
const MAX_POSITIONS = 1_048_576;

const NAMES = {
  model: 'backbone',
  embed_tokens: 'embeddings',
  input_layernorm: 'norm',
  self_attn: 'mixer',
  norm: 'norm_f',
};

/** What the layers of both have. */
export function stateSpaceSize(reader: ConfigReader): MambaTraits {
  const hidden_size = reader.count('hidden_size');
  return {
    hidden_size,
    intermediate_size: reader.count('intermediate_size', hidden_size * reader.number('expand', 2)),
    state_size: reader.count('state_size', 16),
    conv_kernel: reader.count('conv_kernel', 4),
    use_bias: reader.flag('use_bias'),
    use_conv_bias: reader.flag('use_conv_bias', true),
    activation: ACTIVATIONS[reader.choice('hidden_act', Object.keys(ACTIVATIONS), 'silu')],
  };
}

/** Bounds of the steps of Mamba-2. JSON has no infinity: Python writes it as a bare word, others as null. */
export function timeStepLimit(reader: ConfigReader): readonly [low: number, high: number] {
  const limits = reader.has('time_step_limit') ? reader.get('time_step_limit') : [0, Infinity];
  const [low, high] = Array.isArray(limits) && limits.length === 2 ? (limits as (number | null)[]) : [];
  const [least, most] = [low ?? 0, high ?? Infinity];
  if (low === undefined || !(least <= most))
    throw reader.error('time_step_limit', 'two numbers, the smaller first');
  return [least, most];
}
