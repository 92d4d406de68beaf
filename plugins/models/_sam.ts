/** The encoder of Segment Anything, as several families' configs name it. */
import { SamEncoder, type ConfigReader, type SamNames } from 'swift-ts/nn';
import { activationOf } from './_towers.js';

/** SAM ViT-B, which published configs may leave out. */
export function samEncoder(vision: ConfigReader, names: SamNames): SamEncoder {
  vision.only('use_abs_pos', true);
  vision.only('use_rel_pos', true);
  vision.only('qkv_bias', true);
  vision.only('num_channels', 3);
  const width = vision.count('hidden_size', 768);
  const image_size = vision.count('image_size', 1024);
  const patch_size = vision.count('patch_size', 16);
  if (image_size % patch_size !== 0) throw vision.error('image_size', `a multiple of ${patch_size}, a patch`);
  return new SamEncoder({
    width,
    intermediate_size: vision.count('mlp_dim', width * vision.number('mlp_ratio', 4)),
    layers: vision.count('num_hidden_layers', 12),
    heads: vision.count('num_attention_heads', 12),
    image_size,
    patch_size,
    eps: vision.number('layer_norm_eps', 1e-6),
    activation: activationOf(vision, 'hidden_act', 'gelu'),
    window: vision.count('window_size', 14),
    global: vision.has('global_attn_indexes') ? vision.numbers('global_attn_indexes') : [2, 5, 8, 11],
    out: vision.count('output_channels', 256),
    names,
  });
}
