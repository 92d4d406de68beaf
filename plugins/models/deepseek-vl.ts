import {
  ACTIVATIONS,
  ConfigReader,
  HF_SAM,
  HybridTower,
  MultimodalLM,
  ORIGINAL_SAM,
  Projector,
  TileTower,
  type Config,
  type DecoderTraits,
  type HybridParts,
  type Names,
  type SamEncoder,
  type Vit,
} from 'swift-ts/nn';
import {
  CLIP_NORMALIZATION,
  HALF_NORMALIZATION,
  HybridImages,
  model,
  PaddedImages,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Normalization,
  type PlacedMedium,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { samEncoder } from './_sam.js';
import { textTraits } from './_text.js';
import { siglipVit, timmVit } from './_towers.js';

/** What the authors' own code builds by name: SigLIP-L of timm, with its last norm. */
const LARGE = 'siglip_large_patch16_384';
const SIDE = 384;
const LARGE_SIZES = {
  width: 1024,
  intermediate_size: 4096,
  layers: 24,
  heads: 16,
  image_size: SIDE,
  patch_size: 16,
};

/** Of the large copy of pictures that the authors' own code looks at. */
const HIGH = 1024;

/** DeepSeek-VL (Lu et al., 2024, arXiv 2403.05525), and what Janus (Wu et al., 2024, arXiv 2410.13848) sees with: it is the same. */
@model({
  family: 'deepseek_vl',
  summary:
    'DeepSeek-VL, and Janus and Janus-Pro where they look at pictures: SigLIP-L over a padded picture, SAM-B beside it in 7B',
  architectures: [
    'MultiModalityCausalLM',
    'DeepseekVLForConditionalGeneration',
    'DeepseekVLHybridForConditionalGeneration',
  ],
  model_types: ['multi_modality', 'deepseek_vl', 'deepseek_vl_hybrid'],
  media: ['image'],
  template: 'deepseek-vl',
  // What pools pictures, and what draws them.
  ignored_tensors: [/^vision_model\.vision_tower\.attn_pool\./, /^gen_(vision_model|aligner|head|embed)\./],
  lora_target_modules: ['all-linear'],
  variants: {
    'deepseek-vl-1_3b-chat': {
      hf: 'deepseek-ai/deepseek-vl-1.3b-chat',
      ms: 'deepseek-ai/deepseek-vl-1.3b-chat',
      size: '1.3B',
    },
    'deepseek-vl-7b-chat': {
      hf: 'deepseek-ai/deepseek-vl-7b-chat',
      ms: 'deepseek-ai/deepseek-vl-7b-chat',
      size: '7B',
    },
    'janus-1.3b': {
      hf: 'deepseek-ai/Janus-1.3B',
      ms: 'deepseek-ai/Janus-1.3B',
      template: 'deepseek_janus',
      size: '1.3B',
    },
    'janus-pro-1b': {
      hf: 'deepseek-ai/Janus-Pro-1B',
      ms: 'deepseek-ai/Janus-Pro-1B',
      template: 'deepseek_janus_pro',
      size: '1B',
    },
    'janus-pro-7b': {
      hf: 'deepseek-ai/Janus-Pro-7B',
      ms: 'deepseek-ai/Janus-Pro-7B',
      template: 'deepseek_janus_pro',
      size: '7B',
    },
  },
})
export class DeepseekVl implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    if (isHf(reader)) return isHybrid(reader) ? this.hfHybrid(reader) : this.hf(reader);
    return isHybrid(reader) ? this.ownHybrid(reader) : this.own(reader);
  }

  processor(config: ModelConfig, settings: ImageSettings, template: string): Processor {
    const reader = new ConfigReader(config);
    if (isHybrid(reader)) return { image: hybridImages(reader, settings) };
    const size = isHf(reader) ? reader.nested('vision_config').count('image_size', SIDE) : SIDE;
    const steps = imageSteps(settings, isHf(reader) ? {} : HALF_NORMALIZATION);
    const given = new ConfigReader(settings);
    given.only('image_size', size);
    const isJanus = template.startsWith('deepseek_janus');
    const image = new PaddedImages({
      ...steps,
      size,
      min_size: given.count('min_size', 14),
      rounds: isHf(reader),
      background: background(steps),
      token: TOKEN,
      text: ({ features }) => {
        const run = TOKEN.repeat(features);
        return isJanus ? `<begin_of_image>${run}<end_of_image>\n` : run;
      },
    });
    return { image };
  }

  private hf(reader: ConfigReader): MultimodalLM {
    const text = hfText(reader);
    const vision = siglipVit(reader.nested('vision_config'), { normed: true });
    const names = { linear_1: 'linear1', linear_2: 'linear2' };
    return multimodal(text, vision, names, { vision: 'model.vision_model', connector: 'model.aligner' });
  }

  private hfHybrid(reader: ConfigReader): MultimodalLM {
    const high = samEncoder(reader.nested('high_res_vision_config'), HF_SAM);
    return hybrid(hfText(reader), siglipVit(reader.nested('vision_config'), { normed: true }), high, {
      vision: 'model.vision_model',
      high: 'model.high_res_vision_model.vision_encoder',
      neck: 'model.high_res_vision_neck',
      alpha: 'model.high_res_vision_alpha',
      conv1: 'model.high_res_vision_proj.conv1',
      conv2: 'model.high_res_vision_proj.conv2',
      low_proj: 'model.aligner.vision_proj',
      high_proj: 'model.aligner.high_res_vision_proj',
      proj: 'model.aligner.proj',
    });
  }

  private ownHybrid(reader: ConfigReader): MultimodalLM {
    const towers = reader.nested('vision_config').nested('params');
    towers.only('concat_type', 'tuple');
    looksBy(towers.nested('low_res_cfg'), LARGE, SIDE);
    looksBy(towers.nested('high_res_cfg'), 'sam_b_downsample', HIGH);
    const aligner = reader.nested('aligner_config').nested('params');
    aligner.only('projector_type', 'low_high_hybrid_split_mlp_gelu');
    aligner.only('depth', 2);
    const high = 'vision_model.vision_tower_high.vision_tower';
    return hybrid(ownText(reader), timmVit(LARGE_SIZES), samEncoder(new ConfigReader({}), ORIGINAL_SAM), {
      vision: 'vision_model.vision_tower_low.vision_tower',
      high,
      neck: `${high}.neck_hd`,
      alpha: `${high}.hd_alpha_downsamples`,
      conv1: `${high}.downsamples.0`,
      conv2: `${high}.downsamples.1`,
      low_proj: 'aligner.low_up_proj',
      high_proj: 'aligner.high_up_proj',
      proj: 'aligner.layers.1',
    });
  }

  /** The layout of the authors' own code. */
  private own(reader: ConfigReader): MultimodalLM {
    looksBy(reader.nested('vision_config').nested('params'), LARGE, SIDE);
    const aligner = reader.nested('aligner_config').nested('params');
    aligner.only('projector_type', 'mlp_gelu');
    aligner.only('depth', 2);
    const text = ownText(reader);
    const vision = timmVit(LARGE_SIZES);
    const names = { linear_1: 'layers.0', linear_2: 'layers.2' };
    return multimodal(text, vision, names, { vision: 'vision_model.vision_tower', connector: 'aligner' });
  }
}

