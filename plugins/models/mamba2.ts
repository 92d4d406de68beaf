import { DecoderLoader, Mamba2Mixer, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { stateSpaceSize, stateSpaceTraits, timeStepLimit } from './_state-space.js';
import { STATE_SPACES } from './_gguf/state-space.js';

/** Mamba-2: state-space layers as matrix products. */
@model({
  family: 'mamba2',
  summary: 'Mamba-2: state-space layers as matrix products',
  architectures: ['Mamba2ForCausalLM'],
  model_types: ['mamba2'],
  gguf: { mamba2: STATE_SPACES.mamba2 },
  template: 'default-generation',
  lora_target_modules: ['in_proj', 'out_proj'],
  variants: { 'mamba-codestral-7b-v0_1': { hf: 'mistralai/Mamba-Codestral-7B-v0.1', size: '7B' } },
})
export class Mamba2 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = stateSpaceTraits(reader, false);
    return {
      ...traits,
      mixer: () =>
        new Mamba2Mixer({
          ...stateSpaceSize(reader),
          num_heads: reader.count('num_heads', 128),
          head_dim: reader.count('head_dim', 64),
          n_groups: reader.count('n_groups', 8),
          norm_eps: traits.norm_eps,
          time_step_limit: timeStepLimit(reader),
        }),
    };
  }
}
