import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { LLAMA3 } from './_llama3.js';

/** https://github.com/LLaVA-VL/LLaVA-NeXT/blob/main/llava/conversation.py */
@template({
  id: 'llava_llama3_1_hf',
  summary: 'Header turns of LLaVA-NeXT on Llama 3.1, with its system prompt',
  also: {
    'llama3-llava-next': 'Header turns of LLaVA-NeXT on Llama 3, with its system prompt',
    llama3_llava_next: 'llama3-llava-next under its later id',
  },
})
export class LlavaLlama31 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...LLAMA3,
    default_system:
      'You are a helpful language and vision assistant. You are able to understand the visual content that the user provides, and assist the user with a variety of tasks using natural language.',
  };
}
