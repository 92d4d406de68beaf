import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { CHATGLM_BUFFERS, CHATGLM_FIELDS, chatglm3Traits } from './_chatglm.js';

/** ChatGLM3, GLM-4 and CodeGeeX4 in their own format. */
@model({
  family: 'chatglm',
  summary: 'ChatGLM3, GLM-4 and CodeGeeX4 in their own format',
  architectures: ['ChatGLMModel', 'ChatGLMForConditionalGeneration'],
  model_types: ['chatglm'],
  template: 'chatglm4',
  ignored_tensors: CHATGLM_BUFFERS,
  lora_target_modules: ['query_key_value'],
  variants: {
    'chatglm3-6b-base': {
      hf: 'THUDM/chatglm3-6b-base',
      ms: 'ZhipuAI/chatglm3-6b-base',
      template: 'chatglm-generation',
      size: '6B',
    },
    'chatglm3-6b': { hf: 'THUDM/chatglm3-6b', ms: 'ZhipuAI/chatglm3-6b', template: 'chatglm3', size: '6B' },
    'chatglm3-6b-128k': {
      hf: 'THUDM/chatglm3-6b-128k',
      ms: 'ZhipuAI/chatglm3-6b-128k',
      template: 'chatglm3',
      size: '6B',
    },
    'chatglm3-6b-32k': {
      hf: 'THUDM/chatglm3-6b-32k',
      ms: 'ZhipuAI/chatglm3-6b-32k',
      template: 'chatglm3',
      size: '6B',
    },
    'glm4-9b-chat-1m': { hf: 'THUDM/glm-4-9b-chat-1m', ms: 'ZhipuAI/glm-4-9b-chat-1m', size: '9B' },
    'glm4-9b-chat': { hf: 'THUDM/glm-4-9b-chat', ms: 'ZhipuAI/glm-4-9b-chat', size: '9B' },
    'glm4-9b': { hf: 'THUDM/glm-4-9b', ms: 'ZhipuAI/glm-4-9b', template: 'chatglm-generation', size: '9B' },
    'codegeex4-9b-chat': {
      hf: 'THUDM/codegeex4-all-9b',
      ms: 'ZhipuAI/codegeex4-all-9b',
      template: 'codegeex4',
      size: '9B',
    },
    'longwriter-glm4-9b': { hf: 'THUDM/LongWriter-glm4-9b', ms: 'ZhipuAI/LongWriter-glm4-9b', size: '9B' },
  },
})
export class ChatGlm extends DecoderLoader implements ModelLoader {
  protected override readonly fields = CHATGLM_FIELDS;

  /** `rope_ratio` is a factor on theta; what ChatGLM2 means by it is in its own family. */
  protected override traits(reader: ConfigReader): DecoderTraits {
    const ratio = reader.number('rope_ratio', 1);
    if (ratio !== 1 && /chatglm2/i.test(String(reader.get('_name_or_path'))))
      throw reader.error('rope_ratio', '1, or --model_type chatglm2-6b-32k beside the path');
    return chatglm3Traits(reader);
  }
}
