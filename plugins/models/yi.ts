import { DecoderLoader } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

/** Yi and Yi-Coder: Llama-shaped decoders of 01.AI. */
@model({
  family: 'yi',
  summary: 'Yi and Yi-Coder: Llama-shaped decoders of 01.AI',
  architectures: [],
  same_architecture_as: 'llama',
  template: 'chatml',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'yi-6b': { hf: '01-ai/Yi-6B', ms: '01ai/Yi-6B', template: 'default-generation', size: '6B' },
    'yi-9b-200k': {
      hf: '01-ai/Yi-9B-200K',
      ms: '01ai/Yi-9B-200K',
      template: 'default-generation',
      size: '9B',
    },
    'yi-9b': { hf: '01-ai/Yi-9B', ms: '01ai/Yi-9B', template: 'default-generation', size: '9B' },
    'yi-6b-200k': {
      hf: '01-ai/Yi-6B-200K',
      ms: '01ai/Yi-6B-200K',
      template: 'default-generation',
      size: '6B',
    },
    'yi-34b': { hf: '01-ai/Yi-34B', ms: '01ai/Yi-34B', template: 'default-generation', size: '34B' },
    'yi-34b-200k': {
      hf: '01-ai/Yi-34B-200K',
      ms: '01ai/Yi-34B-200K',
      template: 'default-generation',
      size: '34B',
    },
    'yi-34b-chat-int8': { hf: '01-ai/Yi-34B-Chat-8bits', ms: '01ai/Yi-34B-Chat-8bits', size: '34B' },
    'yi-34b-chat-awq': { hf: '01-ai/Yi-34B-Chat-4bits', ms: '01ai/Yi-34B-Chat-4bits', size: '34B' },
    'yi-34b-chat': { hf: '01-ai/Yi-34B-Chat', ms: '01ai/Yi-34B-Chat', size: '34B' },
    'yi-6b-chat-int8': { hf: '01-ai/Yi-6B-Chat-8bits', ms: '01ai/Yi-6B-Chat-8bits', size: '6B' },
    'yi-6b-chat-awq': { hf: '01-ai/Yi-6B-Chat-4bits', ms: '01ai/Yi-6B-Chat-4bits', size: '6B' },
    'yi-6b-chat': { hf: '01-ai/Yi-6B-Chat', ms: '01ai/Yi-6B-Chat', size: '6B' },
    'yi-coder-9b-chat': {
      hf: '01-ai/Yi-Coder-9B-Chat',
      ms: '01ai/Yi-Coder-9B-Chat',
      template: 'yi-coder',
      size: '9B',
    },
    'yi-coder-1_5b-chat': {
      hf: '01-ai/Yi-Coder-1.5B-Chat',
      ms: '01ai/Yi-Coder-1.5B-Chat',
      template: 'yi-coder',
      size: '1.5B',
    },
    'yi-coder-9b': {
      hf: '01-ai/Yi-Coder-9B',
      ms: '01ai/Yi-Coder-9B',
      template: 'default-generation',
      size: '9B',
    },
    'yi-coder-1_5b': {
      hf: '01-ai/Yi-Coder-1.5B',
      ms: '01ai/Yi-Coder-1.5B',
      template: 'default-generation',
      size: '1.5B',
    },
    'sus-34b-chat': { hf: 'SUSTech/SUS-Chat-34B', ms: 'SUSTC/SUS-Chat-34B', template: 'sus', size: '34B' },
    'yi-1_5-34b-chat-16k': { hf: '01-ai/Yi-1.5-34B-Chat-16K', ms: '01ai/Yi-1.5-34B-Chat-16K', size: '34B' },
    'yi-1_5-34b-chat': { hf: '01-ai/Yi-1.5-34B-Chat', ms: '01ai/Yi-1.5-34B-Chat', size: '34B' },
    'yi-1_5-34b': {
      hf: '01-ai/Yi-1.5-34B',
      ms: '01ai/Yi-1.5-34B',
      template: 'default-generation',
      size: '34B',
    },
    'yi-1_5-9b-chat-16k': { hf: '01-ai/Yi-1.5-9B-Chat-16K', ms: '01ai/Yi-1.5-9B-Chat-16K', size: '9B' },
    'yi-1_5-9b-chat': { hf: '01-ai/Yi-1.5-9B-Chat', ms: '01ai/Yi-1.5-9B-Chat', size: '9B' },
    'yi-1_5-9b': { hf: '01-ai/Yi-1.5-9B', ms: '01ai/Yi-1.5-9B', template: 'default-generation', size: '9B' },
    'yi-1_5-34b-chat-gptq-int4': {
      hf: 'modelscope/Yi-1.5-34B-Chat-GPTQ',
      ms: 'AI-ModelScope/Yi-1.5-34B-Chat-GPTQ',
      size: '34B',
    },
    'yi-1_5-34b-chat-awq-int4': {
      hf: 'modelscope/Yi-1.5-34B-Chat-AWQ',
      ms: 'AI-ModelScope/Yi-1.5-34B-Chat-AWQ',
      size: '34B',
    },
    'yi-1_5-9b-chat-gptq-int4': {
      hf: 'modelscope/Yi-1.5-9B-Chat-GPTQ',
      ms: 'AI-ModelScope/Yi-1.5-9B-Chat-GPTQ',
      size: '9B',
    },
    'yi-1_5-9b-chat-awq-int4': {
      hf: 'modelscope/Yi-1.5-9B-Chat-AWQ',
      ms: 'AI-ModelScope/Yi-1.5-9B-Chat-AWQ',
      size: '9B',
    },
    'yi-1_5-6b-chat-gptq-int4': {
      hf: 'modelscope/Yi-1.5-6B-Chat-GPTQ',
      ms: 'AI-ModelScope/Yi-1.5-6B-Chat-GPTQ',
      size: '6B',
    },
    'yi-1_5-6b-chat-awq-int4': {
      hf: 'modelscope/Yi-1.5-6B-Chat-AWQ',
      ms: 'AI-ModelScope/Yi-1.5-6B-Chat-AWQ',
      size: '6B',
    },
    'yi-1_5-6b-chat': { hf: '01-ai/Yi-1.5-6B-Chat', ms: '01ai/Yi-1.5-6B-Chat', size: '6B' },
    'yi-1_5-6b': { hf: '01-ai/Yi-1.5-6B', ms: '01ai/Yi-1.5-6B', template: 'default-generation', size: '6B' },
  },
})
export class Yi extends DecoderLoader implements ModelLoader {}
