import { gelu, type Tensor } from 'swift-ts/graph';
import {
  ConfigReader,
  FusedHyperAttention,
  GatedHyperAttention,
  LinearProjector,
  MultimodalLM,
  Projector,
  TileTower,
  type Config,
  type Connector,
} from 'swift-ts/nn';
import {
  AnchorImages,
  ClipImages,
  everySecond,
  FrameVideos,
  HALF_NORMALIZATION,
  type ImageSettings,
  type ModelConfig,
  type PlacedMedium,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { textTraits } from './_text.js';
import { siglipVit } from './_towers.js';

const PLACES = { vision: 'vision_model', projector: 'vision2text_model' };

/** What pools pictures. */
export const OWL_IGNORED = [/^vision_model\.head\./, /^vision_model\.embeddings\.position_ids$/];

/** `SiglipVisionConfig` where config.json says nothing of it. */
const SIGLIP = {
  hidden_size: 1152,
  image_size: 384,
  intermediate_size: 4304,
  model_type: 'siglip_vision_model',
  num_attention_heads: 16,
  num_hidden_layers: 27,
  patch_size: 14,
};

const TOKEN = '<|image|>';
const MOST_FRAMES = 16;

/**
 * mPLUG-Owl3 (Ye et al., 2024, arXiv 2408.04840): Qwen2, some layers of which look at features of pictures too.
 * @param fused tokens and features in one softmax, and features through two layers (241101), not a gate and one layer
 */
export function owlModel(config: Config, fused: boolean): MultimodalLM {
  const reader = new ConfigReader(config);
  reader.only('use_sliding_window', false);
  reader.only('rope_scaling', null);
  const layers = reader.has('hyper_layers') ? reader.numbers('hyper_layers') : [1, 9, 17, 25];
  const places = { model: 'language_model.model', head: 'language_model.' };
  const text = textTraits({ ...config, model_type: 'qwen2' }, places);
  if (!layers.every((layer) => Number.isInteger(layer) && layer >= 1 && layer <= text.num_hidden_layers))
    throw reader.error('hyper_layers', `numbers of the ${text.num_hidden_layers} layers, from 1`);
  const Hyper = fused ? FusedHyperAttention : GatedHyperAttention;
  const vision = visionOf(reader, fused);
  // What the last layer would give is left out.
  const used_layers = vision.count('num_hidden_layers') - 1;
  const tower = new TileTower({
    vision: siglipVit(vision, { used_layers, normed: false }),
    connector: connectorOf(vision.count('hidden_size'), text.hidden_size, fused),
    looked_at: true,
    names: { vision: PLACES.vision, connector: PLACES.projector },
  });
  return new MultimodalLM({
    text: {
      ...text,
      mixer: (layer) => (layers.includes(layer + 1) ? new Hyper(text, layer) : undefined),
    },
    tower,
    roles: [
      [PLACES.vision, 'vit'],
      [PLACES.projector, 'aligner'],
    ],
  });
}

/** `SiglipVisionConfig`; the fused model sees no pixels that are left over beside its patches. */
function visionOf(reader: ConfigReader, fused: boolean): ConfigReader {
  const vision = new ConfigReader({ ...SIGLIP, ...reader.nested('vision_config').config });
  const [side, patch] = [vision.count('image_size'), vision.count('patch_size')];
  return new ConfigReader({ ...vision.config, image_size: fused ? side - (side % patch) : side });
}

function connectorOf(width: number, hidden_size: number, fused: boolean): Connector {
  if (fused) {
    const size = { width, hidden_size, activation: (x: Tensor) => gelu(x), bias: true };
    return new Projector(size, { linear_1: '0', linear_2: '2' });
  }
  const connector = new LinearProjector({ width, hidden_size });
  connector.names = { linear: '' };
  return connector;
}

/** Pictures are cut, frames of videos are not. The models' own code says how, no file does. */
export function owlProcessor(config: ModelConfig, settings: ImageSettings, fused: boolean): Processor {
  const size = visionOf(new ConfigReader(config), fused).count('image_size');
  new ConfigReader(settings).only('image_size', size);
  const steps = { ...imageSteps(settings, { ...HALF_NORMALIZATION, filter: 'bicubic' }), size, token: TOKEN };
  const cut = fused ? linedText : namedText;
  const image = new AnchorImages({ ...steps, thumbnail: true, text: (medium) => `${cut(medium)}\n` });
  const frame = new ClipImages({ ...steps, squash: true, crop: size, text: () => TOKEN });
  const video = new FrameVideos({
    image: frame,
    choose: (facts) => everySecond(facts, MOST_FRAMES),
    text: (number, _, frames) => TOKEN + (number === frames - 1 ? '\n' : ''),
  });
  return { image, video };
}

/** What stands for each row of tiles. */
function rowsOf(
  { grid: [, rows, columns] }: PlacedMedium,
  tile: (row: number, column: number) => string,
): string {
  const line = (row: number): string =>
    Array.from({ length: columns }, (_, column) => tile(row, column)).join(' ');
  return Array.from({ length: rows }, (_, row) => line(row)).join('\n');
}

function namedText(medium: PlacedMedium): string {
  const [, rows, columns] = medium.grid;
  const tiles = rowsOf(medium, (row, column) => `subimg(${row},${column})${TOKEN}`);
  return `Cut to ${rows} rows ${columns} columns with a global view\n${tiles}\nglobal_view${TOKEN}`;
}

function linedText(medium: PlacedMedium): string {
  const [, rows, columns] = medium.grid;
  return `<|start_cut|>${rows}*${columns}\n${rowsOf(medium, () => TOKEN)}\n${TOKEN}<|end_cut|>`;
}
