import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { ernieTraits } from './_ernie.js';
import { ERNIES } from './_gguf/ernie.js';

/** ERNIE 4.5, dense: neighbouring dimensions turn together. */
@model({
  family: 'ernie4_5',
  summary: 'ERNIE 4.5, dense: neighbouring dimensions turn together',
  architectures: ['Ernie4_5_ForCausalLM'],
  model_types: ['ernie4_5'],
  gguf: { ernie4_5: ERNIES.ernie4_5 },
  template: 'ernie',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'ernie-4.5-0.3b-pt': {
      hf: 'baidu/ERNIE-4.5-0.3B-PT',
      ms: 'PaddlePaddle/ERNIE-4.5-0.3B-Base-PT',
      size: '0.3B',
    },
    'paddlepaddle--ernie-4.5-0.3b-pt': {
      hf: 'baidu/ERNIE-4.5-0.3B-PT',
      ms: 'PaddlePaddle/ERNIE-4.5-0.3B-PT',
      size: '0.3B',
    },
  },
})
export class Ernie45 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return ernieTraits(reader, { head_dim: 128, num_key_value_heads: 2 });
  }
}
