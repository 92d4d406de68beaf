import {
  ACTIVATIONS,
  ConfigReader,
  Davit,
  decoderTraits,
  MapProjector,
  MultimodalLM,
  ReadingTower,
  TextEncoder,
  type Config,
  type DavitStep,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  ClipImages,
  model,
  type Grid,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { FLORENCE_GROUNDING } from './_grounding.js';
import { imageSteps } from './_image-settings.js';

/** What files leave out: BartConfig's and Florence2VisionConfig's own values. */
const BART = {
  vocab_size: 50_265,
  d_model: 1024,
  encoder_layers: 12,
  encoder_attention_heads: 16,
  encoder_ffn_dim: 4096,
  decoder_layers: 12,
  decoder_attention_heads: 16,
  decoder_ffn_dim: 4096,
  max_position_embeddings: 1024,
};
const DAVIT = {
  embed_dim: [128, 256, 512, 1024],
  depths: [1, 1, 9, 1],
  patch_size: [7, 3, 3, 3],
  patch_stride: [4, 2, 2, 2],
  patch_padding: [3, 1, 1, 1],
  num_heads: [4, 8, 16, 32],
  num_groups: [4, 8, 16, 32],
};
const PRE_NORM = [false, true, true, true];

const FIELDS = {
  hidden_size: 'd_model',
  num_hidden_layers: 'decoder_layers',
  num_attention_heads: 'decoder_attention_heads',
  intermediate_size: 'decoder_ffn_dim',
  hidden_act: 'activation_function',
};

const PLACES = {
  vision: 'model.vision_tower',
  projector: 'model.multi_modal_projector',
  encoder: 'model.language_model.encoder',
};

/** The layout of the authors' own code. */
const FORMER_NAMES = [
  [/^vision_tower\.(convs\.\d+\.)proj\./, 'model.vision_tower.$1conv.'],
  [/^vision_tower\.(.*\.conv[12])\.fn\.dw\./, 'model.vision_tower.$1.'],
  [/^vision_tower\.(.*)\.(window|channel)_attn\.norm\./, 'model.vision_tower.$1.norm1.'],
  [/^vision_tower\.(.*_attn)\.fn\./, 'model.vision_tower.$1.'],
  [/^vision_tower\.(.*)\.ffn\.norm\./, 'model.vision_tower.$1.norm2.'],
  [/^vision_tower\.(.*\.ffn)\.fn\.net\./, 'model.vision_tower.$1.'],
  [/^vision_tower\./, 'model.vision_tower.'],
  [/^image_projection$/, 'model.multi_modal_projector.image_projection.weight'],
  [/^image_proj_norm\./, 'model.multi_modal_projector.image_proj_norm.'],
  [/^image_pos_embed\./, 'model.multi_modal_projector.image_position_embed.'],
  [/^language_model\.lm_head\./, 'lm_head.'],
  [/^language_model\.model\./, 'model.language_model.'],
] as const;

/** Pictures of one size whatever their ratio; grids are [side]. */
class FlorenceImages extends ClipImages {
  override grid(): Grid {
    return [this.options.size];
  }
}

/** Florence-2 (Xiao et al., 2023, arXiv 2311.06242): DaViT, and BART, whose encoder reads picture and task together. */
@model({
  family: 'florence',
  summary: 'Florence-2: an encoder reads a picture with its task, the decoder answers',
  architectures: ['Florence2ForConditionalGeneration'],
  model_types: ['florence2'],
  media: ['image'],
  template: 'florence',
  former_names: FORMER_NAMES,
  // The embedding under its other names, a bias that is zero, and sinusoids.
  ignored_tensors: [
    /(^|\.)(en|de)coder\.embed_tokens\.weight$/,
    /(^|\.)final_logits_bias$/,
    /(^|\.)visual_temporal_embed\./,
  ],
  lora_target_modules: ['all-linear'],
  variants: {
    'florence-2-base': { hf: 'microsoft/Florence-2-base', ms: 'AI-ModelScope/Florence-2-base' },
    'florence-2-base-ft': { hf: 'microsoft/Florence-2-base-ft', ms: 'AI-ModelScope/Florence-2-base-ft' },
    'florence-2-large': { hf: 'microsoft/Florence-2-large', ms: 'AI-ModelScope/Florence-2-large' },
    'florence-2-large-ft': { hf: 'microsoft/Florence-2-large-ft', ms: 'AI-ModelScope/Florence-2-large-ft' },
  },
})
export class Florence implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const words = new ConfigReader({ ...BART, ...reader.nested('text_config').config }, FIELDS);
    const text = textOf(words, reader);
    const tower = towerOf(new ConfigReader({ ...DAVIT, ...visionFields(reader) }), words);
    const made = new MultimodalLM({
      text,
      tower,
      roles: [
        [PLACES.vision, 'vit'],
        [PLACES.projector, 'aligner'],
      ],
    });
    tower.words = (scope, ids) => made.model.embed_tokens.forward(scope, ids);
    return made;
  }

  processor(_config: ModelConfig, settings: ImageSettings): Processor {
    const steps = imageSteps(settings, { ...IMAGENET, filter: 'bicubic' });
    const reader = new ConfigReader(settings);
    const size = reader.nested('size');
    const side = size.count('height', 768);
    size.only('width', side);
    reader.only('do_center_crop', false);
    return {
      image: new FlorenceImages({
        ...steps,
        size: side,
        squash: true,
        crop: side,
        token: END,
        text: () => '',
      }),
      grounding: FLORENCE_GROUNDING,
      holds: 'one',
      reads_through: END,
    };
  }
}

