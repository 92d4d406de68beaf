import type { TemplateSpec } from 'swift-ts/plugin';

/** ChatML turns. Each answer ends with `<|im_end|>`; the line break after it opens the next turn. */
export const CHATML: TemplateSpec = {
  prefix: [],
  system_prefix: ['<|im_start|>system\n{{SYSTEM}}<|im_end|>\n'],
  prompt: ['<|im_start|>user\n{{QUERY}}<|im_end|>\n<|im_start|>assistant\n'],
  chat_sep: ['<|im_end|>\n'],
  suffix: ['<|im_end|>'],
};

/** ChatML of Qwen, which calls tools as Hermes does. */
export const QWEN: TemplateSpec = {
  ...CHATML,
  stop_words: ['<|endoftext|>'],
};

/** The same of Qwen2.5-Math. */
export const QWEN_MATH: TemplateSpec = {
  ...QWEN,
  default_system: 'Please reason step by step, and put your final answer within \\boxed{}.',
};

/** The same of Qwen3.5, which trims what is said. */
export const QWEN3_5: TemplateSpec = {
  ...QWEN,
  thinking: 'add-empty',
  trim: true,
};

/** The same of models that read a text and make a vector at its end. */
export const QWEN_EMBEDDING: TemplateSpec = {
  ...QWEN,
  suffix: ['<|endoftext|>'],
  whole_questions: true,
};
