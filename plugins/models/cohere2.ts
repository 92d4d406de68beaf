import { DecoderLoader, slidingLayers, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { COHERE_FIELDS, cohereTraits } from './_cohere.js';
import { COHERES } from './_gguf/cohere.js';

/** Command R7B and A of Cohere: three windowed layers to one without positions. */
@model({
  family: 'cohere2',
  summary: 'Command R7B and A of Cohere: three windowed layers to one without positions',
  architectures: ['Cohere2ForCausalLM'],
  model_types: ['cohere2'],
  gguf: { cohere2: COHERES.cohere2 },
  template: 'c4ai',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'c4ai-command-r7b-12-2024': { hf: 'CohereForAI/c4ai-command-r7b-12-2024', size: '7B' },
    'c4ai-command-a-03-2025': { hf: 'CohereForAI/c4ai-command-a-03-2025', size: '111B' },
  },
})
export class Cohere2 extends DecoderLoader implements ModelLoader {
  protected override readonly fields = COHERE_FIELDS;

  protected override traits(reader: ConfigReader): DecoderTraits {
    const window = reader.count('sliding_window', 4096);
    const pattern = reader.count('sliding_window_pattern', 4);
    const slides = slidingLayers(reader, (layer) => (layer + 1) % pattern !== 0);
    return {
      ...cohereTraits(reader, 10_000),
      layer: (layer) => (slides(layer) ? { window } : { rope: null }),
    };
  }
}
