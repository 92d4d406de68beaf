import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { CHATGLM_BUFFERS, CHATGLM_FIELDS, chatglmTraits } from './_chatglm.js';
import { GLMS } from './_gguf/glm.js';

/** ChatGLM2 and CodeGeeX2 in their own format. */
@model({
  family: 'chatglm2',
  summary: 'ChatGLM2 and CodeGeeX2 in their own format',
  architectures: [],
  same_architecture_as: 'chatglm',
  gguf: { chatglm: GLMS.chatglm },
  template: 'chatglm2',
  ignored_tensors: CHATGLM_BUFFERS,
  lora_target_modules: ['query_key_value'],
  variants: {
    'codegeex2-6b': {
      hf: 'THUDM/codegeex2-6b',
      ms: 'ZhipuAI/codegeex2-6b',
      template: 'chatglm-generation',
      size: '6B',
    },
    'chatglm2-6b': { hf: 'THUDM/chatglm2-6b', ms: 'ZhipuAI/chatglm2-6b', size: '6B' },
    'chatglm2-6b-32k': { hf: 'THUDM/chatglm2-6b-32k', ms: 'ZhipuAI/chatglm2-6b-32k', size: '6B' },
    'codefuse-codegeex2-6b-chat': {
      hf: 'codefuse-ai/CodeFuse-CodeGeeX2-6B',
      ms: 'codefuse-ai/CodeFuse-CodeGeeX2-6B',
      template: 'codefuse',
      size: '6B',
    },
  },
})
export class ChatGlm2 extends DecoderLoader implements ModelLoader {
  protected override readonly fields = CHATGLM_FIELDS;

  /** Positions are divided by `rope_ratio`; ChatGLM3 and later multiply theta by it. */
  protected override traits(reader: ConfigReader): DecoderTraits {
    const factor = reader.number('rope_ratio', 1);
    return { ...chatglmTraits(reader), rope_scaling: { type: 'linear', factor } };
  }
}
