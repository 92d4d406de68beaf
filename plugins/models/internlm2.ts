import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { internlm2Traits } from './_internlm2.js';
import { LLAMAS } from './_gguf/llama.js';

/** InternLM2 and InternLM2.5 of Shanghai AI Laboratory. */
@model({
  family: 'internlm2',
  summary: 'InternLM2 and InternLM2.5 of Shanghai AI Laboratory',
  architectures: ['InternLM2ForCausalLM'],
  model_types: ['internlm2'],
  gguf: { internlm2: LLAMAS.internlm2 },
  template: 'internlm2',
  lora_target_modules: ['wqkv'],
  variants: {
    'internlm2-20b-base': {
      hf: 'internlm/internlm2-base-20b',
      ms: 'Shanghai_AI_Laboratory/internlm2-base-20b',
      template: 'default-generation',
      size: '20B',
    },
    'internlm2-20b': {
      hf: 'internlm/internlm2-20b',
      ms: 'Shanghai_AI_Laboratory/internlm2-20b',
      template: 'default-generation',
      size: '20B',
    },
    'internlm2-7b-base': {
      hf: 'internlm/internlm2-base-7b',
      ms: 'Shanghai_AI_Laboratory/internlm2-base-7b',
      template: 'default-generation',
      size: '7B',
    },
    'internlm2-7b': {
      hf: 'internlm/internlm2-7b',
      ms: 'Shanghai_AI_Laboratory/internlm2-7b',
      template: 'default-generation',
      size: '7B',
    },
    'internlm2-20b-chat': {
      hf: 'internlm/internlm2-chat-20b',
      ms: 'Shanghai_AI_Laboratory/internlm2-chat-20b',
      size: '20B',
    },
    'internlm2-20b-sft-chat': {
      hf: 'internlm/internlm2-chat-20b-sft',
      ms: 'Shanghai_AI_Laboratory/internlm2-chat-20b-sft',
      size: '20B',
    },
    'internlm2-7b-chat': {
      hf: 'internlm/internlm2-chat-7b',
      ms: 'Shanghai_AI_Laboratory/internlm2-chat-7b',
      size: '7B',
    },
    'internlm2-7b-sft-chat': {
      hf: 'internlm/internlm2-chat-7b-sft',
      ms: 'Shanghai_AI_Laboratory/internlm2-chat-7b-sft',
      size: '7B',
    },
    'internlm2-math-20b-chat': {
      hf: 'internlm/internlm2-math-20b',
      ms: 'Shanghai_AI_Laboratory/internlm2-math-20b',
      size: '20B',
    },
    'internlm2-math-7b-chat': {
      hf: 'internlm/internlm2-math-7b',
      ms: 'Shanghai_AI_Laboratory/internlm2-math-7b',
      size: '7B',
    },
    'internlm2-math-20b': {
      hf: 'internlm/internlm2-math-base-20b',
      ms: 'Shanghai_AI_Laboratory/internlm2-math-base-20b',
      template: 'default-generation',
      size: '20B',
    },
    'internlm2-math-7b': {
      hf: 'internlm/internlm2-math-base-7b',
      ms: 'Shanghai_AI_Laboratory/internlm2-math-base-7b',
      template: 'default-generation',
      size: '7B',
    },
    'internlm2-1_8b-chat': {
      hf: 'internlm/internlm2-chat-1_8b',
      ms: 'Shanghai_AI_Laboratory/internlm2-chat-1_8b',
      size: '1.8B',
    },
    'internlm2-1_8b-sft-chat': {
      hf: 'internlm/internlm2-chat-1_8b-sft',
      ms: 'Shanghai_AI_Laboratory/internlm2-chat-1_8b-sft',
      size: '1.8B',
    },
    'internlm2-1_8b': {
      hf: 'internlm/internlm2-1_8b',
      ms: 'Shanghai_AI_Laboratory/internlm2-1_8b',
      template: 'default-generation',
      size: '1.8B',
    },
    'internlm2_5-20b-chat': {
      hf: 'internlm/internlm2_5-20b-chat',
      ms: 'Shanghai_AI_Laboratory/internlm2_5-20b-chat',
      size: '20B',
    },
    'internlm2_5-20b': {
      hf: 'internlm/internlm2_5-20b',
      ms: 'Shanghai_AI_Laboratory/internlm2_5-20b',
      template: 'default-generation',
      size: '20B',
    },
    'internlm2_5-7b-chat-1m': {
      hf: 'internlm/internlm2_5-7b-chat-1m',
      ms: 'Shanghai_AI_Laboratory/internlm2_5-7b-chat-1m',
      size: '7B',
    },
    'internlm2_5-7b-chat': {
      hf: 'internlm/internlm2_5-7b-chat',
      ms: 'Shanghai_AI_Laboratory/internlm2_5-7b-chat',
      size: '7B',
    },
    'internlm2_5-7b': {
      hf: 'internlm/internlm2_5-7b',
      ms: 'Shanghai_AI_Laboratory/internlm2_5-7b',
      template: 'default-generation',
      size: '7B',
    },
    'internlm2_5-1_8b-chat': {
      hf: 'internlm/internlm2_5-1_8b-chat',
      ms: 'Shanghai_AI_Laboratory/internlm2_5-1_8b-chat',
      size: '1.8B',
    },
    'internlm2_5-1_8b': {
      hf: 'internlm/internlm2_5-1_8b',
      ms: 'Shanghai_AI_Laboratory/internlm2_5-1_8b',
      template: 'default-generation',
      size: '1.8B',
    },
  },
})
export class InternLm2 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return internlm2Traits(reader);
  }
}
