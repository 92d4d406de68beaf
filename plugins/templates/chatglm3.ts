import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { GLM } from './_glm.js';

/** https://huggingface.co/THUDM/chatglm3-6b/blob/main/tokenizer_config.json */
@template({ id: 'chatglm3', summary: '<|user|> turns of ChatGLM3' })
export class Chatglm3 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...GLM,
    prefix: ['[gMASK]sop'],
    system_prefix: ['[gMASK]sop<|system|>\n{{SYSTEM}}'],
    stop_words: ['<|observation|>'],
  };
}
