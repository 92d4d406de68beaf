import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { qwen3MoeTraits } from './_qwen3-moe.js';
import { QWENS } from './_gguf/qwen.js';

/** Mixtures of experts of Qwen3. */
@model({
  family: 'qwen3_moe',
  summary: 'Mixtures of experts of Qwen3',
  architectures: ['Qwen3MoeForCausalLM'],
  model_types: ['qwen3_moe'],
  gguf: { qwen3moe: QWENS.qwen3moe },
  template: 'qwen3',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'qwen3-30b-a3b-base': { hf: 'Qwen/Qwen3-30B-A3B-Base', ms: 'Qwen/Qwen3-30B-A3B-Base', size: '30B' },
    'qwen3-30b-a3b': { hf: 'Qwen/Qwen3-30B-A3B', ms: 'Qwen/Qwen3-30B-A3B', size: '30B' },
    'qwen3-235b-a22b': { hf: 'Qwen/Qwen3-235B-A22B', ms: 'Qwen/Qwen3-235B-A22B', size: '235B' },
    'qwen3-30b-a3b-fp8': {
      hf: 'Qwen/Qwen3-30B-A3B-FP8',
      ms: 'Qwen/Qwen3-30B-A3B-FP8',
      size: '30B',
      codec: 'fp8',
    },
    'qwen3-235b-a22b-fp8': {
      hf: 'Qwen/Qwen3-235B-A22B-FP8',
      ms: 'Qwen/Qwen3-235B-A22B-FP8',
      size: '235B',
      codec: 'fp8',
    },
    'qwen3-30b-a3b-awq': {
      hf: 'cognitivecomputations/Qwen3-30B-A3B-AWQ',
      ms: 'swift/Qwen3-30B-A3B-AWQ',
      size: '30B',
      codec: 'awq',
    },
    'qwen3-235b-a22b-awq': {
      hf: 'cognitivecomputations/Qwen3-235B-A22B-AWQ',
      ms: 'swift/Qwen3-235B-A22B-AWQ',
      size: '235B',
      codec: 'awq',
    },
    'tongyi-deepresearch-30b-a3b': {
      hf: 'Alibaba-NLP/Tongyi-DeepResearch-30B-A3B',
      ms: 'iic/Tongyi-DeepResearch-30B-A3B',
      size: '30B',
    },
    'qwen3-30b-a3b-instruct-2507': {
      hf: 'Qwen/Qwen3-30B-A3B-Instruct-2507',
      ms: 'Qwen/Qwen3-30B-A3B-Instruct-2507',
      template: 'qwen3_nothinking',
      size: '30B',
    },
    'qwen3-30b-a3b-instruct-2507-fp8': {
      hf: 'Qwen/Qwen3-30B-A3B-Instruct-2507-FP8',
      ms: 'Qwen/Qwen3-30B-A3B-Instruct-2507-FP8',
      template: 'qwen3_nothinking',
      size: '30B',
      codec: 'fp8',
    },
    'qwen3-235b-a22b-instruct-2507': {
      hf: 'Qwen/Qwen3-235B-A22B-Instruct-2507',
      ms: 'Qwen/Qwen3-235B-A22B-Instruct-2507',
      template: 'qwen3_nothinking',
      size: '235B',
    },
    'qwen3-235b-a22b-instruct-2507-fp8': {
      hf: 'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8',
      ms: 'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8',
      template: 'qwen3_nothinking',
      size: '235B',
      codec: 'fp8',
    },
    'qwen3-235b-a22b-instruct-2507-awq': {
      ms: 'swift/Qwen3-235B-A22B-Instruct-2507-AWQ',
      template: 'qwen3_nothinking',
      size: '235B',
      codec: 'awq',
    },
    'qwen3-coder-30b-a3b-instruct': {
      hf: 'Qwen/Qwen3-Coder-30B-A3B-Instruct',
      ms: 'Qwen/Qwen3-Coder-30B-A3B-Instruct',
      template: 'qwen3_coder',
      size: '30B',
    },
    'qwen3-coder-30b-a3b-instruct-fp8': {
      hf: 'Qwen/Qwen3-Coder-30B-A3B-Instruct-FP8',
      ms: 'Qwen/Qwen3-Coder-30B-A3B-Instruct-FP8',
      template: 'qwen3_coder',
      size: '30B',
      codec: 'fp8',
    },
    'qwen3-coder-480b-a35b-instruct': {
      hf: 'Qwen/Qwen3-Coder-480B-A35B-Instruct',
      ms: 'Qwen/Qwen3-Coder-480B-A35B-Instruct',
      template: 'qwen3_coder',
      size: '480B',
    },
    'qwen3-coder-480b-a35b-instruct-fp8': {
      hf: 'Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8',
      ms: 'Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8',
      template: 'qwen3_coder',
      size: '480B',
      codec: 'fp8',
    },
    'qwen3-coder-480b-a35b-instruct-awq': {
      ms: 'swift/Qwen3-Coder-480B-A35B-Instruct-AWQ',
      template: 'qwen3_coder',
      size: '480B',
      codec: 'awq',
    },
    'qwenlong-l1.5-30b-a3b': {
      hf: 'Tongyi-Zhiwen/QwenLong-L1.5-30B-A3B',
      ms: 'iic/QwenLong-L1.5-30B-A3B',
      template: 'qwen3_thinking',
      size: '30B',
    },
    'qwen3-30b-a3b-thinking-2507': {
      hf: 'Qwen/Qwen3-30B-A3B-Thinking-2507',
      ms: 'Qwen/Qwen3-30B-A3B-Thinking-2507',
      template: 'qwen3_thinking',
      size: '30B',
    },
    'qwen3-30b-a3b-thinking-2507-fp8': {
      hf: 'Qwen/Qwen3-30B-A3B-Thinking-2507-FP8',
      ms: 'Qwen/Qwen3-30B-A3B-Thinking-2507-FP8',
      template: 'qwen3_thinking',
      size: '30B',
      codec: 'fp8',
    },
    'qwen3-235b-a22b-thinking-2507': {
      hf: 'Qwen/Qwen3-235B-A22B-Thinking-2507',
      ms: 'Qwen/Qwen3-235B-A22B-Thinking-2507',
      template: 'qwen3_thinking',
      size: '235B',
    },
    'qwen3-235b-a22b-thinking-2507-fp8': {
      hf: 'Qwen/Qwen3-235B-A22B-Thinking-2507-FP8',
      ms: 'Qwen/Qwen3-235B-A22B-Thinking-2507-FP8',
      template: 'qwen3_thinking',
      size: '235B',
      codec: 'fp8',
    },
    'qwen3-235b-a22b-thinking-2507-awq': {
      ms: 'swift/Qwen3-235B-A22B-Thinking-2507-AWQ',
      template: 'qwen3_thinking',
      size: '235B',
      codec: 'awq',
    },
    'marco-nano-base': {
      hf: 'AIDC-AI/Marco-Nano-Base',
      ms: 'AIDC-AI/Marco-Nano-Base',
      template: 'qwen3_nothinking',
    },
    'marco-nano-instruct': {
      hf: 'AIDC-AI/Marco-Nano-Instruct',
      ms: 'AIDC-AI/Marco-Nano-Instruct',
      template: 'qwen3_nothinking',
    },
    'marco-mini-base': {
      hf: 'AIDC-AI/Marco-Mini-Base',
      ms: 'AIDC-AI/Marco-Mini-Base',
      template: 'qwen3_nothinking',
    },
    'marco-mini-instruct': {
      hf: 'AIDC-AI/Marco-Mini-Instruct',
      ms: 'AIDC-AI/Marco-Mini-Instruct',
      template: 'qwen3_nothinking',
    },
    'marco-mini-global-base': {
      hf: 'AIDC-AI/Marco-Mini-Global-Base',
      ms: 'AIDC-AI/Marco-Mini-Global-Base',
      template: 'qwen3_nothinking',
    },
  },
})
export class Qwen3Moe extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return qwen3MoeTraits(reader);
  }
}
