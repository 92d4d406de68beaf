import { ConfigReader, MultimodalLM, ShuffleLinear, TileTower, type Config } from 'swift-ts/nn';
import {
  HALF_NORMALIZATION,
  type ImageSettings,
  type ModelConfig,
  type PlacedMedium,
  type SplitImageOptions,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { textTraits } from './_text.js';
import { siglipVit } from './_towers.js';

/** `Idefics3VisionConfig`. */
const VISION = { hidden_size: 1152, intermediate_size: 3072, layers: 12, heads: 16, patch_size: 32 };

/** SigLIP, neighbouring features of which become one, and a language model. */
export function idefics3(config: Config): MultimodalLM {
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

/** @throws ConfigError */
export function idefics3Images(config: ModelConfig, settings: ImageSettings): SplitImageOptions {
  const reader = new ConfigReader(settings);
  const size = reader.nested('max_image_size').count('longest_edge', 364);
  const side = new ConfigReader(config).nested('vision_config').count('image_size', 224);
  if (size !== side) throw reader.error('max_image_size', `${side}, the tower's image_size`);
  return {
    ...imageSteps(settings, { ...HALF_NORMALIZATION, filter: 'lanczos' }),
    size,
    longest: reader.nested('size').count('longest_edge', 4 * size),
    splits: reader.flag('do_image_splitting', true),
    token: '<image>',
    text: splitText,
  };
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
  return `${lines.join('')}${rows > 0 ? '\n' : ''}${wholeText(run)}`;
}

/** A picture of one tile. @param run its tokens */
export const wholeText = (run: string): string => `${AROUND}<global-img>${run}${AROUND}`;
