import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { GLM } from './_glm.js';

/** https://huggingface.co/THUDM/glm-4v-9b/blob/main/tokenization_chatglm.py */
@template({ id: 'chatglm4v', agent: 'chatglm4', summary: '<|user|> turns of GLM-4V-9B' })
export class Chatglm4v extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...GLM,
    suffix: ['<|endoftext|>'],
    stop_words: ['<|user|>', '<|observation|>'],
  };
}
