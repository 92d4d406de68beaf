import {
  ConfigReader,
  ConvProjector,
  HF_SAM,
  MultimodalLM,
  ORIGINAL_SAM,
  TileTower,
  type Config,
  type SamEncoder,
} from 'swift-ts/nn';
import {
  model,
  TileImages,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { samEncoder } from './_sam.js';
import { HF_PLACES, textTraits } from './_text.js';
import { HF_FORMER_NAMES, HF_TOWER } from './_towers.js';

/** Where its parts lie in checkpoints of the authors. */
const OWN = { vision: 'model.vision_tower_high', connector: 'model.mm_projector_vary' };

/** GOT-OCR2 (Wei et al., 2024, arXiv 2409.01704), in the layouts of its authors and of Transformers. */
@model({
  family: 'got_ocr2',
  summary: "GOT-OCR2: Segment Anything's encoder over a page, Qwen2 that writes what stands there",
  architectures: ['GOTQwenForCausalLM', 'GotOcr2ForConditionalGeneration'],
  model_types: ['GOT', 'got_ocr2'],
  media: ['image'],
  template: 'got_ocr2',
  former_names: HF_FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  variants: {
    'got-ocr2_0': { hf: 'stepfun-ai/GOT-OCR2_0', ms: 'stepfun-ai/GOT-OCR2_0' },
    'got-ocr-2.0-hf': {
      hf: 'stepfun-ai/GOT-OCR-2.0-hf',
      ms: 'stepfun-ai/GOT-OCR-2.0-hf',
      template: 'got_ocr2_hf',
    },
  },
})
export class GotOcr2 implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = isHf(reader)
      ? textTraits(reader.nested('text_config').config, HF_PLACES, config)
      : textTraits({ ...config, model_type: 'qwen2' }, { model: 'model' });
    const vision = tower(reader);
    const { vision: place, connector: last } = isHf(reader) ? HF_TOWER : OWN;
    const connector = new ConvProjector(
      { width: vision.size.out, hidden_size: text.hidden_size },
      isHf(reader)
        ? {
            conv1: `${last}.conv_upsampler1`,
            conv2: `${last}.conv_upsampler2`,
            linear: `${last}.multimodal_projector`,
          }
        : { conv1: `${place}.net_2`, conv2: `${place}.net_3`, linear: last },
    );
    return new MultimodalLM({
      text,
      tower: new TileTower({ vision, connector, names: { vision: place, connector: '' } }),
      roles: [
        [place, 'vit'],
        [last, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const size = tower(new ConfigReader(config)).size.image_size;
    const given = new ConfigReader(settings);
    for (const side of ['height', 'width']) given.nested('size').only(side, size);
    const isCut = given.flag('crop_to_patches');
    const image = new TileImages({
      ...imageSteps(settings),
      size,
      min_tiles: isCut ? given.count('min_patches', 1) : 1,
      max_tiles: isCut ? given.count('max_patches', 12) : 1,
      thumbnail: true,
      token: '<imgpad>',
      text: ({ features }) => `<img>${'<imgpad>'.repeat(features)}</img>\n`,
    });
    return { image };
  }
}

const isHf = (reader: ConfigReader): boolean => reader.get('model_type') === 'got_ocr2';

function tower(reader: ConfigReader): SamEncoder {
  return samEncoder(reader.nested('vision_config'), isHf(reader) ? HF_SAM : ORIGINAL_SAM);
}
