import { relu } from 'swift-ts/graph';
import {
  decoderTraits,
  DeepScore,
  HeadRmsNorm,
  lateWindows,
  type ConfigReader,
  type DecoderTraits,
} from 'swift-ts/nn';

/** Qwen2: biases on queries, keys and values. @param field of config.json that may turn them off */
export function qwen2Traits(reader: ConfigReader, field = 'qkv_bias'): DecoderTraits {
  return {
    ...decoderTraits(reader),
    bias: { qkv: reader.flag(field, true), o: false, mlp: false },
    layer: lateWindows(reader),
  };
}

/** Qwen3: no biases, queries and keys normed by head. */
export function qwen3Traits(reader: ConfigReader): DecoderTraits {
  const traits = decoderTraits(reader, { head_dim: 128, max_position_embeddings: 32_768 });
  return {
    ...traits,
    qk_norm: () => new HeadRmsNorm(traits.head_dim, traits.norm_eps),
    layer: lateWindows(reader),
  };
}

/** The head of Qwen's reward models, which is stored as a sequence of three modules. @param shift see DeepScoreOptions */
export function qwenScore(reader: ConfigReader, shift?: number): DecoderTraits['score'] {
  const width = reader.count('hidden_size');
  const bias = { dense: true, out: true };
  return (labels) =>
    new DeepScore({ width, labels, activation: relu, bias, shift, names: { dense: '0', out: '2' } });
}
