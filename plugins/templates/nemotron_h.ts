import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** https://huggingface.co/nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-BF16/blob/main/tokenizer_config.json */
@template({ id: 'nemotron_h', agent: 'hermes', summary: 'ChatML of Nemotron-H, which always thinks' })
export class NemotronH extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    thinking: 'strip',
    generation_prefix: '<think>\n',
  };
}
