/** Pixtral's tower (Agrawal et al., 2024, arXiv 2410.07073), which Mistral 3.1 has too. */
import {
  ConfigReader,
  GatedMlp,
  MultimodalLM,
  PatchTower,
  ProjectingMerger,
  type DecoderTraits,
} from 'swift-ts/nn';
import { LongestPatches, type ImageSettings, type PlacedMedium } from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { activationOf, HF_ROLES, HF_TOWER } from './_towers.js';

/** @param merge side of the squares of patches that become one feature; 1 where each is one */
export function pixtralModel(text: DecoderTraits, reader: ConfigReader, merge: number): MultimodalLM {
  const vision = reader.nested('vision_config');
  vision.only('model_type', 'pixtral');
  reader.only('vision_feature_layer', -1);
  const width = vision.count('hidden_size', 1024);
  const intermediate_size = vision.count('intermediate_size', 4096);
  const activation = activationOf(vision, 'hidden_act', 'gelu');
  const heads = vision.count('num_attention_heads', 16);
  vision.only('head_dim', width / heads);
  const merger = new ProjectingMerger({
    width,
    hidden_size: text.hidden_size,
    activation: activationOf(reader, 'projector_hidden_act', 'gelu'),
    bias: reader.flag('multimodal_projector_bias', merge === 1),
    squares: merge > 1 ? { merge_size: merge, eps: text.norm_eps } : undefined,
  });
  const tower = new PatchTower({
    width,
    intermediate_size,
    activation,
    heads,
    eps: 1e-5,
    norm: 'rms',
    layers: vision.count('num_hidden_layers', 24),
    patch_size: vision.count('patch_size', 16),
    temporal_patch_size: 1,
    merge_size: merge,
    out: text.hidden_size,
    patch_norm: true,
    bias: { qkv: false, out: false },
    split: { out_proj: 'o_proj' },
    block_names: { norm1: 'attention_norm', norm2: 'ffn_norm', attn: 'attention', mlp: 'feed_forward' },
    mlp: () => new GatedMlp({ hidden_size: width, intermediate_size, activation }),
    rope: { theta: turning(vision), order: 'alternates' },
    merger: () => merger,
    names: {
      patch_embed: `${HF_TOWER.vision}.patch_conv`,
      post_conv_layernorm: `${HF_TOWER.vision}.ln_pre`,
      blocks: `${HF_TOWER.vision}.transformer.layers`,
      merger: HF_TOWER.connector,
    },
  });
  return new MultimodalLM({ text, tower, roles: HF_ROLES });
}

/** Transformers 5 keeps it in `rope_parameters`. */
function turning(vision: ConfigReader): number {
  return vision.nested('rope_parameters').number('rope_theta', vision.number('rope_theta', 10_000));
}

export function pixtralImages(config: ConfigReader, settings: ImageSettings, merge: number): LongestPatches {
  const vision = config.nested('vision_config');
  return new LongestPatches({
    ...imageSteps(settings),
    longest: new ConfigReader(settings).nested('size').count('longest_edge', 1024),
    patch_size: vision.count('patch_size', 16),
    merge_size: merge,
    temporal_patch_size: 1,
    token: '[IMG]',
    text: (image) => rowsText(image, merge),
  });
}

/** Rows of features, each ended by a break, the last by the end. */
function rowsText({ grid: [, rows, columns] }: PlacedMedium, merge: number): string {
  const row = '[IMG]'.repeat(columns / merge);
  return `${new Array<string>(rows / merge).fill(row).join('[IMG_BREAK]')}[IMG_END]`;
}
