import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { MINIMAX } from './_minimax.js';

/** https://huggingface.co/MiniMaxAI/MiniMax-M1-40k/blob/main/tokenizer_config.json */
@template({ id: 'minimax_m1', summary: '<beginning_of_sentence> turns of MiniMax-M1' })
export class MinimaxM1 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...MINIMAX,
    prefix: ['<begin_of_document>'],
    system_prefix: [
      '<begin_of_document><beginning_of_sentence>system ai_setting=assistant\n{{SYSTEM}}<end_of_sentence>\n',
    ],
  };
}
