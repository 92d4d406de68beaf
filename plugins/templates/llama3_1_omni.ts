import { SpecTemplate, template } from 'swift-ts/plugin';
import { LLAMA3 } from './_llama3.js';

/** https://github.com/ictnlp/LLaMA-Omni/blob/main/omni_speech/conversation.py */
@template({ id: 'llama3_1_omni', agent: 'llama3', summary: 'Header turns of LLaMA-Omni' })
export class Llama31Omni extends SpecTemplate {
  readonly spec = {
    ...LLAMA3,
    default_system:
      'You are a helpful language and speech assistant. You are able to understand the speech content that the user provides, and assist the user with a variety of tasks using natural language.',
  };
}
