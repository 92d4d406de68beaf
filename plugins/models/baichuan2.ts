import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { baichuanTraits } from './_baichuan.js';

/** Baichuan 2: a head whose rows are scaled to length 1. */
@model({
  family: 'baichuan2',
  summary: 'Baichuan 2: a head whose rows are scaled to length 1',
  architectures: [],
  same_architecture_as: 'baichuan',
  template: 'baichuan',
  lora_target_modules: ['W_pack'],
  variants: {
    'baichuan2-13b': {
      hf: 'baichuan-inc/Baichuan2-13B-Base',
      ms: 'baichuan-inc/Baichuan2-13B-Base',
      template: 'default-generation',
      size: '13B',
    },
    'baichuan2-13b-chat': {
      hf: 'baichuan-inc/Baichuan2-13B-Chat',
      ms: 'baichuan-inc/Baichuan2-13B-Chat',
      size: '13B',
    },
    'baichuan2-7b': {
      hf: 'baichuan-inc/Baichuan2-7B-Base',
      ms: 'baichuan-inc/Baichuan2-7B-Base',
      template: 'default-generation',
      size: '7B',
    },
    'baichuan2-7b-chat': {
      hf: 'baichuan-inc/Baichuan2-7B-Chat',
      ms: 'baichuan-inc/Baichuan2-7B-Chat',
      size: '7B',
    },
    'baichuan2-7b-chat-int4': {
      hf: 'baichuan-inc/Baichuan2-7B-Chat-4bits',
      ms: 'baichuan-inc/Baichuan2-7B-Chat-4bits',
      size: '7B',
      codec: 'gptq',
    },
    'baichuan2-13b-chat-int4': {
      hf: 'baichuan-inc/Baichuan2-13B-Chat-4bits',
      ms: 'baichuan-inc/Baichuan2-13B-Chat-4bits',
      size: '13B',
      codec: 'gptq',
    },
  },
})
export class Baichuan2 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return baichuanTraits(reader, { unitHead: true });
  }
}
