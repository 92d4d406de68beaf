import {
  ConfigReader,
  Resampler,
  SliceTower,
  type Config,
  type DecoderTraits,
  type ResamplerSize,
  type RolePrefix,
  type Vit,
} from 'swift-ts/nn';
import {
  everySecond,
  FrameVideos,
  HALF_NORMALIZATION,
  SliceImages,
  type ImageSettings,
  type ModelConfig,
  type PlacedMedium,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { textTraits } from './_text.js';
import { siglipVit, SO400M, timmVit } from './_towers.js';

/** The language model by version; MiniCPM before 2.5, whose configs say none. */
const LANGUAGES: Readonly<Record<string, string>> = {
  2: 'minicpm',
  2.5: 'llama',
  2.6: 'qwen2',
  4: 'llama',
  4.5: 'qwen3',
};

export interface Slices {
  readonly text: DecoderTraits;
  readonly tower: SliceTower;
  readonly roles: readonly RolePrefix[];
}

/** What sees, and the language model's traits. */
export function slices(config: Config): Slices {
  const reader = new ConfigReader(config);
  const version = versionOf(reader);
  const places = { model: 'llm.model', head: 'llm.' };
  const text = textTraits({ ...config, model_type: LANGUAGES[version] }, places);
  const vision = version === 2 ? timmTower(reader) : siglipTower(reader);
  const resampler = new Resampler({
    queries: reader.count('query_num', 64),
    width: vision.size.width,
    hidden_size: text.hidden_size,
    heads: Math.max(1, Math.floor(text.hidden_size / 128)),
    eps: 1e-6,
    positions: positionsOf(reader, version),
  });
  // MiniCPM-V 2.5 tells its tower of one row of patches, whatever their rows.
  const lined = version === 2.5;
  const names = { vision: 'vpm', resampler: 'resampler' };
  return {
    text,
    tower: new SliceTower({ vision, resampler, lined, names }),
    roles: [
      [names.vision, 'vit'],
      [names.resampler, 'aligner'],
    ],
  };
}

/** Pictures beside a video keep their slices and numbers, which SWIFT takes from them. */
export function slicedMedia(config: ModelConfig, settings: ImageSettings): Processor {
  const reader = new ConfigReader(config);
  const version = versionOf(reader);
  const given = new ConfigReader({ ...reader.nested('slice_config').config, ...settings });
  given.only('image_feature_size', reader.count('query_num', 64));
  given.only('slice_mode', true);
  const squash = positionsOf(reader, version) === 'table';
  const read = (field: string, fallback: number): number => given.count(field, reader.count(field, fallback));
  const steps = { image_mean: given.get('norm_mean'), image_std: given.get('norm_std') };
  const shared = {
    ...imageSteps(steps, HALF_NORMALIZATION),
    resolution: squash ? reader.count('image_size', 448) : read('scale_resolution', 448),
    patch_size: read('patch_size', 14),
    squash,
    token: TOKEN,
  };
  const numbered = version > 2.5 && given.flag('use_image_id', true);
  const text = version > 2.5 ? (image: PlacedMedium) => markedText(image, numbered) : nestedText;
  const image = new SliceImages({ ...shared, most_slices: read('max_slice_nums', 9), text });
  if (version <= 2.5) return { image };
  const video = new FrameVideos({
    image: new SliceImages({ ...shared, most_slices: 1, text }),
    choose: (facts) => everySecond(facts, MOST_FRAMES),
    text: (_, features) => `${pictureText(features)}\n`,
  });
  return { image, video };
}

/** Frames that are looked at; SWIFT's `max_num_frames`. */
const MOST_FRAMES = 64;

/** Stands where features do. */
export const TOKEN = '<unk>';

/** Of MiniCPM-V 1 too it is 2. @throws ConfigError */
function versionOf(reader: ConfigReader): number {
  if (reader.has('vision_encoder')) return 2;
  const version = Number(reader.get('version') ?? 2.5);
  if (version === 2 || !(version in LANGUAGES))
    throw reader.error('version', Object.keys(LANGUAGES).slice(1).join(' or '));
  return version;
}

/** MiniCPM-V 1 looks at squares, and has no slices. */
function positionsOf(reader: ConfigReader, version: number): ResamplerSize['positions'] {
  if (version > 2) return 'keys';
  return reader.flag('slice_mode') ? 'both' : 'table';
}

/** A tower without its last block, where config.json says so: checkpoints do not hold it. */
const withoutLast = (reader: ConfigReader, layers: number): number =>
  reader.flag('drop_vision_last_layer', true) ? layers - 1 : layers;

/** Published configs give the tower's name alone. */
function timmTower(reader: ConfigReader): Vit {
  reader.choice('vision_encoder', ['vit_so400m_patch14_siglip_384.webli']);
  const vision = reader.nested('vision_config');
  return timmVit({
    width: vision.count('hidden_size', SO400M.width),
    intermediate_size: vision.count('intermediate_size', SO400M.intermediate_size),
    layers: withoutLast(reader, vision.count('num_hidden_layers', SO400M.layers)),
    heads: vision.count('num_attention_heads', SO400M.heads),
    image_size: vision.count('image_size', 384),
    patch_size: reader.count('patch_size', SO400M.patch_size),
    positions: 'stretched',
  });
}

function siglipTower(reader: ConfigReader): Vit {
  const vision = reader.nested('vision_config');
  const layers = withoutLast(reader, vision.count('num_hidden_layers', SO400M.layers));
  const kind = vision.choice('model_type', ['siglip', 'siglip_vision_model', 'idefics2'], 'siglip');
  const fields = vision.with({
    num_hidden_layers: layers,
    image_size: vision.count('image_size', 980),
  });
  const sizes = { ...SO400M, hidden_size: SO400M.width };
  return siglipVit(fields, { normed: true, positions: 'nearest' }, kind, sizes);
}

const pictureText = (features: number): string => `<image>${TOKEN.repeat(features)}</image>`;

/** The whole with its number, then each slice, row by row. */
function markedText({ features, grid, index }: PlacedMedium, numbered: boolean): string {
  const [pictures, , , down = 0, across = 0] = grid;
  const own = features / pictures;
  const row = `<slice>${TOKEN.repeat(own)}</slice>`.repeat(across);
  const id = numbered ? `<image_id>${index}</image_id>` : '';
  return `${id}${pictureText(own)}${new Array<string>(down).fill(row).join('\n')}\n`;
}

/** The whole, then all slices as pictures between marks. */
function nestedText({ features, grid }: PlacedMedium): string {
  const [pictures, , , down = 0, across = 0] = grid;
  const own = pictureText(features / pictures);
  const rows = new Array<string>(down).fill(own.repeat(across)).join('\n');
  return `${own}${down > 0 ? `<slice>${rows}</slice>` : ''}\n`;
}
