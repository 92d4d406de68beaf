import type { TemplateSpec } from 'swift-ts/plugin';

export const GEMMA4: TemplateSpec = {
  prefix: ['<bos>'],
  system_prefix: ['<bos><|turn>system\n{{SYSTEM}}<turn|>\n'],
  prompt: ['<|turn>user\n{{QUERY}}<turn|>\n<|turn>model\n'],
  chat_sep: ['<turn|>\n'],
  suffix: ['<turn|>'],
  stop_words: ['<eos>', '<|tool_response>'],
};
