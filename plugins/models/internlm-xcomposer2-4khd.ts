import { DecoderLoader, type ConfigReader, type Decoder, type DecoderTraits } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { TOKEN, UNUSED, viewImages, XCOMPOSER_LORA, xcomposerModel, xcomposerTraits } from './_xcomposer.js';

/** Side of a tile. */
const SIDE = 336;

/** InternLM-XComposer2-4KHD (Dong et al., 2024, arXiv 2404.06512). */
@model({
  family: 'xcomposer2_4khd',
  summary: 'InternLM-XComposer2-4KHD: a picture enlarged to as many as 55 tiles of 336 pixels',
  architectures: [],
  same_architecture_as: 'xcomposer2_5',
  media: ['image'],
  template: 'internlm-xcomposer2-4khd',
  ignored_tensors: UNUSED,
  lora_target_modules: XCOMPOSER_LORA,
  variants: {
    'internlm-xcomposer2-4khd-7b-chat': {
      hf: 'internlm/internlm-xcomposer2-4khd-7b',
      ms: 'Shanghai_AI_Laboratory/internlm-xcomposer2-4khd-7b',
      size: '7B',
    },
  },
})
export class XComposer24Khd extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return xcomposerTraits(reader, { rank: 8, factor: 2 });
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return xcomposerModel(text, reader, SIDE, { views: true });
  }

  /** A text goes on behind a picture as it begins, with `<s>`. */
  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const image = viewImages(config, settings, SIDE, {
      most_tiles: 55,
      text: ({ features }) => `${TOKEN.repeat(features)}<s>`,
    });
    return { image };
  }
}
