import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { qwen3Traits } from './_qwen.js';
import { QWENS } from './_gguf/qwen.js';

/** Qwen3: queries and keys normed by head. */
@model({
  family: 'qwen3',
  summary: 'Qwen3: queries and keys normed by head',
  architectures: ['Qwen3ForCausalLM'],
  model_types: ['qwen3'],
  gguf: { qwen3: QWENS.qwen3 },
  template: 'qwen3',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'qwen3-0.6b-base': { hf: 'Qwen/Qwen3-0.6B-Base', ms: 'Qwen/Qwen3-0.6B-Base', size: '0.6B' },
    'qwen3-1.7b-base': { hf: 'Qwen/Qwen3-1.7B-Base', ms: 'Qwen/Qwen3-1.7B-Base', size: '1.7B' },
    'qwen3-4b-base': { hf: 'Qwen/Qwen3-4B-Base', ms: 'Qwen/Qwen3-4B-Base', size: '4B' },
    'qwen3-8b-base': { hf: 'Qwen/Qwen3-8B-Base', ms: 'Qwen/Qwen3-8B-Base', size: '8B' },
    'qwen3-14b-base': { hf: 'Qwen/Qwen3-14B-Base', ms: 'Qwen/Qwen3-14B-Base', size: '14B' },
    'qwen3-0.6b': { hf: 'Qwen/Qwen3-0.6B', ms: 'Qwen/Qwen3-0.6B', size: '0.6B' },
    'qwen3-1.7b': { hf: 'Qwen/Qwen3-1.7B', ms: 'Qwen/Qwen3-1.7B', size: '1.7B' },
    'qwen3-4b': { hf: 'Qwen/Qwen3-4B', ms: 'Qwen/Qwen3-4B', size: '4B' },
    'qwen3-8b': { hf: 'Qwen/Qwen3-8B', ms: 'Qwen/Qwen3-8B', size: '8B' },
    'qwen3-14b': { hf: 'Qwen/Qwen3-14B', ms: 'Qwen/Qwen3-14B', size: '14B' },
    'qwen3-32b': { hf: 'Qwen/Qwen3-32B', ms: 'Qwen/Qwen3-32B', size: '32B' },
    'qwen3-0.6b-fp8': { hf: 'Qwen/Qwen3-0.6B-FP8', ms: 'Qwen/Qwen3-0.6B-FP8', size: '0.6B', codec: 'fp8' },
    'qwen3-1.7b-fp8': { hf: 'Qwen/Qwen3-1.7B-FP8', ms: 'Qwen/Qwen3-1.7B-FP8', size: '1.7B', codec: 'fp8' },
    'qwen3-4b-fp8': { hf: 'Qwen/Qwen3-4B-FP8', ms: 'Qwen/Qwen3-4B-FP8', size: '4B', codec: 'fp8' },
    'qwen3-8b-fp8': { hf: 'Qwen/Qwen3-8B-FP8', ms: 'Qwen/Qwen3-8B-FP8', size: '8B', codec: 'fp8' },
    'qwen3-14b-fp8': { hf: 'Qwen/Qwen3-14B-FP8', ms: 'Qwen/Qwen3-14B-FP8', size: '14B', codec: 'fp8' },
    'qwen3-32b-fp8': { hf: 'Qwen/Qwen3-32B-FP8', ms: 'Qwen/Qwen3-32B-FP8', size: '32B', codec: 'fp8' },
    'qwen3-4b-awq': { hf: 'Qwen/Qwen3-4B-AWQ', ms: 'Qwen/Qwen3-4B-AWQ', size: '4B', codec: 'awq' },
    'qwen3-8b-awq': { hf: 'Qwen/Qwen3-8B-AWQ', ms: 'Qwen/Qwen3-8B-AWQ', size: '8B', codec: 'awq' },
    'qwen3-14b-awq': { hf: 'Qwen/Qwen3-14B-AWQ', ms: 'Qwen/Qwen3-14B-AWQ', size: '14B', codec: 'awq' },
    'qwen3-32b-awq': { hf: 'Qwen/Qwen3-32B-AWQ', ms: 'Qwen/Qwen3-32B-AWQ', size: '32B', codec: 'awq' },
    'swift--qwen3-32b-awq': { ms: 'swift/Qwen3-32B-AWQ', size: '32B', codec: 'awq' },
    'deepseek-r1-0528-qwen3-8b': {
      hf: 'deepseek-ai/DeepSeek-R1-0528-Qwen3-8B',
      ms: 'deepseek-ai/DeepSeek-R1-0528-Qwen3-8B',
      template: 'deepseek_r1',
      size: '8B',
    },
    'qwen3guard-gen-0.6b': {
      hf: 'Qwen/Qwen3Guard-Gen-0.6B',
      ms: 'Qwen/Qwen3Guard-Gen-0.6B',
      template: 'qwen3_guard',
      size: '0.6B',
    },
    'qwen3guard-gen-4b': {
      hf: 'Qwen/Qwen3Guard-Gen-4B',
      ms: 'Qwen/Qwen3Guard-Gen-4B',
      template: 'qwen3_guard',
      size: '4B',
    },
    'qwen3guard-gen-8b': {
      hf: 'Qwen/Qwen3Guard-Gen-8B',
      ms: 'Qwen/Qwen3Guard-Gen-8B',
      template: 'qwen3_guard',
      size: '8B',
    },
    'yufeng-xguard-reason-0.6b': {
      hf: 'Alibaba-AAIG/YuFeng-XGuard-Reason-0.6B',
      ms: 'Alibaba-AAIG/YuFeng-XGuard-Reason-0.6B',
      template: 'yufeng_xguard',
      size: '0.6B',
    },
    'yufeng-xguard-reason-8b': {
      hf: 'Alibaba-AAIG/YuFeng-XGuard-Reason-8B',
      ms: 'Alibaba-AAIG/YuFeng-XGuard-Reason-8B',
      template: 'yufeng_xguard',
      size: '8B',
    },
    'qwen3-4b-thinking-2507': {
      hf: 'Qwen/Qwen3-4B-Thinking-2507',
      ms: 'Qwen/Qwen3-4B-Thinking-2507',
      template: 'qwen3_thinking',
      size: '4B',
    },
    'qwen3-4b-thinking-2507-fp8': {
      hf: 'Qwen/Qwen3-4B-Thinking-2507-FP8',
      ms: 'Qwen/Qwen3-4B-Thinking-2507-FP8',
      template: 'qwen3_thinking',
      size: '4B',
      codec: 'fp8',
    },
    'qwen3-4b-instruct-2507': {
      hf: 'Qwen/Qwen3-4B-Instruct-2507',
      ms: 'Qwen/Qwen3-4B-Instruct-2507',
      template: 'qwen3_nothinking',
      size: '4B',
    },
    'qwen3-4b-instruct-2507-fp8': {
      hf: 'Qwen/Qwen3-4B-Instruct-2507-FP8',
      ms: 'Qwen/Qwen3-4B-Instruct-2507-FP8',
      template: 'qwen3_nothinking',
      size: '4B',
      codec: 'fp8',
    },
    'qwen3-reranker-0.6b': {
      hf: 'Qwen/Qwen3-Reranker-0.6B',
      ms: 'Qwen/Qwen3-Reranker-0.6B',
      template: 'qwen3_reranker',
      size: '0.6B',
    },
    'qwen3-reranker-4b': {
      hf: 'Qwen/Qwen3-Reranker-4B',
      ms: 'Qwen/Qwen3-Reranker-4B',
      template: 'qwen3_reranker',
      size: '4B',
    },
    'qwen3-reranker-8b': {
      hf: 'Qwen/Qwen3-Reranker-8B',
      ms: 'Qwen/Qwen3-Reranker-8B',
      template: 'qwen3_reranker',
      size: '8B',
    },
  },
})
export class Qwen3 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return qwen3Traits(reader);
  }
}
