import { ConfigReader, MultimodalLM, type Config } from 'swift-ts/nn';
import {
  HALF_NORMALIZATION,
  model,
  PaddedPatches,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { MOON_VISION, moonPatches, moonVit, type MoonProjector } from './_moonvit.js';
import { textTraits } from './_text.js';

const PLACES = { model: 'language_model.model', head: 'language_model.' };
const PROJECTOR = 'mm_projector';
const PAD = '<|media_pad|>';

/** What published configs call the fields of the tower. */
const PUBLISHED = {
  hidden_size: 'vt_hidden_size',
  intermediate_size: 'vt_intermediate_size',
  num_attention_heads: 'vt_num_attention_heads',
  num_hidden_layers: 'vt_num_hidden_layers',
  pos_emb_height: 'init_pos_emb_height',
  pos_emb_width: 'init_pos_emb_width',
};

/** Kimi K2.5 and later (Kimi Team, 2026): Kimi K2 with MoonViT. Its parts are named as in published files. */
@model({
  family: 'kimi_k25',
  summary: 'Kimi K2.5 to K2.7: Kimi K2 that sees pictures of any size, by MoonViT',
  architectures: ['KimiK25ForConditionalGeneration', 'Kimi_K25ForConditionalGeneration'],
  model_types: ['kimi_k25'],
  media: ['image'],
  template: 'kimi_k25',
  lora_target_modules: ['all-linear'],
  variants: {
    'kimi-k2.5': {
      hf: 'moonshotai/Kimi-K2.5',
      ms: 'moonshotai/Kimi-K2.5',
      codec: 'compressed-tensors',
    },
    'kimi-k2.6': {
      hf: 'moonshotai/Kimi-K2.6',
      ms: 'moonshotai/Kimi-K2.6',
      codec: 'compressed-tensors',
    },
    'kimi-k2.7-code': {
      hf: 'moonshotai/Kimi-K2.7-Code',
      ms: 'moonshotai/Kimi-K2.7-Code',
      codec: 'compressed-tensors',
    },
  },
})
export class KimiK25 implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = textTraits(
      { model_type: 'deepseek_v3', ...reader.nested('text_config').config },
      PLACES,
      config,
    );
    return new MultimodalLM({
      text,
      tower: moonVit(checked(reader), text.hidden_size, projectorOf(reader)),
      roles: [
        [MOON_VISION, 'vit'],
        [PROJECTOR, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const vision = visionOf(new ConfigReader(config));
    // Published files have all in one field, and other names than Transformers.
    const published = new ConfigReader(settings).nested('media_proc_cfg');
    const reader = new ConfigReader({ ...settings, ...published.config });
    const sizes = moonPatches(vision);
    reader.only('patch_size', sizes.patch_size);
    reader.only('fixed_output_tokens', null);
    const image = new PaddedPatches({
      ...imageSteps(reader.config, { ...HALF_NORMALIZATION, filter: 'bicubic' }),
      ...sizes,
      most_patches: reader.count('in_patch_limit', reader.count('max_patches', 16_384)),
      most_of_side: reader.count('patch_limit_on_one_side', reader.nested('size').count('max_height', 512)),
      token: PAD,
      text: ({ features }) => `<|media_begin|>image<|media_content|>${PAD.repeat(features)}<|media_end|>\n`,
    });
    return { image };
  }
}

function visionOf(reader: ConfigReader): ConfigReader {
  const vision = reader.nested('vision_config');
  return vision.has('vt_hidden_size') ? new ConfigReader(vision.config, PUBLISHED) : vision;
}

/** The tower's part of config.json, where nothing in it asks for another tower. */
function checked(reader: ConfigReader): ConfigReader {
  const vision = visionOf(reader);
  for (const [field, value] of [
    ['merge_type', 'sd2_tpool'],
    ['mm_projector_type', 'patchmerger'],
    ['pos_emb_type', 'divided_fixed'],
    ['video_attn_type', 'spatial_temporal'],
    ['projector_hidden_act', 'gelu'],
  ] as const)
    vision.only(field, value);
  const width = vision.count('hidden_size', 1152);
  vision.only('mm_hidden_size', width);
  reader.only('projection_hidden_size', width);
  return vision;
}

function projectorOf(reader: ConfigReader): MoonProjector {
  const eps = visionOf(reader).number('projector_ln_eps', reader.number('projection_layer_norm_eps', 1e-5));
  return { place: PROJECTOR, names: { norm: 'pre_norm', up: 'proj.0', down: 'proj.2' }, eps };
}
