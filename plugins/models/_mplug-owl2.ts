/** What mPLUG-Owl2 and 2.1 share: how they see, and how their config.json says so. */
import {
  ConfigReader,
  MultimodalLM,
  TileTower,
  VisualAbstractor,
  Vit,
  type DecoderTraits,
} from 'swift-ts/nn';
import { ClipImages, type ImageSettings, type ModelConfig, type Processor } from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { activationOf } from './_towers.js';

/** Stands where pictures do: their own code puts −200 there, which is no token. */
const TOKEN = '<|image|>';

/** Names of the two layers where one is for text and one for pictures. */
export const MULTIWAY = { text: 'multiway.0', media: 'multiway.1' };

const VIT_NAMES = {
  own: {
    class_embedding: 'embeddings.cls_token',
    patch_embedding: 'embeddings.patch_embed',
    position_embedding: 'embeddings.position_embedding',
    pre_norm: 'embeddings.pre_layernorm',
    layers: 'encoder.layers',
    post_norm: 'post_layernorm',
  },
  block: { norm1: 'input_layernorm', attn: 'self_attn', norm2: 'post_attention_layernorm' },
  attention: { qkv: 'query_key_value', proj: 'dense' },
};

/** @param place of the language model, below which the parts that see lie too @throws ConfigError */
export function owlModel(text: DecoderTraits, reader: ConfigReader, place: string): MultimodalLM {
  const { visual_model: model, visual_abstractor: abstractor } = parts(reader);
  const vision = owlVit(model);
  const width = abstractor.count('hidden_size', 1024);
  abstractor.only('encoder_hidden_size', width);
  abstractor.only('add_v2t_pos_emb', false);
  abstractor.only('grid_size', vision.side);
  const connector = new VisualAbstractor({
    queries: abstractor.count('num_learnable_queries', 64),
    rows: vision.rows,
    width,
    heads: abstractor.count('num_attention_heads', 16),
    layers: abstractor.count('num_hidden_layers', 6),
    intermediate_size: abstractor.count('intermediate_size', 2816),
    eps: abstractor.number('layer_norm_eps', 1e-6),
    hidden_size: text.hidden_size,
  });
  const names = { vision: `${place}.vision_model`, connector: `${place}.visual_abstractor` };
  return new MultimodalLM({
    text: { ...text, media_layers: 'all' },
    tower: new TileTower({ vision, connector, names }),
    roles: [
      [names.vision, 'vit'],
      [names.connector, 'aligner'],
    ],
  });
}

export function owlProcessor(config: ModelConfig, settings: ImageSettings): Processor {
  const side = parts(new ConfigReader(config)).visual_model.count('image_size', 448);
  const image = new ClipImages({
    ...imageSteps(settings),
    size: side,
    squash: false,
    crop: side,
    square: 'stretched',
    token: TOKEN,
    text: ({ features }) => TOKEN.repeat(features),
  });
  return { image, own_tokens: true };
}

function parts(reader: ConfigReader): {
  readonly visual_model: ConfigReader;
  readonly visual_abstractor: ConfigReader;
} {
  const visual = reader.nested('visual_config');
  return {
    visual_model: visual.nested('visual_model'),
    visual_abstractor: visual.nested('visual_abstractor'),
  };
}

/** With a class token there is a position for each patch; without, a table of 16 × 16 is stretched over them. */
function owlVit(model: ConfigReader): Vit {
  const class_token = model.flag('use_cls_token', true);
  const post_norm = model.flag('use_post_layernorm', true);
  return new Vit({
    width: model.count('hidden_size', 1024),
    heads: model.count('num_attention_heads', 16),
    layers: model.count('num_hidden_layers', 24),
    intermediate_size: model.count('intermediate_size', 4096),
    image_size: model.count('image_size', 448),
    patch_size: model.count('patch_size', 14),
    eps: model.number('layer_norm_eps', 1e-6),
    activation: activationOf(model, 'hidden_act', 'quick_gelu'),
    class_token,
    keeps_class: class_token,
    patch_bias: false,
    pre_norm: true,
    post_norm,
    normed: post_norm,
    fused: true,
    qkv: 'grouped',
    ...(class_token ? { batched_tables: true } : { table_side: 16 }),
    names: VIT_NAMES,
  });
}
