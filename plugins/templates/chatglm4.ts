import { SpecTemplate, template } from 'swift-ts/plugin';
import { GLM } from './_glm.js';

/**
 * https://huggingface.co/THUDM/glm-4-9b-chat/blob/main/tokenizer_config.json
 * glm4: https://huggingface.co/zai-org/GLM-4-9B-0414/blob/main/tokenizer_config.json
 * glm4v: https://huggingface.co/zai-org/GLM-4.1V-9B-Thinking/blob/main/chat_template.jinja
 * glm_ocr: https://huggingface.co/zai-org/GLM-OCR/blob/main/chat_template.jinja
 */
@template({
  id: 'chatglm4',
  agent: { chatglm4: 'chatglm4', glm4: 'glm4', glm4v: 'glm4', glm_ocr: 'glm4' },
  summary: '<|user|> turns of GLM-4',
  also: {
    glm4: '<|user|> turns of GLM-4-0414',
    glm4v: '<|user|> turns of GLM-4.1V',
    glm_ocr: '<|user|> turns of GLM-OCR',
  },
})
export class Chatglm4 extends SpecTemplate {
  readonly spec = GLM;
}
