import {
  ACTIVATIONS,
  ConfigReader,
  CropRows,
  DecoderLoader,
  decoderTraits,
  FusedMlp,
  MultimodalLM,
  PlainMlp,
  QueryPooling,
  RmsNorm,
  TileTower,
  Vit,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  CLIP_NORMALIZATION,
  model,
  OverlappingImages,
  type Grid,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';

const NAMES = {
  model: 'model.transformer',
  lm_head: 'model.transformer.ff_out',
  embed_tokens: 'wte',
  weight: 'embedding',
  added: 'new_embedding',
  layers: 'blocks',
  norm: 'ln_f',
  self_attn: '',
  qkv_proj: 'att_proj',
  o_proj: 'attn_out',
  mlp: '',
  gate_up_proj: 'ff_proj',
  down_proj: 'ff_out',
  tower: '',
};
const NORMS = {
  before: ['input_layernorm', 'post_attention_layernorm'],
  behind: ['post_self_attn_layernorm', 'post_mlp_layernorm'],
};
const PLACE = 'model.vision_backbone';

/** CLIP-L without its last block, which no config.json tells of. */
const CLIP = {
  hidden_size: 1024,
  intermediate_size: 4096,
  num_hidden_layers: 23,
  num_attention_heads: 16,
  image_size: 336,
  patch_size: 14,
};
/** Blocks whose outputs are features, counted from the end. */
const TAKEN = [-2, -9];
/** Side of the squares of patches that become one feature. */
const SQUARE = 2;
const [START, PATCH, COLUMN, END] = ['<im_start>', '<im_patch>', '<im_col>', '<im_end>'];

/** Molmo (Deitke et al., 2024, arXiv 2409.17146). */
@model({
  family: 'molmo',
  summary: 'Molmo: overlapping crops of a picture, features added to tokens of their own',
  architectures: ['MolmoForCausalLM'],
  media: ['image'],
  template: 'molmo',
  lora_target_modules: ['all-linear'],
  variants: {
    'molmo-7b-o-0924': { hf: 'allenai/Molmo-7B-O-0924', ms: 'LLM-Research/Molmo-7B-O-0924', size: '7B' },
    'molmo-7b-d-0924': { hf: 'allenai/Molmo-7B-D-0924', ms: 'LLM-Research/Molmo-7B-D-0924', size: '7B' },
    'molmo-72b-0924': { hf: 'allenai/Molmo-72B-0924', ms: 'LLM-Research/Molmo-72B-0924', size: '72B' },
  },
})
export class Molmo extends DecoderLoader implements ModelLoader {
  protected override readonly fields = { rms_norm_eps: 'layer_norm_eps' };

  protected override traits(reader: ConfigReader): DecoderTraits {
    reader.only('layer_norm_type', 'rms');
    reader.only('weight_tying', false);
    reader.only('clip_qkv', null);
    const traits = decoderTraits(reader, { norm_eps: 1e-5, rope_theta: 10_000 });
    const { hidden_size, head_dim, norm_eps } = traits;
    // What config.json tells is as wide as gate and up projection together.
    const intermediate_size = reader.count('intermediate_size') / 2;
    const isBehind = reader.flag('norm_after', false);
    const [first, second] = isBehind ? NORMS.behind : NORMS.before;
    const names = { ...NAMES, [first]: 'attn_norm', [second]: 'ff_norm' };
    return {
      ...traits,
      vocab_size: reader.count('embedding_size', traits.vocab_size),
      intermediate_size,
      tie_word_embeddings: false,
      embedding: { extra_rows: reader.count('additional_vocab_size', 128), extra_apart: true },
      bias: { qkv: reader.flag('qkv_bias', false), o: false, mlp: false },
      qkv: 'concat',
      ...(isBehind && { placement: 'post' }),
      ...(reader.flag('attention_layer_norm', false) && {
        qk_norm: (heads: number) => new RmsNorm(heads * head_dim, norm_eps),
      }),
      feedForward: () =>
        new FusedMlp({
          hidden_size,
          intermediate_size,
          activation: ACTIVATIONS.silu,
          gate_last: true,
          names,
        }),
      names,
    };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const vision = clip(visionOf(reader));
    const { width, heads, patch_size } = vision.size;
    const wide = width * TAKEN.length;
    const { hidden_size, intermediate_size } = text;
    const connector = new QueryPooling(
      { rows: SQUARE ** 2, width: wide, pool_width: width, heads, hidden_size, intermediate_size },
      { pooling: 'image_pooling_2d', projector: 'image_projector' },
    );
    const { side } = vision;
    const margins = marginsOf(side);
    const before = new CropRows({
      width: wide,
      side,
      margins,
      patch_size,
      square: SQUARE,
      name: 'pad_embed',
    });
    return new MultimodalLM({
      text,
      tower: new TileTower({
        vision,
        connector,
        before,
        names: { vision: `${PLACE}.image_vit`, connector: PLACE, before: PLACE },
      }),
      roles: [
        [`${PLACE}.image_vit`, 'vit'],
        [PLACE, 'aligner'],
      ],
      adds_features: true,
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const vision = visionOf(new ConfigReader(config));
    const [size, patch] = [vision.count('image_size'), vision.count('patch_size')];
    const side = size / patch;
    const margins = marginsOf(side);
    const given = new ConfigReader(settings);
    for (const field of ['do_normalize', 'image_padding_mask']) given.only(field, true);
    for (const field of ['image_token_length_h', 'image_token_length_w']) given.only(field, side / SQUARE);
    given.only('image_patch_size', patch);
    const same = (field: string, wanted: readonly number[]): void => {
      if (given.has(field) && given.numbers(field).join() !== wanted.join())
        throw given.error(field, wanted.join());
    };
    same('base_image_input_size', [size, size]);
    same('overlap_margins', margins);
    const { mean, deviation } = CLIP_NORMALIZATION;
    const [before, after] = margins;
    const image = new OverlappingImages({
      ...CLIP_NORMALIZATION,
      mean: given.has('image_mean') ? given.numbers('image_mean') : mean,
      deviation: given.has('image_std') ? given.numbers('image_std') : deviation,
      size,
      max_crops: given.count('max_crops', 12),
      margins: [before * patch, after * patch],
      token: PATCH,
      leads: true,
      text: ({ grid }) => textOf(grid, side, margins),
    });
    return { image };
  }
}

const visionOf = (reader: ConfigReader): ConfigReader =>
  new ConfigReader({ ...CLIP, ...reader.nested('vision_config').config });

/** Of crops with 24 patches a side, neighbours see 4. */
function marginsOf(side: number): readonly [before: number, after: number] {
  const margin = Math.floor(side / 6);
  return [margin, margin];
}

function clip(fields: ConfigReader): Vit {
  const width = fields.count('hidden_size');
  const intermediate_size = fields.count('intermediate_size');
  const activation = ACTIVATIONS.quick_gelu;
  const layers = fields.count('num_hidden_layers');
  const names = { up_proj: 'w1', down_proj: 'w2' };
  return new Vit({
    ...{ width, intermediate_size, activation, layers },
    heads: fields.count('num_attention_heads'),
    image_size: fields.count('image_size'),
    patch_size: fields.count('patch_size'),
    eps: 1e-5,
    mlp: () => new PlainMlp({ hidden_size: width, intermediate_size, activation, bias: true, names }),
    taken: TAKEN.map((layer) => layers + layer),
    class_token: true,
    keeps_class: false,
    patch_bias: false,
    flat_patches: 'channels-last',
    pre_norm: true,
    post_norm: false,
    normed: false,
    fused: false,
    names: {
      own: {
        position_embedding: 'positional_embedding',
        pre_norm: 'pre_ln',
        layers: 'transformer.resblocks',
      },
      block: { norm1: 'attention_norm', norm2: 'ffn_norm', attn: 'attention', mlp: 'feed_forward' },
      attention: { q_proj: 'wq', k_proj: 'wk', v_proj: 'wv', out_proj: 'wo' },
    },
  });
}

/** A picture's features row by row, those of the whole first. */
function textOf([, down, across]: Grid, side: number, [before, after]: readonly [number, number]): string {
  const features = (crops: number): number => (crops * (side - before - after) + before + after) / SQUARE;
  const rows = (count: number, features: number): string =>
    `${START}${`${PATCH.repeat(features)}${COLUMN}`.repeat(count)}${END}`;
  return rows(side / SQUARE, side / SQUARE) + rows(features(down), features(across));
}
