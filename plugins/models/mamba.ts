import type { ConfigReader } from 'swift-ts/nn';
import { DecoderLoader, MambaMixer, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { stateSpaceSize, stateSpaceTraits } from './_state-space.js';
import { STATE_SPACES } from './_gguf/state-space.js';

/** Mamba: state-space layers without attention. */
@model({
  family: 'mamba',
  summary: 'Mamba: state-space layers without attention',
  architectures: ['MambaForCausalLM'],
  model_types: ['mamba'],
  gguf: { mamba: STATE_SPACES.mamba },
  template: 'default-generation',
  lora_target_modules: ['in_proj', 'x_proj', 'out_proj'],
  variants: {
    'mamba-2.8b': { hf: 'state-spaces/mamba-2.8b-hf', ms: 'AI-ModelScope/mamba-2.8b-hf', size: '2.8B' },
    'mamba-1.4b': { hf: 'state-spaces/mamba-1.4b-hf', ms: 'AI-ModelScope/mamba-1.4b-hf', size: '1.4B' },
    'mamba-790m': { hf: 'state-spaces/mamba-790m-hf', ms: 'AI-ModelScope/mamba-790m-hf', size: '790M' },
    'mamba-390m': { hf: 'state-spaces/mamba-390m-hf', ms: 'AI-ModelScope/mamba-390m-hf', size: '390M' },
    'mamba-370m': { hf: 'state-spaces/mamba-370m-hf', ms: 'AI-ModelScope/mamba-370m-hf', size: '370M' },
    'mamba-130m': { hf: 'state-spaces/mamba-130m-hf', ms: 'AI-ModelScope/mamba-130m-hf', size: '130M' },
  },
})
export class Mamba extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const hidden_size = reader.count('hidden_size');
    const rank = reader.get('time_step_rank');
    return {
      ...stateSpaceTraits(reader),
      mixer: () =>
        new MambaMixer({
          ...stateSpaceSize(reader),
          time_step_rank: typeof rank === 'number' ? rank : Math.ceil(hidden_size / 16),
        }),
    };
  }
}
