import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/openbmb/MiniCPM-V-4_5/blob/main/tokenizer_config.json */
@template({ id: 'minicpmv4_5', agent: 'hermes', summary: 'ChatML of MiniCPM-V 4.5, which thinks first' })
export class Minicpmv45 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...QWEN,
    generation_prefix: '<think>\n',
    thinking: 'add-empty',
  };
}
