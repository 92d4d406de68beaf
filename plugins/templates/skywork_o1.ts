import { SpecTemplate, template } from 'swift-ts/plugin';
import { LLAMA3_DATED } from './_llama3.js';

/** https://huggingface.co/Skywork/Skywork-o1-Open-Llama-3.1-8B/blob/main/tokenizer_config.json */
@template({ id: 'skywork_o1', agent: 'llama3', summary: 'Llama 3.1 turns of Skywork-o1' })
export class SkyworkO1 extends SpecTemplate {
  readonly spec = {
    ...LLAMA3_DATED,
    default_system:
      "You are Skywork-o1, a thinking model developed by Skywork AI, specializing in solving complex problems involving mathematics, coding, and logical reasoning through deep thought. When faced with a user's request, you first engage in a lengthy and in-depth thinking process to explore possible solutions to the problem. After completing your thoughts, you then provide a detailed explanation of the solution process in your response.",
  };
}
