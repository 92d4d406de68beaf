import type { TemplateSpec } from 'swift-ts/plugin';

/** Turns of GLM. A turn ends where the next role begins. The line break after `<|assistant|>` is the model's to write, as in the vendor's generation prompt. */
export const GLM: TemplateSpec = {
  prefix: ['[gMASK]<sop>'],
  system_prefix: ['[gMASK]<sop><|system|>\n{{SYSTEM}}'],
  prompt: ['<|user|>\n{{QUERY}}<|assistant|>'],
  response: ['\n{{RESPONSE}}'],
  chat_sep: [],
  suffix: ['<|user|>'],
  stop_words: ['<|endoftext|>', '<|observation|>'],
};

/** As GLM without line breaks. Answers begin with thoughts, or with the end of none. */
export const GLM4_7: TemplateSpec = {
  prefix: ['[gMASK]<sop>'],
  system_prefix: ['[gMASK]<sop><|system|>{{SYSTEM}}'],
  prompt: ['<|user|>{{QUERY}}<|assistant|>'],
  chat_sep: [],
  suffix: ['<|user|>'],
  stop_words: ['<|endoftext|>', '<|observation|>'],
  thinking: 'add-empty',
  generation_prefix: '<think>',
  empty_thinking: '</think>',
  thought: '<think>{{THOUGHT}}</think>',
  history_thinking: '</think>',
};
