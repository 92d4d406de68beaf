import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/AIDC-AI/Ovis2.5-2B/blob/main/tokenizer_config.json */
@template({ id: 'ovis2_5', agent: 'hermes', summary: 'ChatML of Ovis 2.5, which thinks' })
export class Ovis25 extends SpecTemplate {
  readonly spec: TemplateSpec = { ...QWEN, thinking: 'strip' };
}
