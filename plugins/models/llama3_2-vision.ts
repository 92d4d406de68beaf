import { CanvasTower, ConfigReader, MultimodalLM, type Config } from 'swift-ts/nn';
import {
  CanvasImages,
  canvasShapes,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { HF_PLACES, textTraits } from './_text.js';
import { activationOf } from './_towers.js';

const TEXT = { model_type: 'mllama_text_model' };
const PLACES = { vision: 'model.vision_model', projector: 'model.multi_modal_projector' };

/** Before Transformers 4.52, and in all files that it saves. */
const FORMER_NAMES = [
  [/^(model\.)?vision_model\./, 'model.vision_model.'],
  [/^(model\.)?multi_modal_projector\./, 'model.multi_modal_projector.'],
  [/^language_model\.lm_head\./, 'lm_head.'],
  [/^(model\.)?language_model\.(model\.)?/, 'model.language_model.'],
] as const;

/** Llama 3.2 Vision (Grattafiori et al., 2024, arXiv 2407.21783). */
@model({
  family: 'llama3_2_vision',
  summary: 'Llama 3.2 Vision: pictures on tiles, which every fifth layer looks at',
  architectures: ['MllamaForConditionalGeneration'],
  model_types: ['mllama'],
  media: ['image'],
  template: 'llama3_2_vision',
  former_names: FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  variants: {
    'llama-3.2-11b-vision': {
      hf: 'meta-llama/Llama-3.2-11B-Vision',
      ms: 'LLM-Research/Llama-3.2-11B-Vision',
      size: '11B',
    },
    'llama-3.2-11b-vision-instruct': {
      hf: 'meta-llama/Llama-3.2-11B-Vision-Instruct',
      ms: 'LLM-Research/Llama-3.2-11B-Vision-Instruct',
      size: '11B',
    },
    'llama-3.2-90b-vision': {
      hf: 'meta-llama/Llama-3.2-90B-Vision',
      ms: 'LLM-Research/Llama-3.2-90B-Vision',
      size: '90B',
    },
    'llama-3.2-90b-vision-instruct': {
      hf: 'meta-llama/Llama-3.2-90B-Vision-Instruct',
      ms: 'LLM-Research/Llama-3.2-90B-Vision-Instruct',
      size: '90B',
    },
  },
})
export class Llama32Vision implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const fields = { ...TEXT, ...reader.nested('text_config').config };
    const text = textTraits(fields, HF_PLACES, config);
    return new MultimodalLM({
      text,
      tower: towerOf(reader.nested('vision_config'), text.hidden_size),
      roles: [
        [PLACES.vision, 'vit'],
        [PLACES.projector, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const vision = new ConfigReader(config).nested('vision_config');
    const reader = new ConfigReader(settings);
    const size = vision.count('image_size', 448);
    for (const side of ['height', 'width']) reader.nested('size').only(side, size);
    reader.only('do_pad', true);
    const max_tiles = vision.count('max_num_tiles', 4);
    reader.only('max_image_tiles', max_tiles);
    const image = new CanvasImages({
      ...imageSteps(settings, { filter: 'bilinear' }),
      size,
      max_tiles,
      token: '<|image|>',
      text: () => '<|image|>',
    });
    return { image };
  }
}

/** `MllamaVisionConfig`. */
function towerOf(vision: ConfigReader, hidden_size: number): CanvasTower {
  const tiles = vision.count('max_num_tiles', 4);
  const shapes = canvasShapes(tiles);
  if (vision.has('supported_aspect_ratios')) {
    const stated = JSON.stringify(vision.get('supported_aspect_ratios'));
    const known = JSON.stringify(shapes);
    if (stated !== known) throw vision.error('supported_aspect_ratios', known);
  }
  const width = vision.count('hidden_size', 1280);
  const layers = vision.count('num_hidden_layers', 32);
  const field = 'intermediate_layers_indices';
  const taken = vision.has(field) ? vision.numbers(field) : [3, 7, 15, 23, 30];
  if (!taken.every((layer) => Number.isInteger(layer) && layer >= 0 && layer < layers))
    throw vision.error(field, `numbers of the ${layers} layers`);
  const image_size = vision.count('image_size', 448);
  const patch_size = vision.count('patch_size', 14);
  if (image_size % patch_size !== 0) throw vision.error('image_size', `a multiple of ${patch_size}`);
  vision.only('num_channels', 3);
  vision.only('vision_output_dim', width * (1 + taken.length));
  const size = {
    width,
    layers,
    taken,
    tiles,
    image_size,
    patch_size,
    hidden_size,
    shapes: shapes.length,
    global_layers: vision.count('num_global_layers', 8),
    heads: vision.count('attention_heads', 16),
    intermediate_size: vision.count('intermediate_size', 5120),
    eps: vision.number('norm_eps', 1e-5),
    activation: activationOf(vision, 'hidden_act', 'gelu'),
  };
  return new CanvasTower(size, PLACES);
}
