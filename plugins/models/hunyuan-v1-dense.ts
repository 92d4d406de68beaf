import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { hunyuanTraits } from './_hunyuan.js';
import { CHINESE } from './_gguf/chinese.js';

/** Hunyuan, dense: queries and keys normed when they have turned. */
@model({
  family: 'hunyuan_v1_dense',
  summary: 'Hunyuan, dense: queries and keys normed when they have turned',
  architectures: ['HunYuanDenseV1ForCausalLM'],
  model_types: ['hunyuan_v1_dense'],
  gguf: { 'hunyuan-dense': CHINESE['hunyuan-dense'] },
  template: 'hunyuan',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'hunyuan-0.5b-instruct': {
      hf: 'tencent/Hunyuan-0.5B-Instruct',
      ms: 'Tencent-Hunyuan/Hunyuan-0.5B-Instruct',
      size: '0.5B',
    },
    'hunyuan-1.8b-instruct': {
      hf: 'tencent/Hunyuan-1.8B-Instruct',
      ms: 'Tencent-Hunyuan/Hunyuan-1.8B-Instruct',
      size: '1.8B',
    },
    'hunyuan-4b-instruct': {
      hf: 'tencent/Hunyuan-4B-Instruct',
      ms: 'Tencent-Hunyuan/Hunyuan-4B-Instruct',
      size: '4B',
    },
    'hunyuan-7b-instruct': {
      hf: 'tencent/Hunyuan-7B-Instruct',
      ms: 'Tencent-Hunyuan/Hunyuan-7B-Instruct',
      size: '7B',
    },
    'hunyuan-0.5b-pretrain': {
      hf: 'tencent/Hunyuan-0.5B-Pretrain',
      ms: 'Tencent-Hunyuan/Hunyuan-0.5B-Pretrain',
      size: '0.5B',
    },
    'hunyuan-1.8b-pretrain': {
      hf: 'tencent/Hunyuan-1.8B-Pretrain',
      ms: 'Tencent-Hunyuan/Hunyuan-1.8B-Pretrain',
      size: '1.8B',
    },
    'hunyuan-4b-pretrain': {
      hf: 'tencent/Hunyuan-4B-Pretrain',
      ms: 'Tencent-Hunyuan/Hunyuan-4B-Pretrain',
      size: '4B',
    },
    'hunyuan-7b-pretrain': {
      hf: 'tencent/Hunyuan-7B-Pretrain',
      ms: 'Tencent-Hunyuan/Hunyuan-7B-Pretrain',
      size: '7B',
    },
    'hunyuan-0.5b-instruct-fp8': {
      hf: 'tencent/Hunyuan-0.5B-Instruct-FP8',
      ms: 'Tencent-Hunyuan/Hunyuan-0.5B-Instruct-FP8',
      size: '0.5B',
      codec: 'fp8',
    },
    'hunyuan-1.8b-instruct-fp8': {
      hf: 'tencent/Hunyuan-1.8B-Instruct-FP8',
      ms: 'Tencent-Hunyuan/Hunyuan-1.8B-Instruct-FP8',
      size: '1.8B',
      codec: 'fp8',
    },
    'hunyuan-4b-instruct-fp8': {
      hf: 'tencent/Hunyuan-4B-Instruct-FP8',
      ms: 'Tencent-Hunyuan/Hunyuan-4B-Instruct-FP8',
      size: '4B',
      codec: 'fp8',
    },
    'hunyuan-7b-instruct-fp8': {
      hf: 'tencent/Hunyuan-7B-Instruct-FP8',
      ms: 'Tencent-Hunyuan/Hunyuan-7B-Instruct-FP8',
      size: '7B',
      codec: 'fp8',
    },
    'hunyuan-0.5b-instruct-awq-int4': {
      hf: 'tencent/Hunyuan-0.5B-Instruct-AWQ-Int4',
      ms: 'Tencent-Hunyuan/Hunyuan-0.5B-Instruct-AWQ-Int4',
      size: '0.5B',
      codec: 'awq',
    },
    'hunyuan-1.8b-instruct-awq-int4': {
      hf: 'tencent/Hunyuan-1.8B-Instruct-AWQ-Int4',
      ms: 'Tencent-Hunyuan/Hunyuan-1.8B-Instruct-AWQ-Int4',
      size: '1.8B',
      codec: 'awq',
    },
    'hunyuan-4b-instruct-awq-int4': {
      hf: 'tencent/Hunyuan-4B-Instruct-AWQ-Int4',
      ms: 'Tencent-Hunyuan/Hunyuan-4B-Instruct-AWQ-Int4',
      size: '4B',
      codec: 'awq',
    },
    'hunyuan-7b-instruct-awq-int4': {
      hf: 'tencent/Hunyuan-7B-Instruct-AWQ-Int4',
      ms: 'Tencent-Hunyuan/Hunyuan-7B-Instruct-AWQ-Int4',
      size: '7B',
      codec: 'awq',
    },
    'hunyuan-0.5b-instruct-gptq-int4': {
      hf: 'tencent/Hunyuan-0.5B-Instruct-GPTQ-Int4',
      ms: 'Tencent-Hunyuan/Hunyuan-0.5B-Instruct-GPTQ-Int4',
      size: '0.5B',
      codec: 'gptq',
    },
    'hunyuan-1.8b-instruct-gptq-int4': {
      hf: 'tencent/Hunyuan-1.8B-Instruct-GPTQ-Int4',
      ms: 'Tencent-Hunyuan/Hunyuan-1.8B-Instruct-GPTQ-Int4',
      size: '1.8B',
      codec: 'gptq',
    },
    'hunyuan-4b-instruct-gptq-int4': {
      hf: 'tencent/Hunyuan-4B-Instruct-GPTQ-Int4',
      ms: 'Tencent-Hunyuan/Hunyuan-4B-Instruct-GPTQ-Int4',
      size: '4B',
      codec: 'gptq',
    },
    'hunyuan-7b-instruct-gptq-int4': {
      hf: 'tencent/Hunyuan-7B-Instruct-GPTQ-Int4',
      ms: 'Tencent-Hunyuan/Hunyuan-7B-Instruct-GPTQ-Int4',
      size: '7B',
      codec: 'gptq',
    },
  },
})
export class HunyuanDense extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return hunyuanTraits(reader);
  }
}
