import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { GLM } from './_glm.js';

/** https://huggingface.co/THUDM/codegeex4-all-9b/blob/main/tokenizer_config.json */
@template({
  id: 'codegeex4',
  agent: 'chatglm4',
  summary: 'GLM-4 turns of CodeGeeX4, a Chinese coding assistant',
})
export class Codegeex4 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...GLM,
    default_system:
      '你是一位智能编程助手，你叫CodeGeeX。你会为用户回答关于编程、代码、计算机方面的任何问题，并提供格式规范、可以执行、准确安全的代码，并在必要时提供详细的解释。',
  };
}
