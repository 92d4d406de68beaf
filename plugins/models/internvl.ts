import { ConfigReader, type Config, type MultimodalLM } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { internModel, internProcessor, shrinking } from './_internvl.js';
import { HF_PLACES, textTraits } from './_text.js';
import { activationOf, HF_FORMER_NAMES } from './_towers.js';

const PLACES = {
  tower: 'model.vision_tower',
  projector: 'model.multi_modal_projector',
  fused: false,
  projectorNames: { norm: 'layer_norm' },
  vit: {
    own: {
      class_embedding: 'embeddings.cls_token',
      patch_embedding: 'embeddings.patch_embeddings.projection',
      position_embedding: 'embeddings.position_embeddings',
      layers: 'encoder.layer',
    },
    block: {
      norm1: 'layernorm_before',
      norm2: 'layernorm_after',
      attn: 'attention',
      scale1: 'lambda_1',
      scale2: 'lambda_2',
    },
    attention: { out_proj: 'projection_layer' },
  },
};

/** InternVL 3 and 3.5 in the layout of Transformers. */
@model({
  family: 'internvl',
  summary: 'InternVL 3 and 3.5 as Transformers keeps them',
  architectures: ['InternVLForConditionalGeneration'],
  model_types: ['internvl'],
  media: ['image'],
  template: 'internvl_hf',
  former_names: HF_FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  variants: {
    'internvl3-1b-hf': { hf: 'OpenGVLab/InternVL3-1B-hf', ms: 'OpenGVLab/InternVL3-1B-hf', size: '1B' },
    'internvl3-2b-hf': { hf: 'OpenGVLab/InternVL3-2B-hf', ms: 'OpenGVLab/InternVL3-2B-hf', size: '2B' },
    'internvl3-8b-hf': { hf: 'OpenGVLab/InternVL3-8B-hf', ms: 'OpenGVLab/InternVL3-8B-hf', size: '8B' },
    'internvl3-9b-hf': { hf: 'OpenGVLab/InternVL3-9B-hf', ms: 'OpenGVLab/InternVL3-9B-hf', size: '9B' },
    'internvl3-14b-hf': { hf: 'OpenGVLab/InternVL3-14B-hf', ms: 'OpenGVLab/InternVL3-14B-hf', size: '14B' },
    'internvl3-38b-hf': { hf: 'OpenGVLab/InternVL3-38B-hf', ms: 'OpenGVLab/InternVL3-38B-hf', size: '38B' },
    'internvl3-78b-hf': { hf: 'OpenGVLab/InternVL3-78B-hf', ms: 'OpenGVLab/InternVL3-78B-hf', size: '78B' },
    'internvl3_5-1b-hf': { hf: 'OpenGVLab/InternVL3_5-1B-HF', ms: 'OpenGVLab/InternVL3_5-1B-HF', size: '1B' },
    'internvl3_5-2b-hf': { hf: 'OpenGVLab/InternVL3_5-2B-HF', ms: 'OpenGVLab/InternVL3_5-2B-HF', size: '2B' },
    'internvl3_5-4b-hf': { hf: 'OpenGVLab/InternVL3_5-4B-HF', ms: 'OpenGVLab/InternVL3_5-4B-HF', size: '4B' },
    'internvl3_5-8b-hf': { hf: 'OpenGVLab/InternVL3_5-8B-HF', ms: 'OpenGVLab/InternVL3_5-8B-HF', size: '8B' },
    'internvl3_5-14b-hf': {
      hf: 'OpenGVLab/InternVL3_5-14B-HF',
      ms: 'OpenGVLab/InternVL3_5-14B-HF',
      size: '14B',
    },
    'internvl3_5-38b-hf': {
      hf: 'OpenGVLab/InternVL3_5-38B-HF',
      ms: 'OpenGVLab/InternVL3_5-38B-HF',
      size: '38B',
    },
    'internvl3_5-30b-a3b-hf': {
      hf: 'OpenGVLab/InternVL3_5-30B-A3B-HF',
      ms: 'OpenGVLab/InternVL3_5-30B-A3B-HF',
      size: '30B',
    },
    'internvl3_5-241b-a28b-hf': {
      hf: 'OpenGVLab/InternVL3_5-241B-A28B-HF',
      ms: 'OpenGVLab/InternVL3_5-241B-A28B-HF',
      size: '241B',
    },
    'internvl3_5-gpt-oss-20b-a4b-preview-hf': {
      hf: 'OpenGVLab/InternVL3_5-GPT-OSS-20B-A4B-Preview-HF',
      ms: 'OpenGVLab/InternVL3_5-GPT-OSS-20B-A4B-Preview-HF',
      size: '20B',
    },
  },
})
export class InternVl implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    reader.only('vision_feature_layer', -1);
    reader.only('vision_feature_select_strategy', 'default');
    const vision = reader.nested('vision_config');
    vision.only('use_mask_token', false);
    vision.only('use_absolute_position_embeddings', true);
    vision.only('use_mean_pooling', true);
    const ratio = shrinking(reader);
    const text = textTraits(reader.nested('text_config').config, HF_PLACES, config);
    const own = {
      image_size: sideOf(vision, 'image_size', 448),
      patch_size: sideOf(vision, 'patch_size', 14),
      qk_norm: vision.flag('use_qk_norm'),
      qkv_bias: vision.flag('attention_bias'),
    };
    const activation = activationOf(reader, 'projector_hidden_act', 'gelu');
    return internModel(text, vision, own, PLACES, { ratio, activation });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const vision = new ConfigReader(config).nested('vision_config');
    const reader = new ConfigReader(settings);
    const size = sideOf(vision, 'image_size', 448);
    for (const side of ['height', 'width']) reader.nested('size').only(side, size);
    const tiles = {
      size,
      min_tiles: reader.count('min_patches', 1),
      max_tiles: reader.count('max_patches', 12),
      thumbnail: true,
    };
    return internProcessor(tiles, settings);
  }
}

/** One number, or two equal ones. @throws ConfigError */
function sideOf(reader: ConfigReader, field: string, fallback: number): number {
  if (!Array.isArray(reader.get(field))) return reader.count(field, fallback);
  const [height, width] = reader.numbers(field);
  if (height !== width) throw reader.error(field, 'two equal numbers');
  return height;
}
