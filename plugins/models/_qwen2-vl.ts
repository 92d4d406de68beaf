/** What Qwen2-VL is, and what is built on it. */
import {
  DecoderLoader,
  MultimodalLM,
  PatchTower,
  type Config,
  type ConfigReader,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import type { ImageSettings, ModelConfig, ModelLoader, Processor } from 'swift-ts/plugin';
import {
  axesInTurn,
  formerMerger,
  patchSizes,
  qwenVlProcessor,
  qwenVlTraits,
  ROLES,
  sectionsOf,
  wholeVideo,
  withTextFields,
} from './_qwen-vl.js';
import { activationOf } from './_towers.js';

export class Qwen2VlLoader extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    return super.build(withTextFields(config));
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    return qwenVlTraits(reader);
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const vision = reader.nested('vision_config');
    const width = vision.count('embed_dim', 1280);
    // Named so in the files of Qwen; elsewhere it is the language model's width.
    const out = vision.count('hidden_size', text.hidden_size);
    if (out !== text.hidden_size)
      throw vision.error('hidden_size', `${text.hidden_size}, the language model's`);
    const sizes = patchSizes(vision);
    const tower = new PatchTower({
      ...sizes,
      width,
      out,
      eps: 1e-6,
      intermediate_size: width * vision.number('mlp_ratio', 4),
      activation: activationOf(vision, 'hidden_act', 'quick_gelu'),
      heads: vision.count('num_heads', 16),
      layers: vision.count('depth', 32),
      merger: () => formerMerger({ ...sizes, width, out, norm: 'layer' }),
    });
    const axes = axesInTurn(sectionsOf(reader, text));
    return new MultimodalLM({ text, tower, roles: ROLES, mrope: { axes, merge_size: sizes.merge_size } });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return qwenVlProcessor(config, settings, { video: { text: wholeVideo() } });
  }
}
