/** What the generations of InternLM-XComposer2 share. Their config.json tells of the language model alone: the rest stands in their code. */
import {
  ACTIVATIONS,
  Attention,
  ConfigReader,
  GatedMlp,
  MultimodalLM,
  PartialLora,
  Projector,
  TileTower,
  ViewRows,
  type DecoderTraits,
  type RolePrefix,
} from 'swift-ts/nn';
import {
  HdImages,
  type HdImageOptions,
  type ImageSettings,
  type ImageText,
  type ModelConfig,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { internlm2Traits } from './_internlm2.js';
import { clipVit } from './_towers.js';

/** What SWIFT trains. */
export const XCOMPOSER_LORA = [
  'attention.wqkv',
  'attention.wo',
  'feed_forward.w1',
  'feed_forward.w2',
  'feed_forward.w3',
];

/** The matrices that a layer has for features. */
interface LowRank {
  readonly rank: number;
  readonly factor: number;
}

/** @param qkv of queries, keys and values, where it is another */
export function xcomposerTraits(reader: ConfigReader, qkv?: LowRank): DecoderTraits {
  const usual = { rank: reader.count('plora_rank', 256), factor: 1 };
  const traits = internlm2Traits(reader);
  const { hidden_size, intermediate_size, activation = ACTIVATIONS.silu, bias, names } = traits;
  const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim } = traits;
  const layer = (from: number, to: number, has = false, lowRank: LowRank = usual): PartialLora =>
    new PartialLora(from, to, { ...lowRank, bias: has });
  return {
    ...traits,
    media_layers: 'all',
    mixer: (index) => {
      const attention = new Attention(traits, index);
      attention.qkv_proj = layer(hidden_size, (heads + 2 * kvHeads) * head_dim, bias.qkv, qkv);
      attention.o_proj = layer(heads * head_dim, hidden_size, bias.o);
      return attention;
    },
    feedForward: () => {
      const mlp = new GatedMlp({ hidden_size, intermediate_size, activation, names });
      mlp.gate_proj = layer(hidden_size, intermediate_size);
      mlp.up_proj = layer(hidden_size, intermediate_size);
      mlp.down_proj = layer(intermediate_size, hidden_size);
      return mlp;
    },
    names: { ...names, tower: '' },
  };
}

/** CLIP-L, whose positions were stretched to tiles of another side. */
const CLIP = {
  model_type: 'clip_vision_model',
  hidden_size: 1024,
  intermediate_size: 4096,
  num_hidden_layers: 24,
  num_attention_heads: 16,
  patch_size: 14,
};

/** @param image_size of tiles, in pixels */
const visionFields = (reader: ConfigReader, image_size: number): ConfigReader =>
  new ConfigReader({ ...CLIP, image_size, ...reader.nested('vision_config').config });

/** Side of tiles in pixels. */
export const tileSide = (reader: ConfigReader, image_size: number): number =>
  visionFields(reader, image_size).count('image_size');

/**
 * @param image_size of tiles, in pixels
 * @param views whether a picture is seen as a whole and as tiles: then squares of rows become one feature, and learned ones stand behind each
 * line of them, and between whole and tiles
 */
export function xcomposerModel(
  text: DecoderTraits,
  reader: ConfigReader,
  image_size: number,
  { views }: { readonly views: boolean },
): MultimodalLM {
  const vision = clipVit(visionFields(reader, image_size), { normed: false, keeps_class: false });
  const squares = views ? 2 : 1;
  const width = squares ** 2 * vision.size.width;
  const connector = new Projector(
    { width, hidden_size: text.hidden_size, activation: ACTIVATIONS.gelu, bias: true },
    { linear_1: '0', linear_2: '2' },
  );
  const before = new ViewRows({
    width,
    side: vision.side / squares,
    order: ['whole', 'between', 'tiles'],
    names: { between: 'plora_glb_GN', line: 'plora_sub_GN' },
    batched_tables: true,
  });
  return new MultimodalLM({
    text,
    tower: new TileTower({ vision, connector, squares, ...(views && { before }), names: PLACES }),
    roles: ROLES,
  });
}

const PLACES = { vision: 'vit.vision_tower.vision_model', connector: 'vision_proj', before: '' };

const ROLES: readonly RolePrefix[] = [
  ['vit', 'vit'],
  ['vision_proj', 'aligner'],
];

/** Pictures as whole and tiles. @param image_size of a tile, in pixels */
export function viewImages(
  config: ModelConfig,
  settings: ImageSettings,
  image_size: number,
  own: Pick<HdImageOptions, 'most_tiles' | 'several_tiles' | 'enlarges' | 'padding'> &
    Pick<ImageText, 'text'>,
): HdImages {
  const steps = imageSteps(settings, { filter: 'bilinear' });
  return new HdImages({
    ...steps,
    ...own,
    size: tileSide(new ConfigReader(config), image_size),
    token: TOKEN,
  });
}

/** Buffers of CLIP; further adapters, for writing articles and pages; and what keeps a video in mind. */
export const UNUSED = [
  /^vit\.vision_tower\.vision_model\.embeddings\.position_ids$/,
  /\.lora_(sft|dpo|web)_[AB]\.weight$/,
  /^video_mem_proj\./,
];

/** Stands where features do; SWIFT's `</s>` also ends texts. */
export const TOKEN = '<unk>';
