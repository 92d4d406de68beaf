import {
  ACTIVATIONS,
  ConfigReader,
  MultimodalLM,
  TileTower,
  UnfoldProjector,
  ViewRows,
  type Config,
} from 'swift-ts/nn';
import {
  HALF_NORMALIZATION,
  model,
  ViewImages,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { DEEPSEEK_VL2_GROUNDING } from './_grounding.js';
import { imageSteps } from './_image-settings.js';
import { textTraits } from './_text.js';
import { timmVit } from './_towers.js';

const TOKEN = '<image>';
const ROLES = { vision: 'vision', connector: 'projector' };

/** DeepSeek-VL2 (Wu et al., 2024, arXiv 2412.10302). Pictures are cut into tiles whatever their number, while SWIFT does not cut more than two of a row. */
@model({
  family: 'deepseek_vl_v2',
  summary: 'DeepSeek-VL2: SigLIP over a picture and its tiles, line by line; experts',
  architectures: ['DeepseekVLV2ForCausalLM'],
  model_types: ['deepseek_vl_v2'],
  media: ['image'],
  template: 'deepseek_vl2',
  // What pools pictures.
  ignored_tensors: [/^vision\.attn_pool\./],
  lora_target_modules: ['all-linear'],
  variants: {
    'deepseek-vl2-tiny': { hf: 'deepseek-ai/deepseek-vl2-tiny', ms: 'deepseek-ai/deepseek-vl2-tiny' },
    'deepseek-vl2-small': { hf: 'deepseek-ai/deepseek-vl2-small', ms: 'deepseek-ai/deepseek-vl2-small' },
    'deepseek-vl2': { hf: 'deepseek-ai/deepseek-vl2', ms: 'deepseek-ai/deepseek-vl2' },
  },
})
export class DeepseekVl2 implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    reader.only('tile_tag', '2D');
    const position = reader.choice('global_view_pos', ['head', 'tail'], 'head');
    const places = { model: 'language.model', head: 'language.' };
    const text = textTraits(
      { ...reader.nested('language_config').config, model_type: 'deepseek_v2' },
      places,
    );
    const tower = reader.nested('vision_config');
    tower.only('class_token', false);
    tower.only('model_name', 'siglip_so400m_patch14_384');
    const width = tower.count('width', 1152);
    const vision = timmVit({
      width,
      intermediate_size: Math.trunc(width * tower.number('mlp_ratio', 3.7362)),
      layers: tower.count('layers', 27),
      heads: tower.count('heads', 16),
      image_size: tower.count('image_size', 384),
      patch_size: tower.count('patch_size', 14),
      activation: ACTIVATIONS.gelu_pytorch_tanh,
    });
    const connector = connectorOf(reader.nested('projector_config'), width, text.hidden_size);
    const side = Math.sqrt(connector.rows(vision.rows));
    const after = new ViewRows({
      width: text.hidden_size,
      side,
      order: position === 'head' ? ['whole', 'between', 'tiles'] : ['tiles', 'between', 'whole'],
      names: { between: 'view_seperator', line: 'image_newline' },
    });
    return new MultimodalLM({
      text,
      tower: new TileTower({ vision, connector, after, names: { ...ROLES, after: '' } }),
      roles: [
        [ROLES.vision, 'vit'],
        [ROLES.connector, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(config);
    const steps = imageSteps(settings, HALF_NORMALIZATION);
    const size = reader.nested('vision_config').count('image_size', 384);
    const image = new ViewImages({
      ...steps,
      size,
      pinpoints: resolutions(reader, size),
      background: steps.mean.map((value) => Math.trunc(value * 255)),
      token: TOKEN,
      text: ({ features }) => `${TOKEN.repeat(features)}\n`,
    });
    return { image, grounding: DEEPSEEK_VL2_GROUNDING };
  }
}

function connectorOf(fields: ConfigReader, width: number, hidden_size: number): UnfoldProjector {
  fields.only('projector_type', 'downsample_mlp_gelu');
  fields.only('token_pooling', false);
  fields.only('depth', 2);
  fields.only('input_dim', width);
  fields.only('n_embed', hidden_size);
  return new UnfoldProjector(
    {
      width,
      merge_size: fields.count('downsample_ratio', 2),
      inner: hidden_size * fields.count('mlp_ratio', 1),
      hidden_size,
      activation: ACTIVATIONS.gelu,
    },
    { linear_1: 'layers.0', linear_2: 'layers.2' },
  );
}

/** Heights and widths; the config has widths first. @throws ConfigError */
function resolutions(reader: ConfigReader, size: number): (readonly [number, number])[] {
  const all = reader.get('candidate_resolutions') ?? [[size, size]];
  const isSize = (one: unknown): one is [number, number] =>
    Array.isArray(one) && one.length === 2 && one.every((side) => Number.isInteger(side / size));
  if (!Array.isArray(all) || !all.every(isSize))
    throw reader.error('candidate_resolutions', `a list of [width, height], whole tiles of ${size} pixels`);
  return all.map(([width, height]) => [height, width] as const);
}
