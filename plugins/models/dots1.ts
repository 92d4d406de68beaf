import {
  DecoderLoader,
  decoderTraits,
  HeadRmsNorm,
  slidingLayers,
  type ConfigReader,
  type DecoderTraits,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { correctedLayers } from './_mixture.js';
import { DEEPSEEKS } from './_gguf/deepseek.js';

/** dots.llm1. */
@model({
  family: 'dots1',
  summary: 'dots.llm1',
  architectures: ['Dots1ForCausalLM'],
  model_types: ['dots1'],
  gguf: { dots1: DEEPSEEKS.dots1 },
  template: 'dots1',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'dots.llm1.base': { hf: 'rednote-hilab/dots.llm1.base', ms: 'rednote-hilab/dots.llm1.base' },
    'dots.llm1.inst': { hf: 'rednote-hilab/dots.llm1.inst', ms: 'rednote-hilab/dots.llm1.inst' },
  },
})
export class Dots1 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const llama = decoderTraits(reader);
    const window = reader.optionalNumber('sliding_window', 4096);
    const first = reader.number('max_window_layers', 62);
    const slides = slidingLayers(reader, (layer) => window !== undefined && layer >= first);
    const traits = {
      ...llama,
      qk_norm: () => new HeadRmsNorm(llama.head_dim, llama.norm_eps),
      layer: (layer: number) => (slides(layer) ? { window } : {}),
    };
    return { ...traits, feedForward: correctedLayers(reader, traits, { normalize: false }) };
  }
}
