import { gelu, type Tensor } from 'swift-ts/graph';
import {
  ConfigReader,
  Connector,
  Linear,
  MultimodalLM,
  spaceToDepth,
  TileTower,
  Vit,
  type Config,
  type LinearLike,
  type Scope,
} from 'swift-ts/nn';
import {
  CanvasTiles,
  HALF_NORMALIZATION,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type PlacedMedium,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { textTraits } from './_text.js';

const TEXT = { model_type: 'llama4_text' };
const PLACES = { model: 'language_model.model', head: 'language_model.' };
const [VISION, PROJECTOR] = ['vision_model', 'multi_modal_projector'];
/** Squares of patches that become a feature, by side. */
const MERGE = 2;
const PATCH = '<|patch|>';

/** Llama 4 (https://www.llama.com/docs/model-cards-and-prompt-formats/llama4). */
@model({
  family: 'llama4',
  summary: 'Llama 4: pictures on tiles, attention in chunks, experts beside one that all tokens share',
  architectures: ['Llama4ForConditionalGeneration'],
  model_types: ['llama4'],
  media: ['image'],
  template: 'llama4',
  lora_target_modules: ['all-linear'],
  variants: {
    'llama-4-scout-17b-16e': {
      hf: 'meta-llama/Llama-4-Scout-17B-16E',
      ms: 'LLM-Research/Llama-4-Scout-17B-16E',
      size: '17B',
    },
    'llama-4-maverick-17b-128e': {
      hf: 'meta-llama/Llama-4-Maverick-17B-128E',
      ms: 'LLM-Research/Llama-4-Maverick-17B-128E',
      size: '17B',
    },
    'llama-4-scout-17b-16e-instruct': {
      hf: 'meta-llama/Llama-4-Scout-17B-16E-Instruct',
      ms: 'LLM-Research/Llama-4-Scout-17B-16E-Instruct',
      size: '17B',
    },
    'llama-4-maverick-17b-128e-instruct-fp8': {
      hf: 'meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8',
      ms: 'LLM-Research/Llama-4-Maverick-17B-128E-Instruct-FP8',
      size: '17B',
      codec: 'fp8',
    },
    'llama-4-maverick-17b-128e-instruct': {
      hf: 'meta-llama/Llama-4-Maverick-17B-128E-Instruct',
      ms: 'LLM-Research/Llama-4-Maverick-17B-128E-Instruct',
      size: '17B',
    },
  },
})
export class Llama4 implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = textTraits({ ...TEXT, ...reader.nested('text_config').config }, PLACES, config);
    const vision = reader.nested('vision_config');
    return new MultimodalLM({
      text,
      tower: new TileTower({
        vision: vitOf(vision),
        connector: new Adapter(vision, text.hidden_size),
        names: { vision: VISION, connector: '' },
      }),
      roles: [
        [VISION, 'vit'],
        [`${VISION}.vision_adapter`, 'aligner'],
        [PROJECTOR, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(settings);
    const side = new ConfigReader(config).nested('vision_config').count('image_size', 448);
    for (const field of ['height', 'width']) reader.nested('size').only(field, side);
    reader.only('resize_to_max_canvas', false);
    const image = new CanvasTiles({
      ...imageSteps(settings, { ...HALF_NORMALIZATION, filter: 'bilinear' }),
      coarse: true,
      size: side,
      max_tiles: reader.count('max_patches', 16),
      token: PATCH,
      text: tileText,
    });
    return { image };
  }
}

/** Tiles line by line, then the whole picture. */
function tileText({ features, grid: [tiles, down, across] }: PlacedMedium): string {
  const tile = PATCH.repeat(features / tiles);
  const line = `${new Array<string>(across).fill(tile).join('<|tile_x_separator|>')}<|tile_y_separator|>`;
  return `<|image_start|>${tiles > 1 ? line.repeat(down) : ''}<|image|>${tile}<|image_end|>`;
}

/** `Llama4VisionConfig`; of its activations and epsilons Transformers reads none. */
function vitOf(vision: ConfigReader): Vit {
  vision.only('model_type', 'llama4_vision_model');
  vision.only('num_channels', 3);
  vision.only('vision_feature_select_strategy', 'default');
  const rope = vision.nested('rope_parameters');
  rope.choice('rope_type', ['default'], 'default');
  const image_size = vision.count('image_size', 448);
  const patch_size = vision.count('patch_size', 14);
  if (image_size % (patch_size * MERGE) !== 0)
    throw vision.error('image_size', `a multiple of ${patch_size * MERGE}, ${MERGE} patches`);
  return new Vit({
    ...{ image_size, patch_size },
    width: vision.count('hidden_size', 768),
    intermediate_size: vision.count('intermediate_size', 5632),
    layers: vision.count('num_hidden_layers', 34),
    heads: vision.count('num_attention_heads', 16),
    eps: 1e-5,
    activation: (x) => gelu(x),
    class_token: true,
    class_last: true,
    turns: { theta: rope.number('rope_theta', vision.number('rope_theta', 10_000)) },
    flat_patches: 'channels-first',
    patch_bias: false,
    pre_norm: true,
    post_norm: true,
    fused: false,
    normed: true,
    keeps_class: false,
    names: {
      own: {
        patch_embedding: 'patch_embedding.linear',
        position_embedding: 'positional_embedding_vlm',
        pre_norm: 'layernorm_pre',
        layers: 'model.layers',
        post_norm: 'layernorm_post',
      },
      block: { norm1: 'input_layernorm', attn: 'self_attn', norm2: 'post_attention_layernorm' },
      attention: { out_proj: 'o_proj' },
    },
  });
}

/** Squares of patches side by side, through two layers with an activation behind each, and one more. */
class Adapter extends Connector {
  fc1: LinearLike;
  fc2: LinearLike;
  linear_1: LinearLike;

  constructor(vision: ConfigReader, hidden_size: number) {
    super();
    this.names = {
      fc1: `${VISION}.vision_adapter.mlp.fc1`,
      fc2: `${VISION}.vision_adapter.mlp.fc2`,
      linear_1: `${PROJECTOR}.linear_1`,
    };
    vision.only('pixel_shuffle_ratio', 1 / MERGE);
    vision.only('multi_modal_projector_bias', false);
    const wide = vision.count('hidden_size', 768) * MERGE ** 2;
    vision.only('intermediate_size', wide);
    const out = vision.count('projector_output_dim', 4096);
    vision.only('projector_input_dim', out);
    vision.only('vision_output_dim', out);
    this.fc1 = new Linear(wide, out);
    this.fc2 = new Linear(out, out);
    this.linear_1 = new Linear(out, hidden_size);
  }

  rows(seen: number): number {
    return seen / MERGE ** 2;
  }

  forward(scope: Scope, seen: Tensor): Tensor {
    const once = gelu(this.fc1.forward(scope, spaceToDepth(seen, MERGE)));
    return this.linear_1.forward(scope, gelu(this.fc2.forward(scope, once)));
  }
}
