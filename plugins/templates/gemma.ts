import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/**
 * https://huggingface.co/google/gemma-7b-it/blob/main/tokenizer_config.json
 * ovis1_6: https://huggingface.co/AIDC-AI/Ovis1.6-Gemma2-9B/blob/main/configuration_ovis.py
 */
@template({
  id: 'gemma',
  summary: '<start_of_turn> turns of Gemma 1 and 2',
  also: { ovis1_6: '<start_of_turn> turns of Ovis 1.6' },
})
export class Gemma extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<bos>'],
    system_prefix: ['<bos><start_of_turn>system\n{{SYSTEM}}<end_of_turn>\n'],
    prompt: ['<start_of_turn>user\n{{QUERY}}<end_of_turn>\n<start_of_turn>model\n'],
    chat_sep: ['<end_of_turn>\n'],
    suffix: ['<end_of_turn>'],
  };
}
