import { ConfigReader, MultimodalLM, PatchTower, type Config, type Grid, type RowSums } from 'swift-ts/nn';
import {
  beginnings,
  HALF_NORMALIZATION,
  model,
  PatchImages,
  PatchVideos,
  type ImageSettings,
  type MediaKind,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { WithIndicators, WordMerger } from './_ovis.js';
import { textTraits } from './_text.js';
import { activationOf } from './_towers.js';

/** Pictures stand between the first two of the words that are in no mixture, videos between the other two. */
const INDICATORS = 4;

class Bracketed extends WithIndicators {
  protected arrange([frames, rows, columns]: Grid, kind: MediaKind, first: number, sums: RowSums): void {
    const before = kind === 'video' ? 2 : 0;
    this.add(sums, before);
    this.addMixtures(sums, first, (frames * rows * columns) / this.square);
    this.add(sums, before + 1);
  }
}

const VIT = 'visual_tokenizer.vit.vision_model';

/** Frames of a video that are looked at; SWIFT's `num_frames`. */
const FRAMES = 8;

/** Ovis 2.5 (Lu et al., 2025, arXiv 2508.11737). https://github.com/AIDC-AI/Ovis */
@model({
  family: 'ovis2_5',
  summary: 'Ovis 2.5: pictures of any size as mixtures of visual words, seen by SigLIP 2, and Qwen3',
  architectures: ['Ovis2_5'],
  model_types: ['ovis2_5'],
  media: ['image', 'video'],
  template: 'ovis2_5',
  // Behind the blocks, whose states are taken as they are.
  ignored_tensors: [/^visual_tokenizer\.vit\.vision_model\.post_layernorm\./],
  lora_target_modules: ['all-linear'],
  variants: {
    'ovis2.5-2b': { hf: 'AIDC-AI/Ovis2.5-2B', ms: 'AIDC-AI/Ovis2.5-2B', size: '2B' },
    'ovis2.5-9b': { hf: 'AIDC-AI/Ovis2.5-9B', ms: 'AIDC-AI/Ovis2.5-9B', size: '9B' },
  },
})
export class Ovis25 implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = textTraits(reader.nested('llm_config').config, { model: 'llm.model', head: 'llm.' });
    reader.only('hidden_size', text.hidden_size);
    const vision = reader.nested('vit_config');
    const sizes = patchSizes(vision);
    vision.only('num_patches', -1);
    vision.only('preserve_original_pe', true);
    vision.only('use_rope', true);
    const { patch_size, merge_size: stride } = sizes;
    const side = vision.count('image_size', 512) / patch_size;
    if (!Number.isInteger(side)) throw vision.error('image_size', `a multiple of ${patch_size}`);
    const width = vision.count('hidden_size', 1024);
    const words = {
      text,
      stride,
      width: width * stride ** 2,
      words: reader.count('visual_vocab_size', 65_536),
      indicators: INDICATORS,
    };
    const merger = new WordMerger(words);
    const tower = new PatchTower({
      ...sizes,
      width,
      out: text.hidden_size,
      heads: vision.count('num_attention_heads', 16),
      layers: vision.count('num_hidden_layers', 24),
      intermediate_size: vision.count('intermediate_size', 4096),
      eps: vision.number('layer_norm_eps', 1e-6),
      activation: activationOf(vision, 'hidden_act', 'gelu_pytorch_tanh'),
      patch_bias: true,
      split: {},
      block_names: { norm1: 'layer_norm1', norm2: 'layer_norm2', attn: 'self_attn' },
      windows: windowsOf(vision, patch_size * stride),
      table: { side, filter: 'bicubic' },
      merger: () => merger,
      after: new Bracketed(words, () => merger.words),
      names: {
        patch_embed: `${VIT}.embeddings.patch_embedding`,
        pos_embed: `${VIT}.embeddings.position_embedding`,
        blocks: `${VIT}.encoder.layers`,
        merger: '',
      },
    });
    return new MultimodalLM({
      text,
      tower,
      roles: [
        ['visual_tokenizer.vit', 'vit'],
        ['visual_tokenizer.head', 'aligner'],
        ['vte', 'vit'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(settings);
    reader.only('do_center_crop', false);
    const steps = {
      ...imageSteps(settings, HALF_NORMALIZATION),
      ...patchSizes(new ConfigReader(config).nested('vit_config')),
      token: TOKEN,
      text: ({ features }: { readonly features: number }) => `${TOKEN.repeat(features)}\n`,
    };
    // SWIFT's own where files say nothing, as published ones do.
    const area = (field: string, most: number) =>
      ({
        min_pixels: reader.count('min_pixels', 448 * 448),
        max_pixels: reader.count(field, most),
        stretches: 'by-side',
      }) as const;
    const image = new PatchImages({ ...steps, ...area('max_pixels', 1344 * 1792) });
    const frame = area('video_max_pixels', 896 * 896);
    const video = new PatchVideos({
      ...steps,
      choose: (facts) => beginnings(facts, FRAMES),
      bounds: () => frame,
    });
    return { image, video };
  }
}

/** Stands where pictures do; SWIFT puts numbers below 0 there, which are no tokens. */
const TOKEN = '<|image_pad|>';

function patchSizes(vision: ConfigReader) {
  vision.only('model_type', 'siglip2_navit');
  vision.only('num_channels', 3);
  vision.only('temporal_patch_size', 1);
  return {
    patch_size: vision.count('patch_size', 16),
    merge_size: vision.count('hidden_stride', 2),
    temporal_patch_size: 1,
  };
}

/** `fullatt_block_indexes` reads `7|15|23`; where it is absent every block sees the whole picture. @param square its side in pixels */
function windowsOf(vision: ConfigReader, square: number) {
  if (!vision.has('fullatt_block_indexes')) return undefined;
  const full = String(vision.get('fullatt_block_indexes')).split('|').map(Number);
  if (!full.every(Number.isInteger)) throw vision.error('fullatt_block_indexes', "null or '7|15|23'");
  return { side: Math.floor(vision.count('window_size', 112) / square), full };
}
