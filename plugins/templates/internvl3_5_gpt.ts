import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/OpenGVLab/InternVL3_5-GPT-OSS-20B-A4B-Preview/blob/main/conversation.py */
@template({ id: 'internvl3_5_gpt', summary: 'Harmony turns of InternVL3.5 on gpt-oss, without its preamble' })
export class Internvl35Gpt extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}'],
    prompt: ['<|start|>user<|message|>{{QUERY}}<|end|><|start|>assistant'],
    chat_sep: ['<|end|>'],
    suffix: ['<|return|>'],
  };
}
