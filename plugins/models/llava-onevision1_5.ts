import type { ConfigReader } from 'swift-ts/nn';
import {
  DecoderLoader,
  MultimodalLM,
  PatchMerger,
  PatchTower,
  type Config,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { qwen3Traits } from './_qwen.js';
import {
  FORMER_NAMES,
  NAMES,
  patchSizes,
  qwenVlProcessor,
  ROLES,
  wholeVideo,
  withTextFields,
} from './_qwen-vl.js';
import { activationOf } from './_towers.js';

/** LLaVA-OneVision-1.5 (An et al., 2025, arXiv 2509.23661): RICE-ViT, whose frames each have a token of their own, Qwen3. */
@model({
  family: 'llava_onevision1_5',
  summary: 'LLaVA-OneVision-1.5: RICE-ViT over pictures of any size, Qwen3',
  architectures: ['LLaVAOneVision1_5_ForConditionalGeneration'],
  model_types: ['llavaonevision1_5'],
  media: ['image'],
  template: 'llava_onevision1_5',
  former_names: FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  variants: {
    'llava-onevision-1.5-4b-instruct': {
      hf: 'lmms-lab/LLaVA-OneVision-1.5-4B-Instruct',
      ms: 'lmms-lab/LLaVA-OneVision-1.5-4B-Instruct',
      size: '4B',
    },
    'llava-onevision-1.5-8b-instruct': {
      hf: 'lmms-lab/LLaVA-OneVision-1.5-8B-Instruct',
      ms: 'lmms-lab/LLaVA-OneVision-1.5-8B-Instruct',
      size: '8B',
    },
    'llava-onevision-1.5-4b-base': {
      hf: 'lmms-lab/LLaVA-OneVision-1.5-4B-Base',
      ms: 'lmms-lab/LLaVA-OneVision-1.5-4B-Base',
      size: '4B',
    },
    'llava-onevision-1.5-8b-base': {
      hf: 'lmms-lab/LLaVA-OneVision-1.5-8B-Base',
      ms: 'lmms-lab/LLaVA-OneVision-1.5-8B-Base',
      size: '8B',
    },
  },
})
export class LlavaOneVision15 extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    return super.build(withTextFields(config));
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...qwen3Traits(reader), names: NAMES };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const vision = reader.with(stills(reader.config)).nested('vision_config');
    vision.only('in_channels', 3);
    vision.only('temporal_patch_size', 1);
    const out = vision.count('text_hidden_size', text.hidden_size);
    if (out !== text.hidden_size)
      throw vision.error('text_hidden_size', `${text.hidden_size}, the language model's`);
    const sizes = patchSizes(vision);
    const width = vision.count('embed_dim', 1024);
    const eps = vision.number('layer_norm_eps', 1e-5);
    const merged = { ...sizes, width, out, eps, norm: 'layer' } as const;
    const tower = new PatchTower({
      ...sizes,
      ...{ width, out, eps },
      intermediate_size: vision.count('intermediate_size', 4096),
      activation: activationOf(vision, 'hidden_act', 'gelu'),
      heads: vision.count('num_heads', 16),
      layers: vision.count('depth', 24),
      class_token: true,
      pre_norm: true,
      merger: () => new PatchMerger({ ...merged, names: { norm: 'ln_q', up: 'mlp.0', down: 'mlp.2' } }),
    });
    return new MultimodalLM({ text, tower, roles: ROLES });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const { image, grounding } = qwenVlProcessor(stills(config), settings, { video: { text: wholeVideo() } });
    return { image, grounding };
  }
}

/** Its configs need not say that its patches are of one frame. */
function stills<C extends object>(config: C): C {
  const { vision_config } = config as { vision_config?: object };
  return { ...config, vision_config: { temporal_patch_size: 1, ...vision_config } };
}
