import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/microsoft/phi-4/blob/main/tokenizer_config.json */
@template({ id: 'phi4', summary: '<|im_sep|> turns of Phi-4' })
export class Phi4 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['<|im_start|>system<|im_sep|>{{SYSTEM}}<|im_end|>'],
    prompt: ['<|im_start|>user<|im_sep|>{{QUERY}}<|im_end|><|im_start|>assistant<|im_sep|>'],
    chat_sep: ['<|im_end|>'],
    suffix: ['<|im_end|>'],
    auto_add_bos: true,
  };
}
