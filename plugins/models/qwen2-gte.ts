import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { qwen2Traits } from './_qwen.js';

/** GTE-Qwen2 of Alibaba-NLP: embeddings at the last token, of positions that see later ones where `is_causal` is false. */
@model({
  family: 'qwen2_gte',
  summary: 'GTE-Qwen2 of Alibaba-NLP: embeddings at the last token',
  architectures: [],
  same_architecture_as: 'qwen2',
  template: 'dummy',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  ignored_tensors: [/^lm_head\./],
  variants: {
    'gte-qwen2-1.5b-instruct': {
      hf: 'Alibaba-NLP/gte-Qwen2-1.5B-instruct',
      ms: 'iic/gte_Qwen2-1.5B-instruct',
      size: '1.5B',
    },
    'gte-qwen2-7b-instruct': {
      hf: 'Alibaba-NLP/gte-Qwen2-7B-instruct',
      ms: 'iic/gte_Qwen2-7B-instruct',
      size: '7B',
    },
  },
})
export class Qwen2Gte extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const bidirectional = !reader.flag('is_causal', true);
    return { ...qwen2Traits(reader), wordless: true, bidirectional, pools: 'last' };
  }
}
