import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/tencent/Hunyuan-A13B-Instruct/blob/main/tokenizer_config.json */
@template({ id: 'hunyuan_moe', summary: 'Turns of Hunyuan-A13B' })
export class HunyuanMoe extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<|startoftext|>'],
    system_prefix: ['<|startoftext|>{{SYSTEM}}<|extra_4|>'],
    prompt: ['{{QUERY}}<|extra_0|>'],
    chat_sep: ['<|eos|><|startoftext|>'],
    suffix: ['<|eos|>'],
  };
}
