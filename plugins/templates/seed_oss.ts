import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/ByteDance-Seed/Seed-OSS-36B-Instruct/blob/main/tokenizer_config.json */
@template({ id: 'seed_oss', summary: '<seed:bos> turns of Seed-OSS; thoughts may come first' })
export class SeedOss extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<seed:bos>'],
    system_prefix: ['<seed:bos>system\n{{SYSTEM}}<seed:eos>'],
    prompt: ['<seed:bos>user\n{{QUERY}}<seed:eos><seed:bos>assistant\n'],
    chat_sep: ['<seed:eos>'],
    suffix: ['<seed:eos>'],
    auto_add_bos: true,
  };
}
