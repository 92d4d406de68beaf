import {
  ConfigReader,
  DecoderLoader,
  GatedMlp,
  MultimodalLM,
  PatchMerger,
  PatchTower,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import { silu } from 'swift-ts/graph';
import {
  model,
  PatchImages,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { qwen2Traits } from './_qwen.js';

const TOWER = 'vision_tower';
const TOKEN = '<|imgpad|>';

const sizesOf = (vision: ConfigReader) => ({
  patch_size: vision.count('patch_size', 14),
  temporal_patch_size: vision.count('temporal_patch_size', 1),
  merge_size: vision.count('spatial_merge_size', 2),
});

/** dots.ocr (Li et al., 2025, arXiv 2512.02498): a tower of its own for documents, Qwen2. */
@model({
  family: 'dots_ocr',
  summary: 'dots.ocr: layouts and texts of documents of any size',
  architectures: ['DotsOCRForCausalLM'],
  model_types: ['dots_ocr'],
  media: ['image'],
  template: 'dots_ocr',
  lora_target_modules: ['all-linear'],
  variants: {
    'dots.ocr': { hf: 'rednote-hilab/dots.ocr', ms: 'rednote-hilab/dots.ocr' },
  },
})
export class DotsOcr extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...qwen2Traits(reader, 'attention_bias'), names: { tower: TOWER } };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const vision = reader.nested('vision_config');
    for (const [field, value] of [
      ['num_channels', 3],
      ['temporal_patch_size', 1],
      ['is_causal', false],
      ['post_norm', true],
    ] as const)
      vision.only(field, value);
    vision.only('hidden_size', text.hidden_size);
    const sizes = sizesOf(vision);
    const bias = vision.flag('use_bias');
    const plain = { intermediate_size: vision.count('intermediate_size', 4224), activation: silu };
    const width = vision.count('embed_dim', 1536);
    const out = text.hidden_size;
    const names = { gate_proj: 'fc1', up_proj: 'fc3', down_proj: 'fc2' };
    const tower = new PatchTower({
      ...sizes,
      ...plain,
      ...{ width, out },
      norm: 'rms',
      eps: vision.number('rms_norm_eps', 1e-5),
      mlp: () => new GatedMlp({ ...plain, hidden_size: width, bias, names }),
      heads: vision.count('num_attention_heads', 12),
      layers: vision.count('num_hidden_layers', 42),
      bias: { qkv: bias, out: bias },
      patch_bias: true,
      patch_norm: true,
      post_norm: true,
      merger: () =>
        new PatchMerger({
          ...sizes,
          ...{ width, out },
          norm: 'layer',
          eps: 1e-6,
          names: { norm: 'ln_q', up: 'mlp.0', down: 'mlp.2' },
        }),
      names: {
        patch_embed: 'patch_embed.patchifier.proj',
        post_conv_layernorm: 'patch_embed.patchifier.norm',
        post_layernorm: 'post_trunk_norm',
      },
    });
    return new MultimodalLM({
      text,
      tower,
      roles: [
        [TOWER, 'vit'],
        [`${TOWER}.merger`, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const sizes = sizesOf(new ConfigReader(config).nested('vision_config'));
    const reader = new ConfigReader(settings);
    const size = reader.nested('size');
    for (const field of ['patch_size', 'temporal_patch_size', 'merge_size'] as const)
      reader.only(field, sizes[field]);
    return {
      image: new PatchImages({
        ...imageSteps(settings),
        ...sizes,
        min_pixels: reader.count('min_pixels', size.count('shortest_edge', 56 * 56)),
        max_pixels: reader.count('max_pixels', size.count('longest_edge', 11_289_600)),
        token: TOKEN,
        text: ({ features }) => `<|img|>${TOKEN.repeat(features)}<|endofimg|>`,
      }),
    };
  }
}
