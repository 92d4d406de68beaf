import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/XiaomiMiMo/MiMo-7B-RL-0530/blob/main/tokenizer_config.json */
@template({ id: 'mimo_rl', agent: 'hermes', summary: 'ChatML of MiMo' })
export class MimoRl extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...QWEN,
    default_system: 'You are MiMo, an AI assistant developed by Xiaomi.',
  };
}
