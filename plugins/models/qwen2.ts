import {
  DecoderLoader,
  decoderTraits,
  lateWindows,
  type ConfigReader,
  type DecoderTraits,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

/** Qwen2, Qwen2.5, QwQ and models built on them. */
@model({
  family: 'qwen2',
  summary: 'Qwen2, Qwen2.5, QwQ and models built on them',
  architectures: ['Qwen2ForCausalLM'],
  template: 'qwen',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'codeqwen1half-7b': {
      hf: 'Qwen/CodeQwen1.5-7B',
      ms: 'qwen/CodeQwen1.5-7B',
      template: 'default-generation',
    },
    'qwen1half-110b': { hf: 'Qwen/Qwen1.5-110B', ms: 'qwen/Qwen1.5-110B', template: 'default-generation' },
    'qwen1half-72b': { hf: 'Qwen/Qwen1.5-72B', ms: 'qwen/Qwen1.5-72B', template: 'default-generation' },
    'qwen1half-32b': { hf: 'Qwen/Qwen1.5-32B', ms: 'qwen/Qwen1.5-32B', template: 'default-generation' },
    'qwen1half-14b': { hf: 'Qwen/Qwen1.5-14B', ms: 'qwen/Qwen1.5-14B', template: 'default-generation' },
    'qwen1half-7b': { hf: 'Qwen/Qwen1.5-7B', ms: 'qwen/Qwen1.5-7B', template: 'default-generation' },
    'qwen1half-4b': { hf: 'Qwen/Qwen1.5-4B', ms: 'qwen/Qwen1.5-4B', template: 'default-generation' },
    'qwen1half-1_8b': { hf: 'Qwen/Qwen1.5-1.8B', ms: 'qwen/Qwen1.5-1.8B', template: 'default-generation' },
    'qwen1half-0_5b': { hf: 'Qwen/Qwen1.5-0.5B', ms: 'qwen/Qwen1.5-0.5B', template: 'default-generation' },
    'qwen2-72b': { hf: 'Qwen/Qwen2-72B', ms: 'qwen/Qwen2-72B', template: 'default-generation' },
    'qwen2-7b': { hf: 'Qwen/Qwen2-7B', ms: 'qwen/Qwen2-7B', template: 'default-generation' },
    'qwen2-1_5b': { hf: 'Qwen/Qwen2-1.5B', ms: 'qwen/Qwen2-1.5B', template: 'default-generation' },
    'qwen2-0_5b': { hf: 'Qwen/Qwen2-0.5B', ms: 'qwen/Qwen2-0.5B', template: 'default-generation' },
    'codeqwen1half-7b-chat': { hf: 'Qwen/CodeQwen1.5-7B-Chat', ms: 'qwen/CodeQwen1.5-7B-Chat' },
    'qwen1half-110b-chat': { hf: 'Qwen/Qwen1.5-110B-Chat', ms: 'qwen/Qwen1.5-110B-Chat' },
    'qwen1half-72b-chat': { hf: 'Qwen/Qwen1.5-72B-Chat', ms: 'qwen/Qwen1.5-72B-Chat' },
    'qwen1half-32b-chat': { hf: 'Qwen/Qwen1.5-32B-Chat', ms: 'qwen/Qwen1.5-32B-Chat' },
    'qwen1half-14b-chat': { hf: 'Qwen/Qwen1.5-14B-Chat', ms: 'qwen/Qwen1.5-14B-Chat' },
    'qwen1half-7b-chat': { hf: 'Qwen/Qwen1.5-7B-Chat', ms: 'qwen/Qwen1.5-7B-Chat' },
    'qwen1half-4b-chat': { hf: 'Qwen/Qwen1.5-4B-Chat', ms: 'qwen/Qwen1.5-4B-Chat' },
    'qwen1half-1_8b-chat': { hf: 'Qwen/Qwen1.5-1.8B-Chat', ms: 'qwen/Qwen1.5-1.8B-Chat' },
    'qwen1half-0_5b-chat': { hf: 'Qwen/Qwen1.5-0.5B-Chat', ms: 'qwen/Qwen1.5-0.5B-Chat' },
    'codeqwen1half-7b-chat-awq': { hf: 'Qwen/CodeQwen1.5-7B-Chat-AWQ', ms: 'qwen/CodeQwen1.5-7B-Chat-AWQ' },
    'qwen1half-110b-chat-awq': { hf: 'Qwen/Qwen1.5-110B-Chat-AWQ', ms: 'qwen/Qwen1.5-110B-Chat-AWQ' },
    'qwen1half-72b-chat-awq': { hf: 'Qwen/Qwen1.5-72B-Chat-AWQ', ms: 'qwen/Qwen1.5-72B-Chat-AWQ' },
    'qwen1half-32b-chat-awq': { hf: 'Qwen/Qwen1.5-32B-Chat-AWQ', ms: 'qwen/Qwen1.5-32B-Chat-AWQ' },
    'qwen1half-14b-chat-awq': { hf: 'Qwen/Qwen1.5-14B-Chat-AWQ', ms: 'qwen/Qwen1.5-14B-Chat-AWQ' },
    'qwen1half-7b-chat-awq': { hf: 'Qwen/Qwen1.5-7B-Chat-AWQ', ms: 'qwen/Qwen1.5-7B-Chat-AWQ' },
    'qwen1half-4b-chat-awq': { hf: 'Qwen/Qwen1.5-4B-Chat-AWQ', ms: 'qwen/Qwen1.5-4B-Chat-AWQ' },
    'qwen1half-1_8b-chat-awq': { hf: 'Qwen/Qwen1.5-1.8B-Chat-AWQ', ms: 'qwen/Qwen1.5-1.8B-Chat-AWQ' },
    'qwen1half-0_5b-chat-awq': { hf: 'Qwen/Qwen1.5-0.5B-Chat-AWQ', ms: 'qwen/Qwen1.5-0.5B-Chat-AWQ' },
    'qwen2-72b-instruct': { hf: 'Qwen/Qwen2-72B-Instruct', ms: 'qwen/Qwen2-72B-Instruct' },
    'qwen2-7b-instruct': { hf: 'Qwen/Qwen2-7B-Instruct', ms: 'qwen/Qwen2-7B-Instruct' },
    'qwen2-1_5b-instruct': { hf: 'Qwen/Qwen2-1.5B-Instruct', ms: 'qwen/Qwen2-1.5B-Instruct' },
    'qwen2-0_5b-instruct': { hf: 'Qwen/Qwen2-0.5B-Instruct', ms: 'qwen/Qwen2-0.5B-Instruct' },
    'qwen2-72b-instruct-awq': { hf: 'Qwen/Qwen2-72B-Instruct-AWQ', ms: 'qwen/Qwen2-72B-Instruct-AWQ' },
    'qwen2-7b-instruct-awq': { hf: 'Qwen/Qwen2-7B-Instruct-AWQ', ms: 'qwen/Qwen2-7B-Instruct-AWQ' },
    'qwen2-1_5b-instruct-awq': { hf: 'Qwen/Qwen2-1.5B-Instruct-AWQ', ms: 'qwen/Qwen2-1.5B-Instruct-AWQ' },
    'qwen2-0_5b-instruct-awq': { hf: 'Qwen/Qwen2-0.5B-Instruct-AWQ', ms: 'qwen/Qwen2-0.5B-Instruct-AWQ' },
    'qwen2-72b-instruct-int8': {
      hf: 'Qwen/Qwen2-72B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2-72B-Instruct-GPTQ-Int8',
    },
    'qwen2-72b-instruct-int4': {
      hf: 'Qwen/Qwen2-72B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2-72B-Instruct-GPTQ-Int4',
    },
    'qwen2-7b-instruct-int8': {
      hf: 'Qwen/Qwen2-7B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2-7B-Instruct-GPTQ-Int8',
    },
    'qwen2-7b-instruct-int4': {
      hf: 'Qwen/Qwen2-7B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2-7B-Instruct-GPTQ-Int4',
    },
    'qwen2-1_5b-instruct-int8': {
      hf: 'Qwen/Qwen2-1_5B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2-1.5B-Instruct-GPTQ-Int8',
    },
    'qwen2-1_5b-instruct-int4': {
      hf: 'Qwen/Qwen2-1.5B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2-1.5B-Instruct-GPTQ-Int4',
    },
    'qwen2-0_5b-instruct-int8': {
      hf: 'Qwen/Qwen2-0.5B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2-0.5B-Instruct-GPTQ-Int8',
    },
    'qwen2-0_5b-instruct-int4': {
      hf: 'Qwen/Qwen2-0.5B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2-0.5B-Instruct-GPTQ-Int4',
    },
    'qwen2-math-72b': { hf: 'Qwen/Qwen2-Math-72B', ms: 'qwen/Qwen2-Math-72B' },
    'qwen2-math-72b-instruct': { hf: 'Qwen/Qwen2-Math-72B-Instruct', ms: 'qwen/Qwen2-Math-72B-Instruct' },
    'qwen2-math-7b': { hf: 'Qwen/Qwen2-Math-7B', ms: 'qwen/Qwen2-Math-7B' },
    'qwen2-math-7b-instruct': { hf: 'Qwen/Qwen2-Math-7B-Instruct', ms: 'qwen/Qwen2-Math-7B-Instruct' },
    'qwen2-math-1_5b': { hf: 'Qwen/Qwen2-Math-1.5B', ms: 'qwen/Qwen2-Math-1.5B' },
    'qwen2-math-1_5b-instruct': { hf: 'Qwen/Qwen2-Math-1.5B-Instruct', ms: 'qwen/Qwen2-Math-1.5B-Instruct' },
    'qwen2_5-0_5b': { hf: 'Qwen/Qwen2.5-0.5B', ms: 'qwen/Qwen2.5-0.5B', template: 'default-generation' },
    'qwen2_5-0_5b-instruct': {
      hf: 'Qwen/Qwen2.5-0.5B-Instruct',
      ms: 'qwen/Qwen2.5-0.5B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2_5-0_5b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2.5-0.5B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2.5-0.5B-Instruct-GPTQ-Int4',
      template: 'qwen2_5',
    },
    'qwen2_5-0_5b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2.5-0.5B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2.5-0.5B-Instruct-GPTQ-Int8',
      template: 'qwen2_5',
    },
    'qwen2_5-0_5b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-0.5B-Instruct-AWQ',
      ms: 'qwen/Qwen2.5-0.5B-Instruct-AWQ',
      template: 'qwen2_5',
    },
    'qwen2_5-1_5b': { hf: 'Qwen/Qwen2.5-1.5B', ms: 'qwen/Qwen2.5-1.5B', template: 'default-generation' },
    'qwen2_5-1_5b-instruct': {
      hf: 'Qwen/Qwen2.5-1.5B-Instruct',
      ms: 'qwen/Qwen2.5-1.5B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2_5-1_5b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2.5-1.5B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2.5-1.5B-Instruct-GPTQ-Int4',
      template: 'qwen2_5',
    },
    'qwen2_5-1_5b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2.5-1.5B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2.5-1.5B-Instruct-GPTQ-Int8',
      template: 'qwen2_5',
    },
    'qwen2_5-1_5b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-1.5B-Instruct-AWQ',
      ms: 'qwen/Qwen2.5-1.5B-Instruct-AWQ',
      template: 'qwen2_5',
    },
    'qwen2_5-3b': { hf: 'Qwen/Qwen2.5-3B', ms: 'qwen/Qwen2.5-3B', template: 'default-generation' },
    'qwen2_5-3b-instruct': {
      hf: 'Qwen/Qwen2.5-3B-Instruct',
      ms: 'qwen/Qwen2.5-3B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2_5-3b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2.5-3B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2.5-3B-Instruct-GPTQ-Int4',
      template: 'qwen2_5',
    },
    'qwen2_5-3b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2.5-3B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2.5-3B-Instruct-GPTQ-Int8',
      template: 'qwen2_5',
    },
    'qwen2_5-3b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-3B-Instruct-AWQ',
      ms: 'qwen/Qwen2.5-3B-Instruct-AWQ',
      template: 'qwen2_5',
    },
    'qwen2_5-7b': { hf: 'Qwen/Qwen2.5-7B', ms: 'qwen/Qwen2.5-7B', template: 'default-generation' },
    'qwen2_5-7b-instruct': {
      hf: 'Qwen/Qwen2.5-7B-Instruct',
      ms: 'qwen/Qwen2.5-7B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2_5-7b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2.5-7B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2.5-7B-Instruct-GPTQ-Int4',
      template: 'qwen2_5',
    },
    'qwen2_5-7b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2.5-7B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2.5-7B-Instruct-GPTQ-Int8',
      template: 'qwen2_5',
    },
    'qwen2_5-7b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-7B-Instruct-AWQ',
      ms: 'qwen/Qwen2.5-7B-Instruct-AWQ',
      template: 'qwen2_5',
    },
    'qwen2_5-14b': { hf: 'Qwen/Qwen2.5-14B', ms: 'qwen/Qwen2.5-14B', template: 'default-generation' },
    'qwen2_5-14b-instruct': {
      hf: 'Qwen/Qwen2.5-14B-Instruct',
      ms: 'qwen/Qwen2.5-14B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2_5-14b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2.5-14B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2.5-14B-Instruct-GPTQ-Int4',
      template: 'qwen2_5',
    },
    'qwen2_5-14b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2.5-14B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2.5-14B-Instruct-GPTQ-Int8',
      template: 'qwen2_5',
    },
    'qwen2_5-14b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-14B-Instruct-AWQ',
      ms: 'qwen/Qwen2.5-14B-Instruct-AWQ',
      template: 'qwen2_5',
    },
    'qwen2_5-32b': { hf: 'Qwen/Qwen2.5-32B', ms: 'qwen/Qwen2.5-32B', template: 'default-generation' },
    'qwen2_5-32b-instruct': {
      hf: 'Qwen/Qwen2.5-32B-Instruct',
      ms: 'qwen/Qwen2.5-32B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2_5-32b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2.5-32B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2.5-32B-Instruct-GPTQ-Int4',
      template: 'qwen2_5',
    },
    'qwen2_5-32b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2.5-32B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2.5-32B-Instruct-GPTQ-Int8',
      template: 'qwen2_5',
    },
    'qwen2_5-32b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-32B-Instruct-AWQ',
      ms: 'qwen/Qwen2.5-32B-Instruct-AWQ',
      template: 'qwen2_5',
    },
    'qwen2_5-72b': { hf: 'Qwen/Qwen2.5-72B', ms: 'qwen/Qwen2.5-72B', template: 'default-generation' },
    'qwen2_5-72b-instruct': {
      hf: 'Qwen/Qwen2.5-72B-Instruct',
      ms: 'qwen/Qwen2.5-72B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2_5-72b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2.5-72B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2.5-72B-Instruct-GPTQ-Int4',
      template: 'qwen2_5',
    },
    'qwen2_5-72b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2.5-72B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2.5-72B-Instruct-GPTQ-Int8',
      template: 'qwen2_5',
    },
    'qwen2_5-72b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-72B-Instruct-AWQ',
      ms: 'qwen/Qwen2.5-72B-Instruct-AWQ',
      template: 'qwen2_5',
    },
    'qwen2_5-math-1_5b': {
      hf: 'Qwen/Qwen2.5-Math-1.5B',
      ms: 'qwen/Qwen2.5-Math-1.5B',
      template: 'default-generation',
    },
    'qwen2_5-math-1_5b-instruct': {
      hf: 'Qwen/Qwen2.5-Math-1.5B-Instruct',
      ms: 'qwen/Qwen2.5-Math-1.5B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2_5-math-7b': {
      hf: 'Qwen/Qwen2.5-Math-7B',
      ms: 'qwen/Qwen2.5-Math-7B',
      template: 'default-generation',
    },
    'qwen2_5-math-7b-instruct': {
      hf: 'Qwen/Qwen2.5-Math-7B-Instruct',
      ms: 'qwen/Qwen2.5-Math-7B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2_5-math-72b': {
      hf: 'Qwen/Qwen2.5-Math-72B',
      ms: 'qwen/Qwen2.5-Math-72B',
      template: 'default-generation',
    },
    'qwen2_5-math-72b-instruct': {
      hf: 'Qwen/Qwen2.5-Math-72B-Instruct',
      ms: 'qwen/Qwen2.5-Math-72B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2_5-coder-1_5b': {
      hf: 'Qwen/Qwen2.5-Coder-1.5B',
      ms: 'qwen/Qwen2.5-Coder-1.5B',
      template: 'default-generation',
    },
    'qwen2_5-coder-1_5b-instruct': {
      hf: 'Qwen/Qwen2.5-Coder-1.5B-Instruct',
      ms: 'qwen/Qwen2.5-Coder-1.5B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2_5-coder-7b': {
      hf: 'Qwen/Qwen2.5-Coder-7B',
      ms: 'qwen/Qwen2.5-Coder-7B',
      template: 'default-generation',
    },
    'qwen2_5-coder-7b-instruct': {
      hf: 'Qwen/Qwen2.5-Coder-7B-Instruct',
      ms: 'qwen/Qwen2.5-Coder-7B-Instruct',
      template: 'qwen2_5',
    },
    'qwen1half-72b-chat-int8': {
      hf: 'Qwen/Qwen1.5-72B-Chat-GPTQ-Int8',
      ms: 'qwen/Qwen1.5-72B-Chat-GPTQ-Int8',
    },
    'qwen1half-110b-chat-int4': {
      hf: 'Qwen/Qwen1.5-110B-Chat-GPTQ-Int4',
      ms: 'qwen/Qwen1.5-110B-Chat-GPTQ-Int4',
    },
    'qwen1half-72b-chat-int4': {
      hf: 'Qwen/Qwen1.5-72B-Chat-GPTQ-Int4',
      ms: 'qwen/Qwen1.5-72B-Chat-GPTQ-Int4',
    },
    'qwen1half-32b-chat-int4': {
      hf: 'Qwen/Qwen1.5-32B-Chat-GPTQ-Int4',
      ms: 'qwen/Qwen1.5-32B-Chat-GPTQ-Int4',
    },
    'qwen1half-14b-chat-int8': {
      hf: 'Qwen/Qwen1.5-14B-Chat-GPTQ-Int8',
      ms: 'qwen/Qwen1.5-14B-Chat-GPTQ-Int8',
    },
    'qwen1half-14b-chat-int4': {
      hf: 'Qwen/Qwen1.5-14B-Chat-GPTQ-Int4',
      ms: 'qwen/Qwen1.5-14B-Chat-GPTQ-Int4',
    },
    'qwen1half-7b-chat-int8': { hf: 'Qwen/Qwen1.5-7B-Chat-GPTQ-Int8', ms: 'qwen/Qwen1.5-7B-Chat-GPTQ-Int8' },
    'qwen1half-7b-chat-int4': { hf: 'Qwen/Qwen1.5-7B-Chat-GPTQ-Int4', ms: 'qwen/Qwen1.5-7B-Chat-GPTQ-Int4' },
    'qwen1half-4b-chat-int8': { hf: 'Qwen/Qwen1.5-4B-Chat-GPTQ-Int8', ms: 'qwen/Qwen1.5-4B-Chat-GPTQ-Int8' },
    'qwen1half-4b-chat-int4': { hf: 'Qwen/Qwen1.5-4B-Chat-GPTQ-Int4', ms: 'qwen/Qwen1.5-4B-Chat-GPTQ-Int4' },
    'qwen1half-1_8b-chat-int8': {
      hf: 'Qwen/Qwen1.5-1.8B-Chat-GPTQ-Int8',
      ms: 'qwen/Qwen1.5-1.8B-Chat-GPTQ-Int8',
    },
    'qwen1half-1_8b-chat-int4': {
      hf: 'Qwen/Qwen1.5-1.8B-Chat-GPTQ-Int4',
      ms: 'qwen/Qwen1.5-1.8B-Chat-GPTQ-Int4',
    },
    'qwen1half-0_5b-chat-int8': {
      hf: 'Qwen/Qwen1.5-0.5B-Chat-GPTQ-Int8',
      ms: 'qwen/Qwen1.5-0.5B-Chat-GPTQ-Int8',
    },
    'qwen1half-0_5b-chat-int4': {
      hf: 'Qwen/Qwen1.5-0.5B-Chat-GPTQ-Int4',
      ms: 'qwen/Qwen1.5-0.5B-Chat-GPTQ-Int4',
    },
    'qwen2.5-7b-instruct-1m': { hf: 'Qwen/Qwen2.5-7B-Instruct-1M', ms: 'Qwen/Qwen2.5-7B-Instruct-1M' },
    'qwen2.5-14b-instruct-1m': { hf: 'Qwen/Qwen2.5-14B-Instruct-1M', ms: 'Qwen/Qwen2.5-14B-Instruct-1M' },
    'smallthinker-3b-preview': {
      hf: 'PowerInfer/SmallThinker-3B-Preview',
      ms: 'PowerInfer/SmallThinker-3B-Preview',
    },
    'qwen2.5-coder-0.5b-instruct': {
      hf: 'Qwen/Qwen2.5-Coder-0.5B-Instruct',
      ms: 'Qwen/Qwen2.5-Coder-0.5B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-3b-instruct': {
      hf: 'Qwen/Qwen2.5-Coder-3B-Instruct',
      ms: 'Qwen/Qwen2.5-Coder-3B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-14b-instruct': {
      hf: 'Qwen/Qwen2.5-Coder-14B-Instruct',
      ms: 'Qwen/Qwen2.5-Coder-14B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-32b-instruct': {
      hf: 'Qwen/Qwen2.5-Coder-32B-Instruct',
      ms: 'Qwen/Qwen2.5-Coder-32B-Instruct',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-0.5b': {
      hf: 'Qwen/Qwen2.5-Coder-0.5B',
      ms: 'Qwen/Qwen2.5-Coder-0.5B',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-3b': { hf: 'Qwen/Qwen2.5-Coder-3B', ms: 'Qwen/Qwen2.5-Coder-3B', template: 'qwen2_5' },
    'qwen2.5-coder-14b': { hf: 'Qwen/Qwen2.5-Coder-14B', ms: 'Qwen/Qwen2.5-Coder-14B', template: 'qwen2_5' },
    'qwen2.5-coder-32b': { hf: 'Qwen/Qwen2.5-Coder-32B', ms: 'Qwen/Qwen2.5-Coder-32B', template: 'qwen2_5' },
    'qwen2.5-coder-0.5b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-Coder-0.5B-Instruct-AWQ',
      ms: 'Qwen/Qwen2.5-Coder-0.5B-Instruct-AWQ',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-1.5b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-Coder-1.5B-Instruct-AWQ',
      ms: 'Qwen/Qwen2.5-Coder-1.5B-Instruct-AWQ',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-3b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-Coder-3B-Instruct-AWQ',
      ms: 'Qwen/Qwen2.5-Coder-3B-Instruct-AWQ',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-7b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-Coder-7B-Instruct-AWQ',
      ms: 'Qwen/Qwen2.5-Coder-7B-Instruct-AWQ',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-14b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-Coder-14B-Instruct-AWQ',
      ms: 'Qwen/Qwen2.5-Coder-14B-Instruct-AWQ',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-32b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-Coder-32B-Instruct-AWQ',
      ms: 'Qwen/Qwen2.5-Coder-32B-Instruct-AWQ',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-0.5b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2.5-Coder-0.5B-Instruct-GPTQ-Int4',
      ms: 'Qwen/Qwen2.5-Coder-0.5B-Instruct-GPTQ-Int4',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-0.5b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2.5-Coder-0.5B-Instruct-GPTQ-Int8',
      ms: 'Qwen/Qwen2.5-Coder-0.5B-Instruct-GPTQ-Int8',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-1.5b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2.5-Coder-1.5B-Instruct-GPTQ-Int4',
      ms: 'Qwen/Qwen2.5-Coder-1.5B-Instruct-GPTQ-Int4',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-1.5b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2.5-Coder-1.5B-Instruct-GPTQ-Int8',
      ms: 'Qwen/Qwen2.5-Coder-1.5B-Instruct-GPTQ-Int8',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-3b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2.5-Coder-3B-Instruct-GPTQ-Int4',
      ms: 'Qwen/Qwen2.5-Coder-3B-Instruct-GPTQ-Int4',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-3b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2.5-Coder-3B-Instruct-GPTQ-Int8',
      ms: 'Qwen/Qwen2.5-Coder-3B-Instruct-GPTQ-Int8',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-7b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2.5-Coder-7B-Instruct-GPTQ-Int4',
      ms: 'Qwen/Qwen2.5-Coder-7B-Instruct-GPTQ-Int4',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-7b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2.5-Coder-7B-Instruct-GPTQ-Int8',
      ms: 'Qwen/Qwen2.5-Coder-7B-Instruct-GPTQ-Int8',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-14b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2.5-Coder-14B-Instruct-GPTQ-Int4',
      ms: 'Qwen/Qwen2.5-Coder-14B-Instruct-GPTQ-Int4',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-14b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2.5-Coder-14B-Instruct-GPTQ-Int8',
      ms: 'Qwen/Qwen2.5-Coder-14B-Instruct-GPTQ-Int8',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-32b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2.5-Coder-32B-Instruct-GPTQ-Int4',
      ms: 'Qwen/Qwen2.5-Coder-32B-Instruct-GPTQ-Int4',
      template: 'qwen2_5',
    },
    'qwen2.5-coder-32b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2.5-Coder-32B-Instruct-GPTQ-Int8',
      ms: 'Qwen/Qwen2.5-Coder-32B-Instruct-GPTQ-Int8',
      template: 'qwen2_5',
    },
    'kimi-dev-72b': { hf: 'moonshotai/Kimi-Dev-72B', ms: 'moonshotai/Kimi-Dev-72B', template: 'qwen2_5' },
    'marco-o1': { hf: 'AIDC-AI/Marco-o1', ms: 'AIDC-AI/Marco-o1', template: 'marco_o1' },
    'qwq-32b-preview': { hf: 'Qwen/QwQ-32B-Preview', ms: 'Qwen/QwQ-32B-Preview', template: 'qwq_preview' },
    'qwq-32b': { hf: 'Qwen/QwQ-32B', ms: 'Qwen/QwQ-32B', template: 'qwq' },
    'qwq-32b-awq': { hf: 'Qwen/QwQ-32B-AWQ', ms: 'Qwen/QwQ-32B-AWQ', template: 'qwq' },
    'deepseek-r1-distill-qwen-1.5b': {
      hf: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B',
      ms: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B',
      template: 'deepseek_r1',
    },
    'deepseek-r1-distill-qwen-7b': {
      hf: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-7B',
      ms: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-7B',
      template: 'deepseek_r1',
    },
    'deepseek-r1-distill-qwen-14b': {
      hf: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-14B',
      ms: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-14B',
      template: 'deepseek_r1',
    },
    'deepseek-r1-distill-qwen-32b': {
      hf: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-32B',
      ms: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-32B',
      template: 'deepseek_r1',
    },
    'qwenlong-l1-32b': {
      hf: 'Tongyi-Zhiwen/QwenLong-L1-32B',
      ms: 'iic/QwenLong-L1-32B',
      template: 'deepseek_r1',
    },
  },
})
export class Qwen2 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return {
      ...decoderTraits(reader),
      bias: { qkv: true, o: false, mlp: false },
      layer: lateWindows(reader),
    };
  }
}
