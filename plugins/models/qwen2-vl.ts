import { model } from 'swift-ts/plugin';
import { FORMER_NAMES } from './_qwen-vl.js';
import { Qwen2VlLoader } from './_qwen2-vl.js';

/** Qwen2-VL (Wang et al., 2024, arXiv 2409.12191) and models built on it. */
@model({
  family: 'qwen2_vl',
  summary: 'Qwen2-VL and models built on it: pictures of any size, positions in three dimensions',
  architectures: ['Qwen2VLForConditionalGeneration'],
  model_types: ['qwen2_vl'],
  media: ['image', 'video'],
  template: 'qwen2-vl',
  former_names: FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen2-vl-2b': {
      hf: 'Qwen/Qwen2-VL-2B',
      ms: 'qwen/Qwen2-VL-2B',
      template: 'qwen2-vl-generation',
      size: '2B',
    },
    'qwen2-vl-2b-instruct': { hf: 'Qwen/Qwen2-VL-2B-Instruct', ms: 'qwen/Qwen2-VL-2B-Instruct', size: '2B' },
    'qwen2-vl-2b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2-VL-2B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2-VL-2B-Instruct-GPTQ-Int4',
      size: '2B',
      codec: 'gptq',
    },
    'qwen2-vl-2b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2-VL-2B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2-VL-2B-Instruct-GPTQ-Int8',
      size: '2B',
      codec: 'gptq',
    },
    'qwen2-vl-2b-instruct-awq': {
      hf: 'Qwen/Qwen2-VL-2B-Instruct-AWQ',
      ms: 'qwen/Qwen2-VL-2B-Instruct-AWQ',
      size: '2B',
      codec: 'awq',
    },
    'qwen2-vl-7b': {
      hf: 'Qwen/Qwen2-VL-7B',
      ms: 'qwen/Qwen2-VL-7B',
      template: 'qwen2-vl-generation',
      size: '7B',
    },
    'qwen2-vl-7b-instruct': { hf: 'Qwen/Qwen2-VL-7B-Instruct', ms: 'qwen/Qwen2-VL-7B-Instruct', size: '7B' },
    'qwen2-vl-7b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2-VL-7B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2-VL-7B-Instruct-GPTQ-Int4',
      size: '7B',
      codec: 'gptq',
    },
    'qwen2-vl-7b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2-VL-7B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2-VL-7B-Instruct-GPTQ-Int8',
      size: '7B',
      codec: 'gptq',
    },
    'qwen2-vl-7b-instruct-awq': {
      hf: 'Qwen/Qwen2-VL-7B-Instruct-AWQ',
      ms: 'qwen/Qwen2-VL-7B-Instruct-AWQ',
      size: '7B',
      codec: 'awq',
    },
    'qwen2-vl-72b': {
      hf: 'Qwen/Qwen2-VL-72B',
      ms: 'qwen/Qwen2-VL-72B',
      template: 'qwen2-vl-generation',
      size: '72B',
    },
    'qwen2-vl-72b-instruct': {
      hf: 'Qwen/Qwen2-VL-72B-Instruct',
      ms: 'qwen/Qwen2-VL-72B-Instruct',
      size: '72B',
    },
    'qwen2-vl-72b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2-VL-72B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2-VL-72B-Instruct-GPTQ-Int4',
      size: '72B',
      codec: 'gptq',
    },
    'qwen2-vl-72b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2-VL-72B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2-VL-72B-Instruct-GPTQ-Int8',
      size: '72B',
      codec: 'gptq',
    },
    'qwen2-vl-72b-instruct-awq': {
      hf: 'Qwen/Qwen2-VL-72B-Instruct-AWQ',
      ms: 'qwen/Qwen2-VL-72B-Instruct-AWQ',
      size: '72B',
      codec: 'awq',
    },
    'ui-tars-2b-sft': {
      hf: 'bytedance-research/UI-TARS-2B-SFT',
      ms: 'bytedance-research/UI-TARS-2B-SFT',
      size: '2B',
    },
    'ui-tars-7b-sft': {
      hf: 'bytedance-research/UI-TARS-7B-SFT',
      ms: 'bytedance-research/UI-TARS-7B-SFT',
      size: '7B',
    },
    'ui-tars-7b-dpo': {
      hf: 'bytedance-research/UI-TARS-7B-DPO',
      ms: 'bytedance-research/UI-TARS-7B-DPO',
      size: '7B',
    },
    'ui-tars-72b-sft': {
      hf: 'bytedance-research/UI-TARS-72B-SFT',
      ms: 'bytedance-research/UI-TARS-72B-SFT',
      size: '72B',
    },
    'ui-tars-72b-dpo': {
      hf: 'bytedance-research/UI-TARS-72B-DPO',
      ms: 'bytedance-research/UI-TARS-72B-DPO',
      size: '72B',
    },
    'olmocr-7b-0225-preview': {
      hf: 'allenai/olmOCR-7B-0225-preview',
      ms: 'allenai/olmOCR-7B-0225-preview',
      size: '7B',
    },
    'qvq-72b-preview': {
      hf: 'Qwen/QVQ-72B-Preview',
      ms: 'Qwen/QVQ-72B-Preview',
      template: 'qvq',
      size: '72B',
    },
    'mineru2.5-pro-2604-1.2b': {
      hf: 'opendatalab/MinerU2.5-Pro-2604-1.2B',
      ms: 'OpenDataLab/MinerU2.5-Pro-2604-1.2B',
      size: '1.2B',
    },
  },
})
export class Qwen2Vl extends Qwen2VlLoader {}
