import {
  DecoderLoader,
  decoderTraits,
  type ConfigReader,
  type DecoderTraits,
  windowEverywhere,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { GPTS } from './_gguf/gpt.js';

/** StarCoder2: layer norms, biases, a plain feed-forward, a window. */
@model({
  family: 'starcoder2',
  summary: 'StarCoder2: layer norms, biases, a plain feed-forward, a window',
  architectures: ['Starcoder2ForCausalLM'],
  model_types: ['starcoder2'],
  gguf: { starcoder2: GPTS.starcoder2 },
  template: 'default-generation',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'starcoder2-3b': { hf: 'bigcode/starcoder2-3b', size: '3B' },
    'starcoder2-7b': { hf: 'bigcode/starcoder2-7b', size: '7B' },
    'starcoder2-15b': { hf: 'bigcode/starcoder2-15b', size: '15B' },
  },
})
export class StarCoder2 extends DecoderLoader implements ModelLoader {
  protected override readonly fields = { rms_norm_eps: 'norm_epsilon' };

  protected override traits(reader: ConfigReader): DecoderTraits {
    const bias = reader.flag('use_bias', true);
    return {
      ...decoderTraits(reader, {
        max_position_embeddings: 4096,
        num_key_value_heads: 2,
        norm_eps: 1e-5,
        tie_word_embeddings: true,
        activation: 'gelu_pytorch_tanh',
      }),
      bias: { qkv: bias, o: bias, mlp: bias },
      norm: 'layer',
      mlp: 'plain',
      layer: windowEverywhere(reader),
      names: { up_proj: 'c_fc', down_proj: 'c_proj' },
    };
  }
}
