import { ConfigReader, MultimodalLM, Projector, TileTower, type Config } from 'swift-ts/nn';
import {
  ClipImages,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { HF_PLACES, textTraits } from './_text.js';
import { activationOf, clipVit, usedLayers } from './_towers.js';

/** Before Transformers 4.52, and in all files that it saves; CLIP's own name in front of its parts went with Transformers 5. */
const FORMER_NAMES = [
  [/^(model\.)?vision_tower\.(vision_model\.)?/, 'model.vision_tower.'],
  [/^(model\.)?multi_modal_projector\./, 'model.multi_modal_projector.'],
  [/^language_model\.lm_head\./, 'lm_head.'],
  [/^language_model\.model\./, 'model.language_model.'],
] as const;

/** LLaVA-1.5 (Liu et al., 2023, arXiv 2310.03744), as Hugging Face keeps it. */
@model({
  family: 'llava1_5_hf',
  summary: 'LLaVA-1.5: CLIP, two layers, Vicuna',
  architectures: ['LlavaForConditionalGeneration'],
  model_types: ['llava'],
  media: ['image'],
  template: 'llava1_5',
  former_names: FORMER_NAMES,
  ignored_tensors: [/(^|\.)vision_tower\.embeddings\.position_ids$/],
  lora_target_modules: ['all-linear'],
  variants: {
    'llava1_5-7b-instruct': {
      hf: 'llava-hf/llava-1.5-7b-hf',
      ms: 'swift/llava-1.5-7b-hf',
      size: '7B',
    },
    'llava1_5-13b-instruct': {
      hf: 'llava-hf/llava-1.5-13b-hf',
      ms: 'swift/llava-1.5-13b-hf',
      size: '13B',
    },
  },
})
export class Llava implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = textTraits(reader.nested('text_config').config, HF_PLACES, config);
    const clip = clipFields(reader);
    const strategy = reader.choice('vision_feature_select_strategy', ['default', 'full'], 'default');
    const used_layers = usedLayers(reader, 'vision_feature_layer', -2, clip.count('num_hidden_layers', 12));
    const vision = clipVit(clip, { used_layers, normed: false, keeps_class: strategy === 'full' });
    const connector = new Projector({
      width: vision.size.width,
      hidden_size: text.hidden_size,
      activation: activationOf(reader, 'projector_hidden_act', 'gelu'),
      bias: reader.flag('multimodal_projector_bias', true),
    });
    return new MultimodalLM({
      text,
      tower: new TileTower(vision, connector, {
        vision: 'model.vision_tower',
        connector: 'model.multi_modal_projector',
      }),
      roles: [
        ['model.vision_tower', 'vit'],
        ['model.multi_modal_projector', 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(settings);
    const clip = clipFields(new ConfigReader(config));
    const side = clip.count('image_size', 224);
    reader.only('do_center_crop', true);
    reader.only('do_pad', false);
    const size = reader.nested('size');
    const squash = size.has('height');
    const wanted = size.count(squash ? 'height' : 'shortest_edge', side);
    if (squash) size.only('width', wanted);
    const crop = reader.nested('crop_size');
    for (const field of ['height', 'width']) crop.only(field, side);
    if (wanted < side)
      throw size.error(squash ? 'height' : 'shortest_edge', `at least ${side}, what is cut out`);
    const image = new ClipImages({
      ...imageSteps(settings),
      size: wanted,
      squash,
      crop: side,
      token: '<image>',
      text: ({ features }) => `${'<image>'.repeat(features)}\n`,
    });
    return { image };
  }
}

/** CLIP-L at 336 pixels, where a config says nothing of the tower. */
function clipFields(reader: ConfigReader): ConfigReader {
  const large = {
    hidden_size: 1024,
    intermediate_size: 4096,
    num_hidden_layers: 24,
    num_attention_heads: 16,
    image_size: 336,
    patch_size: 14,
  };
  return reader.has('vision_config') ? reader.nested('vision_config') : new ConfigReader(large);
}
