import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** The vendor's default system prompt. */
const SYSTEM = `You(assistant) are a helpful, respectful and honest INTP-T AI Assistant named Buddy. You are talking to a human(user).
Always answer as helpfully and logically as possible, while being safe. Your answers should not include any harmful, political, religious, unethical, racist, sexist, toxic, dangerous, or illegal content. Please ensure that your responses are socially unbiased and positive in nature.
You cannot access the internet, but you have vast knowledge, cutoff: 2023-04.
You are trained by OpenBuddy team, (https://openbuddy.ai, https://github.com/OpenBuddy/OpenBuddy), not related to GPT or OpenAI`;

/** https://huggingface.co/OpenBuddy/openbuddy-llama3-8b-v21.1-8k */
@template({ id: 'openbuddy2', summary: '<|role|> turns of later OpenBuddy models' })
export class Openbuddy2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['<|role|>system<|says|>{{SYSTEM}}<|end|>\n'],
    prompt: ['<|role|>user<|says|>{{QUERY}}<|end|>\n<|role|>assistant<|says|>'],
    chat_sep: ['<|end|>\n'],
    suffix: ['<|end|>'],
    default_system: SYSTEM,
    auto_add_bos: true,
  };
}
