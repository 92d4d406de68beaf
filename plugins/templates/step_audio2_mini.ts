import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/stepfun-ai/Step-Audio-2-mini/blob/main/tokenizer_config.json */
@template({ id: 'step_audio2_mini', summary: '<|BOT|>human and <|BOT|>assistant of Step-Audio 2' })
export class StepAudio2Mini extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['<|BOT|>system\n{{SYSTEM}}<|EOT|>'],
    prompt: ['<|BOT|>human\n{{QUERY}}<|EOT|><|BOT|>assistant\n'],
    chat_sep: ['<|EOT|>'],
    suffix: ['<|EOT|>'],
  };
}
