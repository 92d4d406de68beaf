import type { TemplateSpec } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** Formats that SWIFT 3 and later know by another id than SWIFT 2, or that SWIFT 2 had under several; all ids are kept. */

export const CODEFUSE_CODELLAMA: TemplateSpec = {
  prefix: [],
  system_prefix: ['{{SYSTEM}}'],
  prompt: ['<|role_start|>human<|role_end|>{{QUERY}}<|role_start|>bot<|role_end|>'],
  chat_sep: [],
  suffix: [['eos_token_id']],
};

export const LONGWRITER_LLAMA: TemplateSpec = {
  prefix: ['[INST]'],
  system_prefix: ['<<SYS>>\n{{SYSTEM}}\n<</SYS>>\n\n'],
  prompt: ['{{QUERY}}[/INST]'],
  chat_sep: ['[INST]'],
  suffix: ['<|end_of_text|>'],
};

export const NUMINA_MATH: TemplateSpec = {
  prefix: [['bos_token_id']],
  system_prefix: [['bos_token_id'], '{{SYSTEM}}'],
  prompt: ['### Problem: {{QUERY}}\n### Solution: '],
  chat_sep: ['\n'],
  suffix: [['eos_token_id']],
};

export const YI_CODER: TemplateSpec = {
  ...CHATML,
  default_system: 'You are a helpful assistant.',
  auto_add_bos: true,
};

export const CHATML_BOS: TemplateSpec = {
  ...CHATML,
  auto_add_bos: true,
};

export const MODELSCOPE_AGENT: TemplateSpec = {
  prefix: [],
  system_prefix: [' \n\n<|system|>:{{SYSTEM}}'],
  prompt: [' \n\n<|user|>:{{QUERY}} \n\n<|assistant|>:'],
  chat_sep: [],
  suffix: [' \n\n</s>'],
  default_system: 'You are a helpful assistant.',
};

export const DEEPSEEK: TemplateSpec = {
  prefix: [['bos_token_id']],
  system_prefix: [['bos_token_id'], '{{SYSTEM}}\n\n'],
  prompt: ['User: {{QUERY}}\n\nAssistant:'],
  chat_sep: [['eos_token_id']],
  suffix: [['eos_token_id']],
};

export const DEEPSEEK_CODER: TemplateSpec = {
  prefix: [],
  system_prefix: ['{{SYSTEM}}'],
  prompt: ['### Instruction:\n{{QUERY}}\n### Response:\n'],
  chat_sep: ['\n<|EOT|>\n'],
  suffix: ['\n<|EOT|>'],
  default_system:
    'You are an AI programming assistant, utilizing the Deepseek Coder model, developed by Deepseek Company, and you only answer questions related to computer science. For politically sensitive questions, security and privacy issues, and other non-computer science questions, you will refuse to answer\n',
};

/** The system prompt stands in the last turn, as in the vendor's template and SWIFT 3; SWIFT 2 puts it in the first. */
export const MISTRAL_NEMO: TemplateSpec = {
  prefix: ['<s>[INST] '],
  system_prefix: null,
  prompt: ['{{SYSTEM}}\n\n', '{{QUERY}}[/INST]'],
  chat_sep: ['</s>[INST] '],
  suffix: ['</s>'],
  system_turn: 'last',
};

export const WIZARDLM2: TemplateSpec = {
  prefix: [],
  system_prefix: ['{{SYSTEM}}'],
  prompt: ['USER: {{QUERY}} ASSISTANT:'],
  chat_sep: ['</s>'],
  suffix: ['</s>'],
  default_system:
    "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions. ",
};
