import {
  ACTIVATIONS,
  ConfigReader,
  MultimodalLM,
  Projector,
  TileTower,
  Vit,
  type Config,
  type DecoderTraits,
  type Names,
} from 'swift-ts/nn';
import {
  HALF_NORMALIZATION,
  model,
  PaddedImages,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { textTraits } from './_text.js';
import { siglipVit } from './_towers.js';

/** What the authors' own code builds by name: SigLIP-L of timm, with its last norm. */
const LARGE = 'siglip_large_patch16_384';
const SIDE = 384;

/** DeepSeek-VL 1.3B (Lu et al., 2024, arXiv 2403.05525), and what Janus (Wu et al., 2024, arXiv 2410.13848) sees with: it is the same. */
@model({
  family: 'deepseek_vl',
  summary:
    'DeepSeek-VL 1.3B, and Janus and Janus-Pro where they look at pictures: SigLIP-L over a padded picture',
  architectures: ['MultiModalityCausalLM', 'DeepseekVLForConditionalGeneration'],
  model_types: ['multi_modality', 'deepseek_vl'],
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
    return isHf(reader) ? this.hf(reader) : this.own(reader);
  }

  processor(config: ModelConfig, settings: ImageSettings, template: string): Processor {
    const reader = new ConfigReader(config);
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
      background: steps.mean.map((value) => Math.trunc(value * 255)),
      token: '<image_placeholder>',
      text: ({ features }) => {
        const run = '<image_placeholder>'.repeat(features);
        return isJanus ? `<begin_of_image>${run}<end_of_image>\n` : run;
      },
    });
    return { image };
  }

  private hf(reader: ConfigReader): MultimodalLM {
    const text = textTraits(
      reader.nested('text_config').config,
      { model: 'model.language_model' },
      reader.config,
    );
    const vision = siglipVit(reader.nested('vision_config'), { normed: true });
    const names = { linear_1: 'linear1', linear_2: 'linear2' };
    return multimodal(text, vision, names, { vision: 'model.vision_model', connector: 'model.aligner' });
  }

  /** The layout of the authors' own code. */
  private own(reader: ConfigReader): MultimodalLM {
    const tower = reader.nested('vision_config').nested('params');
    tower.choice('model_name', [LARGE]);
    tower.only('image_size', SIDE);
    tower.only('select_feature', 'same');
    tower.only('select_layer', -1);
    const aligner = reader.nested('aligner_config').nested('params');
    aligner.only('projector_type', 'mlp_gelu');
    aligner.only('depth', 2);
    const places = { model: 'language_model.model', head: 'language_model.' };
    const text = textTraits(reader.nested('language_config').config, places);
    const vision = new Vit({
      width: 1024,
      intermediate_size: 4096,
      layers: 24,
      heads: 16,
      image_size: SIDE,
      patch_size: 16,
      eps: 1e-6,
      activation: ACTIVATIONS.gelu,
      class_token: false,
      keeps_class: false,
      patch_bias: true,
      pre_norm: false,
      post_norm: true,
      normed: true,
      batched_tables: true,
      fused: true,
      names: {
        own: {
          patch_embedding: 'patch_embed.proj',
          position_embedding: 'pos_embed',
          layers: 'blocks',
          post_norm: 'norm',
        },
        block: {},
      },
    });
    const names = { linear_1: 'layers.0', linear_2: 'layers.2' };
    return multimodal(text, vision, names, { vision: 'vision_model.vision_tower', connector: 'aligner' });
  }
}

const isHf = (reader: ConfigReader): boolean => reader.get('model_type') === 'deepseek_vl';

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
