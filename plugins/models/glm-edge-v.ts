import {
  ConfigReader,
  DecoderLoader,
  MarkedProjector,
  MultimodalLM,
  TileTower,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  CanvasImages,
  HALF_NORMALIZATION,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { glmTraits } from './_glm.js';
import { imageSteps } from './_image-settings.js';
import { siglipVit } from './_towers.js';

const TOKEN = '<|begin_of_image|>';
const NAMES = { vision: 'model.vision.vit.model.vision_model', connector: 'model.vision.adapter' };

/** GLM-Edge-V (https://github.com/zai-org/GLM-Edge): SigLIP over a picture in the corner of a square, and what leads from there into GLM as in GLM-4V. */
@model({
  family: 'glm_edge_v',
  summary: 'GLM-Edge-V: SigLIP over a picture in the corner of a square of 672 pixels, and GLM',
  architectures: [],
  same_architecture_as: 'glm',
  told_by: 'vision_config',
  media: ['image'],
  template: 'glm_edge_v',
  // What pools pictures.
  ignored_tensors: [/^model\.vision\.vit\.model\.vision_model\.(head\.|embeddings\.position_ids$)/],
  lora_target_modules: ['all-linear'],
  variants: {
    'glm-edge-v-2b': { hf: 'zai-org/glm-edge-v-2b', ms: 'ZhipuAI/glm-edge-v-2b', size: '2B' },
  },
})
export class GlmEdgeV extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...glmTraits(reader), names: { tower: '' } };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const { hidden_size, intermediate_size } = text;
    const vision = siglipVit(reader.nested('vision_config'), { normed: true });
    const { width } = vision.size;
    if (vision.side % 2 > 0)
      throw reader.nested('vision_config').error('image_size', 'an even number of patches');
    const size = { rows: vision.patches, width, hidden_size, intermediate_size, conv: hidden_size };
    return new MultimodalLM({
      text,
      tower: new TileTower({ vision, connector: new MarkedProjector(size), names: NAMES }),
      roles: [
        [NAMES.vision, 'vit'],
        [NAMES.connector, 'aligner'],
      ],
    });
  }

  /** As Llama 3.2 Vision's with one tile. */
  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const side = new ConfigReader(config).nested('vision_config').count('image_size', 672);
    const given = new ConfigReader(settings);
    given.only('max_image_tiles', 1);
    for (const field of ['height', 'width']) given.nested('size').only(field, side);
    const image = new CanvasImages({
      ...imageSteps(settings, { ...HALF_NORMALIZATION, filter: 'bicubic' }),
      size: side,
      max_tiles: 1,
      token: TOKEN,
      text: ({ features }) => TOKEN.repeat(features),
    });
    return { image };
  }
}
