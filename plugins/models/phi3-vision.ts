import {
  ACTIVATIONS,
  ConfigReader,
  MultimodalLM,
  Projector,
  TileTower,
  ViewRows,
  type Config,
  type Vit,
} from 'swift-ts/nn';
import {
  HdImages,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { textTraits } from './_text.js';
import { clipVit, usedLayers } from './_towers.js';

const PLACE = 'model.vision_embed_tokens';
const VISION = `${PLACE}.img_processor.vision_model`;
const CONNECTOR = `${PLACE}.img_projection`;

/** Phi-3-Vision and Phi-3.5-Vision (Abdin et al., 2024, arXiv 2404.14219). */
@model({
  family: 'phi3_v',
  summary:
    'Phi-3-Vision and Phi-3.5-Vision: CLIP over tiles of an enlarged picture, lines of them told apart',
  architectures: ['Phi3VForCausalLM'],
  model_types: ['phi3_v'],
  media: ['image'],
  template: 'phi3-vl',
  // The embedding under a second name, and a buffer of CLIP.
  ignored_tensors: [/^model\.vision_embed_tokens\.wte\./, /\.embeddings\.position_ids$/],
  lora_target_modules: ['all-linear'],
  variants: {
    'phi3-vision-128k-instruct': {
      hf: 'microsoft/Phi-3-vision-128k-instruct',
      ms: 'LLM-Research/Phi-3-vision-128k-instruct',
    },
    'phi3_5-vision-instruct': {
      hf: 'microsoft/Phi-3.5-vision-instruct',
      ms: 'LLM-Research/Phi-3.5-vision-instruct',
    },
  },
})
export class Phi3Vision implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const layer = reader.nested('embd_layer');
    layer.only('embedding_cls', 'image');
    layer.only('projection_cls', 'mlp');
    layer.only('hd_transform_order', 'sub_glb');
    layer.only('use_hd_transform', true);
    layer.only('with_learnable_separator', true);
    const text = textTraits({ ...config, model_type: 'phi3' }, { model: 'model' });
    const vision = clip(reader);
    const width = 4 * vision.size.width;
    const connector = new Projector(
      { width, hidden_size: text.hidden_size, activation: ACTIVATIONS.gelu, bias: true },
      { linear_1: '0', linear_2: '2' },
    );
    const before = new ViewRows({
      width,
      side: vision.side / 2,
      order: ['tiles', 'between', 'whole'],
      names: { between: `${PLACE}.glb_GN`, line: `${PLACE}.sub_GN` },
      batched_tables: true,
    });
    return new MultimodalLM({
      text,
      tower: new TileTower({
        vision,
        connector,
        squares: 2,
        before,
        names: { vision: VISION, connector: CONNECTOR, before: '' },
      }),
      roles: [
        [VISION, 'vit'],
        [CONNECTOR, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const { side, size } = clip(new ConfigReader(config));
    const given = new ConfigReader(settings);
    given.only('num_img_tokens', (side / 2) ** 2);
    const image = new HdImages({
      ...imageSteps(settings, { filter: 'bilinear' }),
      size: size.image_size,
      most_tiles: given.count('num_crops', 1),
      token: TOKEN,
      text: ({ features }) => `${TOKEN.repeat(features)}<s>\n`,
    });
    return { image };
  }
}

const TOKEN = '<|image|>';

/** CLIP-L, which published configs only name. */
const LARGE = {
  hidden_size: 1024,
  intermediate_size: 4096,
  num_hidden_layers: 24,
  num_attention_heads: 16,
  image_size: 336,
  patch_size: 14,
};

function clip(reader: ConfigReader): Vit {
  const own = reader.nested('img_processor');
  own.only('name', 'clip_vision_model');
  own.only('type_feature', 'patch');
  const fields = new ConfigReader({ ...LARGE, ...own.config });
  const vision = clipVit(fields, {
    used_layers: usedLayers(own, 'layer_idx', -2, fields.count('num_hidden_layers')),
    normed: false,
    keeps_class: false,
  });
  own.only('image_dim_out', vision.size.width);
  own.only('num_img_tokens', (vision.side / 2) ** 2);
  return vision;
}
