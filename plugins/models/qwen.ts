import { model, type ModelLoader } from 'swift-ts/plugin';
import { CHINESE } from './_gguf/chinese.js';
import { FirstQwen } from './_qwen-first.js';

/** The first Qwen, and models built on it. */
@model({
  family: 'qwen',
  summary: 'The first Qwen, and models built on it',
  architectures: ['QWenLMHeadModel'],
  model_types: ['qwen'],
  gguf: { qwen: CHINESE.qwen },
  template: 'qwen',
  lora_target_modules: ['c_attn'],
  variants: {
    'qwen-7b': { hf: 'Qwen/Qwen-7B', ms: 'qwen/Qwen-7B', template: 'default-generation', size: '7B' },
    'qwen-14b': { hf: 'Qwen/Qwen-14B', ms: 'qwen/Qwen-14B', template: 'default-generation', size: '14B' },
    'tongyi-finance-14b': {
      ms: 'TongyiFinance/Tongyi-Finance-14B',
      template: 'default-generation',
      size: '14B',
    },
    'qwen-72b': { hf: 'Qwen/Qwen-72B', ms: 'qwen/Qwen-72B', template: 'default-generation', size: '72B' },
    'qwen-1_8b': { hf: 'Qwen/Qwen-1_8B', ms: 'qwen/Qwen-1_8B', template: 'default-generation', size: '1.8B' },
    'codefuse-qwen-14b-chat': {
      hf: 'codefuse-ai/CodeFuse-QWen-14B',
      ms: 'codefuse-ai/CodeFuse-QWen-14B',
      template: 'codefuse',
      size: '14B',
    },
    'modelscope-agent-14b': { ms: 'iic/ModelScope-Agent-14B', template: 'modelscope-agent', size: '14B' },
    'modelscope-agent-7b': { ms: 'iic/ModelScope-Agent-7B', template: 'modelscope-agent', size: '7B' },
    'qwen-7b-chat': { hf: 'Qwen/Qwen-7B-Chat', ms: 'qwen/Qwen-7B-Chat', size: '7B' },
    'qwen-14b-chat': { hf: 'Qwen/Qwen-14B-Chat', ms: 'qwen/Qwen-14B-Chat', size: '14B' },
    'tongyi-finance-14b-chat': {
      hf: 'jxy/Tongyi-Finance-14B-Chat',
      ms: 'TongyiFinance/Tongyi-Finance-14B-Chat',
      size: '14B',
    },
    'qwen-72b-chat': { hf: 'Qwen/Qwen-72B-Chat', ms: 'qwen/Qwen-72B-Chat', size: '72B' },
    'qwen-1_8b-chat': { hf: 'Qwen/Qwen-1_8B-Chat', ms: 'qwen/Qwen-1_8B-Chat', size: '1.8B' },
    'qwen-7b-chat-int4': {
      hf: 'Qwen/Qwen-7B-Chat-Int4',
      ms: 'qwen/Qwen-7B-Chat-Int4',
      size: '7B',
      codec: 'gptq',
    },
    'qwen-14b-chat-int4': {
      hf: 'Qwen/Qwen-14B-Chat-Int4',
      ms: 'qwen/Qwen-14B-Chat-Int4',
      size: '14B',
      codec: 'gptq',
    },
    'qwen-7b-chat-int8': {
      hf: 'Qwen/Qwen-7B-Chat-Int8',
      ms: 'qwen/Qwen-7B-Chat-Int8',
      size: '7B',
      codec: 'gptq',
    },
    'qwen-14b-chat-int8': {
      hf: 'Qwen/Qwen-14B-Chat-Int8',
      ms: 'qwen/Qwen-14B-Chat-Int8',
      size: '14B',
      codec: 'gptq',
    },
    'tongyi-finance-14b-chat-int4': {
      hf: 'jxy/Tongyi-Finance-14B-Chat-Int4',
      ms: 'TongyiFinance/Tongyi-Finance-14B-Chat-Int4',
      size: '14B',
      codec: 'gptq',
    },
    'qwen-72b-chat-int4': {
      hf: 'Qwen/Qwen-72B-Chat-Int4',
      ms: 'qwen/Qwen-72B-Chat-Int4',
      size: '72B',
      codec: 'gptq',
    },
    'qwen-72b-chat-int8': {
      hf: 'Qwen/Qwen-72B-Chat-Int8',
      ms: 'qwen/Qwen-72B-Chat-Int8',
      size: '72B',
      codec: 'gptq',
    },
    'qwen-1_8b-chat-int4': {
      hf: 'Qwen/Qwen-1_8B-Chat-Int4',
      ms: 'qwen/Qwen-1_8B-Chat-Int4',
      size: '1.8B',
      codec: 'gptq',
    },
    'qwen-1_8b-chat-int8': {
      hf: 'Qwen/Qwen-1_8B-Chat-Int8',
      ms: 'qwen/Qwen-1_8B-Chat-Int8',
      size: '1.8B',
      codec: 'gptq',
    },
  },
})
export class Qwen extends FirstQwen implements ModelLoader {}
