/** EVA2-CLIP-E (Sun et al., 2023, arXiv 2303.15389) as CogVLM and GLM-4V see with it, and what leads from there into their language models. */
import {
  MarkedProjector,
  TileTower,
  Vit,
  type ConfigReader,
  type MarkedSize,
  type RolePrefix,
} from 'swift-ts/nn';
import { ClipImages, SwiftError, type ImageSettings } from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { activationOf } from './_towers.js';

const NAMES = {
  own: {
    class_embedding: 'patch_embedding.cls_embedding',
    patch_embedding: 'patch_embedding.proj',
    position_embedding: 'patch_embedding.position_embedding.weight',
    layers: 'transformer.layers',
  },
  block: { norm1: 'input_layernorm', norm2: 'post_attention_layernorm', attn: 'attention' },
  attention: { qkv: 'query_key_value', proj: 'dense' },
};

/** What the families differ by behind the transformer. */
export type EvaConnector = Omit<MarkedSize, 'rows' | 'width' | 'divisor'>;

/** @param reader config.json @param place where all parts lie @throws ConfigError */
export function evaTower(reader: ConfigReader, place: string, connector: EvaConnector): TileTower {
  const fields = reader.nested('vision_config');
  fields.only('in_channels', 3);
  const image_size = fields.count('image_size');
  const patch_size = fields.count('patch_size', 14);
  const side = image_size / patch_size;
  const multiple = connector.conv ? 2 : 1;
  if (!Number.isInteger(side / multiple))
    throw fields.error('image_size', `a multiple of ${multiple * patch_size}`);
  fields.only('num_positions', side ** 2 + 1);
  const width = fields.count('hidden_size', 1792);
  const vision = new Vit({
    ...{ width, image_size, patch_size },
    intermediate_size: fields.count('intermediate_size', 15_360),
    layers: fields.count('num_hidden_layers', 63),
    heads: fields.count('num_heads', 16),
    eps: fields.number('layer_norm_eps', 1e-6),
    activation: activationOf(fields, 'hidden_act', 'gelu'),
    norms: 'behind',
    class_token: true,
    keeps_class: false,
    batched_tables: 'class-row',
    patch_bias: true,
    pre_norm: false,
    post_norm: false,
    normed: false,
    fused: true,
    names: NAMES,
  });
  const divisor = fields.number('scaling_factor', 1);
  const size = { ...connector, rows: vision.patches, width, ...(divisor !== 1 && { divisor }) };
  return new TileTower({
    vision,
    connector: new MarkedProjector(size),
    names: { vision: place, connector: place },
  });
}

/** All of it is the tower: SWIFT has no aligner there. */
export const evaRoles = (place: string): readonly RolePrefix[] => [[place, 'vit']];

/** Pictures of one size, one for each row, as the authors' own code makes them. The token stands where marks do, too. */
export function evaImages(
  reader: ConfigReader,
  settings: ImageSettings,
  { token, leads }: { readonly token: string; readonly leads?: boolean },
): ClipImages {
  const size = reader.nested('vision_config').count('image_size');
  const text = (image: { readonly features: number; readonly index: number }): string => {
    if (image.index > 0) throw severalImages();
    return token.repeat(image.features);
  };
  return new ClipImages({
    ...imageSteps(settings),
    ...{ token, leads, text },
    size,
    squash: true,
    crop: size,
  });
}

const severalImages = (): SwiftError =>
  new SwiftError('BAD_ROW', 'a row has several images, and this model looks at one', {
    cure: 'Give one image for each row.',
  });
