import { SpecTemplate, template, type TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/**
 * ChatML turns without a default system prompt.
 * yi: https://huggingface.co/01-ai/Yi-34B-Chat/blob/main/tokenizer_config.json
 * yi1_5: https://huggingface.co/01-ai/Yi-1.5-6B-Chat/blob/main/tokenizer_config.json
 */
@template({
  id: 'chatml',
  summary: '<|im_start|> turns, no default system prompt',
  also: {
    yi: 'ChatML of Yi',
    yi1_5: 'ChatML of Yi-1.5',
    'llava-yi': 'ChatML of LLaVA-NeXT on Yi',
    llava1_6_yi: 'ChatML of LLaVA-NeXT on Yi, in its own layout',
    'llava-onevision-qwen': 'ChatML of LLaVA-OneVision',
    minicpmv4: 'ChatML of MiniCPM-V 4',
  },
})
export class Chatml extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...CHATML,
    auto_add_bos: true,
  };
}
