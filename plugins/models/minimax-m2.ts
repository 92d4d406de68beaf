import {
  DecoderLoader,
  decoderTraits,
  Parameter,
  RmsNorm,
  type ConfigReader,
  type DecoderTraits,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { MIXTRAL_NAMES, mixture } from './_mixture.js';
import { CHINESE } from './_gguf/chinese.js';

/** MiniMax-M2: norms over all queries and all keys, a corrected choice of experts. */
@model({
  family: 'minimax_m2',
  summary: 'MiniMax-M2: norms over all queries and all keys, a corrected choice of experts',
  architectures: ['MiniMaxM2ForCausalLM'],
  model_types: ['minimax_m2'],
  gguf: { 'minimax-m2': CHINESE['minimax-m2'] },
  template: 'minimax_m2',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'minimax-m2': { hf: 'MiniMaxAI/MiniMax-M2', ms: 'MiniMax/MiniMax-M2', codec: 'fp8' },
    'minimax-m2.1': {
      hf: 'MiniMaxAI/MiniMax-M2.1',
      ms: 'MiniMax/MiniMax-M2.1',
      template: 'minimax_m2_1',
      codec: 'fp8',
    },
    'minimax-m2.5': {
      hf: 'MiniMaxAI/MiniMax-M2.5',
      ms: 'MiniMax/MiniMax-M2.5',
      template: 'minimax_m2_5',
      codec: 'fp8',
    },
    'minimax-m2.7': {
      hf: 'MiniMaxAI/MiniMax-M2.7',
      ms: 'MiniMax/MiniMax-M2.7',
      template: 'minimax_m2_7',
      codec: 'fp8',
    },
  },
})
export class MiniMaxM2 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const llama = decoderTraits(reader, { head_dim: 128, rope_theta: 5_000_000 });
    const { head_dim, norm_eps, rotary_dims = head_dim } = llama;
    const num_experts = reader.count('num_local_experts', 256);
    const traits = {
      ...llama,
      rotary_dims: reader.count('rotary_dim', rotary_dims),
      qk_norm: (heads: number) => new RmsNorm(heads * head_dim, norm_eps),
      names: MIXTRAL_NAMES,
    };
    return {
      ...traits,
      feedForward: () =>
        mixture(traits, {
          num_experts,
          intermediate_size: traits.intermediate_size,
          correction: new Parameter([num_experts]),
          route: { k: reader.count('num_experts_per_tok', 8), score: 'sigmoid', normalize: true },
        }),
    };
  }
}
