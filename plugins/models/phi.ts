import {
  DecoderLoader,
  decoderTraits,
  HeadLayerNorm,
  type ConfigReader,
  type DecoderTraits,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { PHIS } from './_gguf/phi.js';

const NAMES = {
  norm: 'final_layernorm',
  q_norm: 'q_layernorm',
  k_norm: 'k_layernorm',
  o_proj: 'dense',
  up_proj: 'fc1',
  down_proj: 'fc2',
};

/** Phi-1, 1.5 and 2 of Microsoft: attention and feed-forward in parallel, half-turned heads. */
@model({
  family: 'phi',
  summary: 'Phi-1, 1.5 and 2 of Microsoft: attention and feed-forward in parallel, half-turned heads',
  architectures: ['PhiForCausalLM'],
  model_types: ['phi'],
  gguf: { phi2: PHIS.phi2 },
  template: 'default-generation',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'phi2-3b': { hf: 'microsoft/phi-2', ms: 'AI-ModelScope/phi-2', size: '3B' },
    'phi-1': { hf: 'microsoft/phi-1', size: '1.3B' },
    'phi-1_5': { hf: 'microsoft/phi-1_5', size: '1.3B' },
  },
})
export class Phi extends DecoderLoader implements ModelLoader {
  protected override readonly fields = { rms_norm_eps: 'layer_norm_eps' };

  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = decoderTraits(reader, {
      norm_eps: 1e-5,
      partial_rotary_factor: 0.5,
      activation: 'gelu_new',
    });
    const { head_dim, norm_eps } = traits;
    return {
      ...traits,
      bias: { qkv: true, o: true, mlp: true },
      norm: 'layer',
      placement: 'parallel',
      qk_norm: reader.flag('qk_layernorm') ? () => new HeadLayerNorm(head_dim, norm_eps) : undefined,
      mlp: 'plain',
      logits: { bias: true },
      names: NAMES,
    };
  }
}
