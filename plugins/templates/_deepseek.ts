import type { TemplateSpec } from 'swift-ts/plugin';

/** Turns of DeepSeek since V2.5. The system prompt is plain text. */
export const DEEPSEEK_V2_5: TemplateSpec = {
  prefix: ['<｜begin▁of▁sentence｜>'],
  system_prefix: ['<｜begin▁of▁sentence｜>{{SYSTEM}}'],
  prompt: ['<｜User｜>{{QUERY}}<｜Assistant｜>'],
  chat_sep: ['<｜end▁of▁sentence｜>'],
  suffix: ['<｜end▁of▁sentence｜>'],
};

/** Answers begin with thoughts, or with the end of none. */
export const DEEPSEEK_V3_1: TemplateSpec = {
  ...DEEPSEEK_V2_5,
  thinking: 'add-empty',
  generation_prefix: '</think>',
  empty_thinking: '</think>',
  thought: '<think>{{THOUGHT}}</think>',
  history_thinking: '</think>',
};