const isHf = (reader: ConfigReader): boolean => String(reader.get('model_type')).startsWith('deepseek_vl');

/** Two copies of a picture, a small and a large one. */
const isHybrid = (reader: ConfigReader): boolean =>
  reader.get('model_type') === 'deepseek_vl_hybrid' ||
  reader.nested('vision_config').get('cls') === 'HybridVisionTower';

const hfText = (reader: ConfigReader): DecoderTraits =>
  textTraits(reader.nested('text_config').config, { model: 'model.language_model' }, reader.config);

const ownText = (reader: ConfigReader): DecoderTraits =>
  textTraits(reader.nested('language_config').config, {
    model: 'language_model.model',
    head: 'language_model.',
  });

/** @throws ConfigError for another tower than the one of that name, or other states of it */
function looksBy(tower: ConfigReader, name: string, size: number): void {
  tower.choice('model_name', [name]);
  tower.only('image_size', size);
  tower.only('select_feature', 'same');
  tower.only('select_layer', -1);
}

/** The authors' code makes the small copy of the large one's values, not of its bytes. */
function hybridImages(reader: ConfigReader, settings: ImageSettings): HybridImages {
  const given = new ConfigReader(settings);
  const shared = {
    min_size: given.count('min_size', 14),
    token: TOKEN,
    text: ({ features }: PlacedMedium) => TOKEN.repeat(features),
  };
  if (isHf(reader)) {
    const steps = imageSteps(settings);
    const high = imageSteps({
      ...settings,
      image_mean: given.get('high_res_image_mean'),
      image_std: given.get('high_res_image_std'),
      resample: given.get('high_res_resample'),
    });
    return new HybridImages({
      ...shared,
      ...high,
      size: reader.nested('high_res_vision_config').count('image_size', HIGH),
      rounds: true,
      background: background(high),
      small: { ...steps, size: reader.nested('vision_config').count('image_size', SIDE) },
    });
  }
  given.only('do_normalize', false);
  given.only('image_size', HIGH);
  return new HybridImages({
    ...shared,
    ...CLIP_NORMALIZATION,
    filter: 'bicubic',
    size: HIGH,
    rounds: false,
    background: given.has('background_color') ? given.numbers('background_color') : [127, 127, 127],
    small: { ...HALF_NORMALIZATION, size: SIDE },
  });
}

const TOKEN = '<image_placeholder>';

const background = ({ mean }: Normalization): number[] => mean.map((value) => Math.trunc(value * 255));

function hybrid(
  text: DecoderTraits,
  vision: Vit,
  high: SamEncoder,
  names: HybridParts['names'],
): MultimodalLM {
  const { hidden_size } = text;
  const towers = [names.vision, names.high, names.neck, names.alpha, names.conv1, names.conv2];
  return new MultimodalLM({
    text,
    tower: new HybridTower({ vision, high, hidden_size, names }),
    roles: [
      ...towers.map((place) => [place, 'vit'] as const),
      ...[names.low_proj, names.high_proj, names.proj].map((place) => [place, 'aligner'] as const),
    ],
  });
}

function multimodal(
  text: DecoderTraits,
  vision: Vit,
  projector: Names,
  names: { readonly vision: string; readonly connector: string },
): MultimodalLM {
  const { width } = vision.size;
  const activation = ACTIVATIONS.gelu;
  const connector = new Projector(
    { width, hidden_size: text.hidden_size, activation, bias: true },
    projector,
  );
  return new MultimodalLM({
    text,
    tower: new TileTower({ vision, connector, names }),
    roles: [
      [names.vision, 'vit'],
      [names.connector, 'aligner'],
    ],
  });
}
