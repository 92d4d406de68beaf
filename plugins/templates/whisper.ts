import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/**
 * Whisper's prompt: a sound, its language, and whether it is written down or translated into English, without times. The system prompt
 * says the two in the middle. https://github.com/openai/whisper/blob/main/whisper/tokenizer.py
 */
@template({ id: 'whisper', summary: "Whisper: a sound's language and task, and what is said in it" })
export class Whisper extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: null,
    prompt: ['{{QUERY}}', '{{SYSTEM}}', '<|notimestamps|>'],
    response: [' {{RESPONSE}}'],
    chat_sep: null,
    suffix: ['<|endoftext|>'],
    default_system: '<|en|><|transcribe|>',
    trim: true,
  };
}
