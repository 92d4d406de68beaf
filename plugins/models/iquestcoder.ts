import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

/** IQuest-Coder: Llama-shaped decoders for code. */
@model({
  family: 'iquestcoder',
  summary: 'IQuest-Coder: Llama-shaped decoders for code',
  architectures: ['IQuestCoderForCausalLM'],
  model_types: ['iquestcoder'],
  template: 'iquestcoder',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'iquest-coder-v1-40b-base-stage1': {
      hf: 'IQuestLab/IQuest-Coder-V1-40B-Base-Stage1',
      ms: 'IQuestLab/IQuest-Coder-V1-40B-Base-Stage1',
      size: '40B',
    },
    'iquest-coder-v1-40b-base': {
      hf: 'IQuestLab/IQuest-Coder-V1-40B-Base',
      ms: 'IQuestLab/IQuest-Coder-V1-40B-Base',
      size: '40B',
    },
    'iquest-coder-v1-40b-instruct': {
      hf: 'IQuestLab/IQuest-Coder-V1-40B-Instruct',
      ms: 'IQuestLab/IQuest-Coder-V1-40B-Instruct',
      size: '40B',
    },
  },
})
export class IQuestCoder extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const clip = reader.number('clip_qkv', 0);
    // Sources disagree about which layers a window is for; published checkpoints have none.
    reader.only('use_sliding_window', false);
    return { ...decoderTraits(reader), clip_qkv: clip || undefined };
  }
}
