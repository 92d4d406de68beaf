import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { latentTraits } from './_latent.js';

/** Youtu-LLM of Tencent: latent attention. */
@model({
  family: 'youtu_llm',
  summary: 'Youtu-LLM of Tencent: latent attention',
  architectures: ['YoutuForCausalLM'],
  model_types: ['youtu', 'youtu_llm'],
  template: 'youtu_llm',
  lora_target_modules: ['q_proj', 'q_a_proj', 'q_b_proj', 'kv_a_proj_with_mqa', 'kv_b_proj', 'o_proj'],
  variants: {
    'youtu-llm-2b': { hf: 'tencent/Youtu-LLM-2B', ms: 'Tencent-YouTu-Research/Youtu-LLM-2B', size: '2B' },
    'youtu-llm-2b-base': {
      hf: 'tencent/Youtu-LLM-2B-Base',
      ms: 'Tencent-YouTu-Research/Youtu-LLM-2B-Base',
      size: '2B',
    },
  },
})
export class YoutuLlm extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return latentTraits(reader, reader.flag('rope_interleave', true), { tie_word_embeddings: true });
  }
}
