import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { baichuanTraits } from './_baichuan.js';
import { CHINESE } from './_gguf/chinese.js';

/** Baichuan. */
@model({
  family: 'baichuan',
  summary: 'Baichuan',
  architectures: ['BaichuanForCausalLM', 'BaiChuanForCausalLM'],
  model_types: ['baichuan'],
  gguf: { baichuan: CHINESE.baichuan },
  template: 'baichuan',
  lora_target_modules: ['W_pack'],
  variants: {
    'baichuan-7b': {
      hf: 'baichuan-inc/Baichuan-7B',
      ms: 'baichuan-inc/baichuan-7B',
      template: 'default-generation',
      size: '7B',
    },
    'baichuan-13b-chat': {
      hf: 'baichuan-inc/Baichuan-13B-Chat',
      ms: 'baichuan-inc/Baichuan-13B-Chat',
      size: '13B',
    },
    'baichuan-13b': {
      hf: 'baichuan-inc/Baichuan-13B-Base',
      ms: 'baichuan-inc/Baichuan-13B-Base',
      template: 'default-generation',
      size: '13B',
    },
  },
})
export class Baichuan extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    // A checkpoint known only by its config is of the second generation where it has that one's vocabulary.
    return baichuanTraits(reader, { unitHead: reader.get('vocab_size') === 125_696 });
  }
}
