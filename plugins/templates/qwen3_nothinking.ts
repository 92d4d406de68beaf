import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen3-4B-Instruct-2507/blob/main/tokenizer_config.json */
@template({
  id: 'qwen3_nothinking',
  agent: 'hermes',
  summary: 'ChatML of Qwen3-Instruct-2507, which never thinks',
})
export class Qwen3Nothinking extends SpecTemplate {
  readonly spec = QWEN;
}
