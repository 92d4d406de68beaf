import { ConfigReader, MultimodalLM, ShuffleLinear, TileTower, type Config } from 'swift-ts/nn';
import {
  HALF_NORMALIZATION,
  model,
  SplitImages,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type PlacedMedium,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { textTraits } from './_text.js';
import { siglipVit } from './_towers.js';

/** `Idefics3VisionConfig`. */
const VISION = { hidden_size: 1152, intermediate_size: 3072, layers: 12, heads: 16, patch_size: 32 };

/** Idefics3 (Laurençon et al., 2024, arXiv 2408.12637) and SmolVLM (Marafioti et al., 2025, arXiv 2504.05299). */
@model({
  family: 'idefics3',
  summary:
    'Idefics3 and SmolVLM: SigLIP over tiles of an enlarged picture, each with its row and column in the text',
  architectures: ['Idefics3ForConditionalGeneration', 'SmolVLMForConditionalGeneration'],
  model_types: ['idefics3', 'smolvlm'],
  media: ['image'],
  template: 'idefics3',
  lora_target_modules: ['all-linear'],
  variants: {
    'idefics3-8b-llama3': {
      hf: 'HuggingFaceM4/Idefics3-8B-Llama3',
      ms: 'AI-ModelScope/Idefics3-8B-Llama3',
      size: '8B',
    },
    'smolvlm-256m-instruct': {
      hf: 'HuggingFaceTB/SmolVLM-256M-Instruct',
      ms: 'HuggingFaceTB/SmolVLM-256M-Instruct',
      template: 'smolvlm',
      size: '256M',
    },
    'smolvlm-500m-instruct': {
      hf: 'HuggingFaceTB/SmolVLM-500M-Instruct',
      ms: 'HuggingFaceTB/SmolVLM-500M-Instruct',
      template: 'smolvlm',
      size: '500M',
    },
    'smolvlm-instruct': {
      hf: 'HuggingFaceTB/SmolVLM-Instruct',
      ms: 'HuggingFaceTB/SmolVLM-Instruct',
      template: 'smolvlm',
    },
    'smolvlm2-2.2b-instruct': {
      hf: 'HuggingFaceTB/SmolVLM2-2.2B-Instruct',
      ms: 'HuggingFaceTB/SmolVLM2-2.2B-Instruct',
      template: 'smolvlm',
      size: '2.2B',
    },
  },
})
export class Idefics3 implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = textTraits(reader.nested('text_config').config, { model: 'model.text_model' }, config);
    const fields = reader.nested('vision_config');
    const merge_size = reader.count('scale_factor', 2);
    // Each tile is looked at as a whole, so that its patches have the positions of the table in their order.
    const kind = fields.choice(
      'model_type',
      ['idefics3_vision', 'smolvlm_vision', 'idefics3', 'smolvlm'],
      'idefics3_vision',
    );
    const vision = siglipVit(fields, { normed: true }, kind, VISION);
    if (vision.side % merge_size !== 0)
      throw fields.error('image_size', `${merge_size} times a whole number of patches`);
    const connector = new ShuffleLinear(
      { width: vision.size.width, hidden_size: text.hidden_size, merge_size },
      { proj: 'modality_projection.proj' },
    );
    const names = { vision: 'model.vision_model', connector: 'model.connector' };
    return new MultimodalLM({
      text,
      tower: new TileTower({ vision, connector, names }),
      roles: [
        [names.vision, 'vit'],
        [names.connector, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(settings);
    const size = reader.nested('max_image_size').count('longest_edge', 364);
    const side = new ConfigReader(config).nested('vision_config').count('image_size', 224);
    if (size !== side) throw reader.error('max_image_size', `${side}, the tower's image_size`);
    const image = new SplitImages({
      ...imageSteps(settings, { ...HALF_NORMALIZATION, filter: 'lanczos' }),
      size,
      longest: reader.nested('size').count('longest_edge', 4 * size),
      splits: reader.flag('do_image_splitting', true),
      token: '<image>',
      text: splitText,
    });
    return { image };
  }
}

const AROUND = '<fake_token_around_image>';

/** Tiles row by row, each said by its row and column, then the whole. */
function splitText({ features, grid: [tiles, rows, columns] }: PlacedMedium): string {
  const run = '<image>'.repeat(features / tiles);
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = Array.from(
      { length: columns },
      (_, column) => `${AROUND}<row_${row + 1}_col_${column + 1}>${run}`,
    );
    return `${cells.join('')}\n`;
  });
  return `${lines.join('')}${rows > 0 ? '\n' : ''}${AROUND}<global-img>${run}${AROUND}`;
}
