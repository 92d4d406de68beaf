import {
  ACTIVATIONS,
  ConfigReader,
  MultimodalLM,
  ShuffleProjector,
  TileTower,
  type Config,
} from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { internImages, shrinking } from './_internvl.js';
import { textTraits } from './_text.js';
import { aimv2Vit } from './_towers.js';

const NAMES = { vision: 'vision_model', connector: 'mlp1' };

/** SAIL-VL2 (Yin et al., 2025, arXiv 2509.14033). https://huggingface.co/BytedanceDouyinContent/SAIL-VL2-2B */
@model({
  family: 'sail_vl2',
  summary: "SAIL-VL2: AIMv2's transformer over tiles of a picture as InternVL cuts them, and Qwen3",
  architectures: ['SAILVLModel'],
  model_types: ['sailvl'],
  media: ['image'],
  template: 'sail_vl2',
  lora_target_modules: ['all-linear'],
  variants: {
    'sail-vl2-2b': {
      hf: 'BytedanceDouyinContent/SAIL-VL2-2B',
      ms: 'BytedanceDouyinContent/SAIL-VL2-2B',
      size: '2B',
    },
    'sail-vl2-2b-thinking': {
      hf: 'BytedanceDouyinContent/SAIL-VL2-2B-Thinking',
      ms: 'BytedanceDouyinContent/SAIL-VL2-2B-Thinking',
      size: '2B',
    },
    'sail-vl2-8b': {
      hf: 'BytedanceDouyinContent/SAIL-VL2-8B',
      ms: 'BytedanceDouyinContent/SAIL-VL2-8B',
      size: '8B',
    },
    'sail-vl2-8b-thinking': {
      hf: 'BytedanceDouyinContent/SAIL-VL2-8B-Thinking',
      ms: 'BytedanceDouyinContent/SAIL-VL2-8B-Thinking',
      size: '8B',
    },
  },
})
export class SailVl2 implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    reader.only('select_layer', -1);
    reader.only('ps_version', 'v2');
    const places = { model: 'language_model.model', head: 'language_model.' };
    const text = textTraits(reader.nested('llm_config').config, places);
    const vision = aimv2Vit(reader.nested('vision_config'), { normed: true });
    const { width, image_size } = vision.size;
    reader.only('force_image_size', image_size);
    const connector = new ShuffleProjector(
      {
        width,
        hidden_size: text.hidden_size,
        merge_size: 1 / shrinking(reader),
        eps: 1e-5,
        activation: ACTIVATIONS.gelu,
      },
      { norm: '0', linear_1: '1', linear_2: '3' },
    );
    return new MultimodalLM({
      text,
      tower: new TileTower({ vision, connector, names: NAMES }),
      roles: [
        [NAMES.vision, 'vit'],
        [NAMES.connector, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(settings);
    const size = new ConfigReader(config).nested('vision_config').count('image_size', 448);
    reader.only('image_size', size);
    reader.only('use_msac', false);
    const tiles = { size, min_tiles: 1, max_tiles: reader.count('max_dynamic_patch', 10), thumbnail: true };
    return { image: internImages(tiles, settings) };
  }
}