const IMAGENET = { scale: 1 / 255, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

/** Ends what the encoder reads. */
const END = '</s>';

function textOf(words: ConfigReader, whole: ConfigReader): DecoderTraits {
  words.only('scale_embedding', false);
  words.only('add_final_layer_norm', false);
  words.only('normalize_before', false);
  words.only('normalize_embedding', true);
  for (const field of ['encoder_layerdrop', 'decoder_layerdrop']) words.only(field, 0);
  const traits = decoderTraits(words, { norm_eps: 1e-5, activation: 'gelu' });
  return {
    ...traits,
    tie_word_embeddings: whole.flag('tie_word_embeddings', true),
    norm: 'layer',
    placement: 'post-sum',
    final_norm: false,
    mlp: 'plain',
    bias: { qkv: true, o: true, mlp: true },
    crosses: 'every',
    embedding: { norm: 'layer', positions: traits.max_position_embeddings + 2, first_position: 2 },
    names: {
      model: 'model.language_model',
      tower: '',
      embed_tokens: 'shared',
      embed_positions: 'decoder.embed_positions',
      embed_norm: 'decoder.layernorm_embedding',
      layers: 'decoder.layers',
      post_self_attn_layernorm: 'self_attn_layer_norm',
      cross_layernorm: 'encoder_attn_layer_norm',
      cross_attn: 'encoder_attn',
      o_proj: 'out_proj',
      post_attention_layernorm: 'final_layer_norm',
      mlp: '',
      up_proj: 'fc1',
      down_proj: 'fc2',
    },
  };
}

/** Whether config.json is that of the authors' own code. */
const isOwn = (vision: ConfigReader): boolean => vision.has('dim_embed');

/** Fields of the tower, by their names in Transformers. */
function visionFields(reader: ConfigReader): Config {
  const vision = reader.nested('vision_config');
  if (!isOwn(vision)) return vision.config;
  const moments = vision.nested('visual_temporal_embedding');
  moments.only('type', 'COSINE');
  const positions = vision.nested('image_pos_embed');
  positions.only('type', 'learned_abs_2d');
  const sources = vision.get('image_feature_source');
  if (JSON.stringify(sources ?? SOURCES) !== JSON.stringify(SOURCES))
    throw vision.error('image_feature_source', JSON.stringify(SOURCES));
  return {
    ...vision.config,
    embed_dim: vision.get('dim_embed'),
    max_position_embeddings: positions.get('max_pos_embeddings'),
  };
}

const SOURCES = ['spatial_avg_pool', 'temporal_avg_pool'];

function towerOf(vision: ConfigReader, words: ConfigReader): ReadingTower {
  vision.only('in_channels', 3);
  const activation = (reader: ConfigReader) =>
    ACTIVATIONS[reader.choice('activation_function', Object.keys(ACTIVATIONS), 'gelu')];
  const steps = stepsOf(vision);
  const hidden_size = words.count('hidden_size');
  vision.only('projection_dim', hidden_size);
  return new ReadingTower(
    {
      vision: new Davit({
        steps,
        window: vision.count('window_size', 12),
        mlp_ratio: vision.number('mlp_ratio', 4),
        bias: vision.flag('qkv_bias', true),
        activation: activation(vision),
      }),
      projector: new MapProjector({
        width: steps.at(-1)!.width,
        hidden_size,
        positions: vision.count('max_position_embeddings', 50),
        transposed: isOwn(vision),
      }),
      encoder: new TextEncoder({
        width: hidden_size,
        heads: words.count('encoder_attention_heads'),
        layers: words.count('encoder_layers'),
        intermediate_size: words.count('encoder_ffn_dim'),
        positions: words.count('max_position_embeddings'),
        activation: activation(words),
      }),
    },
    PLACES,
  );
}

function stepsOf(vision: ConfigReader): DavitStep[] {
  const widths = vision.numbers('embed_dim');
  const flags = vision.get('patch_prenorm') ?? PRE_NORM;
  if (!Array.isArray(flags) || flags.length !== widths.length)
    throw vision.error('patch_prenorm', `${widths.length} of true and false`);
  const each = (field: string): readonly number[] => {
    const values = vision.numbers(field);
    if (values.length !== widths.length) throw vision.error(field, `${widths.length} numbers, as embed_dim`);
    return values;
  };
  const [kernels, strides, paddings] = ['patch_size', 'patch_stride', 'patch_padding'].map(each);
  const [heads, groups, depths] = ['num_heads', 'num_groups', 'depths'].map(each);
  return widths.map((width, i) => ({
    width,
    kernel: kernels[i],
    stride: strides[i],
    padding: paddings[i],
    pre_norm: Boolean(flags[i]),
    heads: heads[i],
    groups: groups[i],
    depth: depths[i],
  }));
}
