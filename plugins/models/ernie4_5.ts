import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

/** ERNIE 4.5, dense: neighbouring dimensions turn together. */
@model({
  family: 'ernie4_5',
  summary: 'ERNIE 4.5, dense: neighbouring dimensions turn together',
  architectures: ['Ernie4_5_ForCausalLM'],
  model_types: ['ernie4_5'],
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
    const bias = reader.flag('use_bias');
    return {
      ...decoderTraits(reader, {
        head_dim: 128,
        max_position_embeddings: 131_072,
        norm_eps: 1e-5,
        rope_theta: 500_000,
        tie_word_embeddings: true,
      }),
      bias: { qkv: bias, o: bias, mlp: bias },
      rope_interleaved: true,
    };
  }
}
