import {
  chosenWindows,
  DecoderLoader,
  decoderTraits,
  type ConfigReader,
  type DecoderTraits,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { LLAMAS } from './_gguf/llama.js';

/** SmolLM3: every fourth layer has no positions. */
@model({
  family: 'smollm3',
  summary: 'SmolLM3: every fourth layer has no positions',
  architectures: ['SmolLM3ForCausalLM'],
  model_types: ['smollm3'],
  gguf: { smollm3: LLAMAS.smollm3 },
  template: 'default-generation',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'smollm3-3b-base': { hf: 'HuggingFaceTB/SmolLM3-3B-Base', size: '3B' },
  },
})
export class SmolLm3 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const interval = reader.count('no_rope_layer_interval', 4);
    const turning = reader.has('no_rope_layers') ? reader.numbers('no_rope_layers') : undefined;
    const turns = (layer: number): boolean => (turning ? turning[layer] === 1 : (layer + 1) % interval !== 0);
    const windows = chosenWindows(reader, (layer) => !turns(layer), undefined);
    return {
      ...decoderTraits(reader, {
        max_position_embeddings: 32_768,
        num_key_value_heads: 4,
        rope_theta: 2_000_000,
        tie_word_embeddings: true,
      }),
      layer: (layer) => ({ ...(turns(layer) ? {} : { rope: null }), ...windows?.(layer) }),
    };
  }
}
