import { ConfigReader, DecoderLoader, type Decoder, type DecoderTraits } from 'swift-ts/nn';
import {
  ClipImages,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { tileSide, TOKEN, UNUSED, XCOMPOSER_LORA, xcomposerModel, xcomposerTraits } from './_xcomposer.js';

/** Side of a picture. */
const SIDE = 490;

/** InternLM-XComposer2 (Dong et al., 2024, arXiv 2401.16420). */
@model({
  family: 'xcomposer2',
  summary:
    'InternLM-XComposer2: CLIP over a picture of 490 pixels, and InternLM2 that adds matrices for features',
  architectures: [],
  same_architecture_as: 'xcomposer2_5',
  media: ['image'],
  template: 'internlm-xcomposer2',
  ignored_tensors: UNUSED,
  lora_target_modules: XCOMPOSER_LORA,
  variants: {
    'internlm-xcomposer2-7b-chat': {
      hf: 'internlm/internlm-xcomposer2-7b',
      ms: 'Shanghai_AI_Laboratory/internlm-xcomposer2-7b',
      size: '7B',
    },
  },
})
export class XComposer2 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return xcomposerTraits(reader);
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return xcomposerModel(text, reader, SIDE, { views: false });
  }

  /** A text goes on behind a picture as it begins, with `<s>`. */
  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const side = tileSide(new ConfigReader(config), SIDE);
    const image = new ClipImages({
      ...imageSteps(settings),
      size: side,
      squash: true,
      crop: side,
      token: TOKEN,
      text: ({ features }) => `${TOKEN.repeat(features)}<s>`,
    });
    return { image };
  }
}
