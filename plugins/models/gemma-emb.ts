import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { gemma3Traits } from './_gemma.js';

/** EmbeddingGemma: Gemma 3 whose positions see later ones, the mean of its states through two dense layers. */
@model({
  family: 'gemma_emb',
  summary: 'EmbeddingGemma: Gemma 3 whose positions see later ones, for vectors',
  architectures: ['Gemma3TextModel'],
  template: 'dummy',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'embeddinggemma-300m': {
      hf: 'google/embeddinggemma-300m',
      ms: 'google/embeddinggemma-300m',
      size: '300M',
    },
  },
})
export class GemmaEmb extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...gemma3Traits(reader), wordless: true };
  }
}
