import type { TemplateSpec } from 'swift-ts/plugin';

/** Turns of Llama 3; its chat template trims content. */
export const LLAMA3: TemplateSpec = {
  prefix: ['<|begin_of_text|>'],
  system_prefix: ['<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n{{SYSTEM}}<|eot_id|>'],
  prompt: [
    '<|start_header_id|>user<|end_header_id|>\n\n{{QUERY}}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
  ],
  chat_sep: ['<|eot_id|>'],
  suffix: ['<|eot_id|>'],
  trim: true,
};

/**
 * The system turn of Llama 3.1 and later states dates, with or without a system prompt. The vendor's template writes
 * this day when it is not told another. It stays fixed here, so that the same row gives the same ids every day: in a
 * resumed run, on the server, in a test.
 */
const DATES = 'Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n';

export const LLAMA3_DATED: TemplateSpec = {
  ...LLAMA3,
  prefix: [`<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n${DATES}<|eot_id|>`],
  system_prefix: [
    `<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n${DATES}{{SYSTEM}}<|eot_id|>`,
  ],
};
