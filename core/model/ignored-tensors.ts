import type { ModelConfig } from '../contracts/model-loader.js';

/** Buffers that checkpoints carry and every model computes itself: rotary tables, causal masks. */
const BUFFERS = [
  /(^|\.)rotary(_pos)?_emb\.(inv_freq|cos_cached|sin_cached)$/,
  /(^|\.)(attn|attention|self_attn)\.(bias|masked_bias)$/,
];

/** Layers that predict tokens further ahead: for a faster decoding than this one, and left out by Transformers. */
const FURTHER_AHEAD = /^(model\.)?mtp(\.|_)/;

/**
 * Whether a tensor that no part of a model takes is one that it does without.
 * @param own what the family leaves out beside
 */
export function isIgnored(name: string, config: ModelConfig, own: readonly RegExp[] = []): boolean {
  return [...BUFFERS, FURTHER_AHEAD, ...own].some((known) => known.test(name)) || isExtraLayer(name, config);
}

/** Some families number the layers that predict further ahead after those of the model itself. */
function isExtraLayer(name: string, { num_hidden_layers, num_nextn_predict_layers }: ModelConfig): boolean {
  const [layers, extra] = [Number(num_hidden_layers), Number(num_nextn_predict_layers ?? 0)];
  const index = Number(/^model\.layers\.(\d+)\./.exec(name)?.[1]);
  return index >= layers && index < layers + extra;
}
