import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { MISTRAL } from './_mistral.js';

/** The vendor's default system prompt, which states a date; here it is a fixed one. */
const SYSTEM = `You are Mistral Small 3, a Large Language Model (LLM) created by Mistral AI, a French startup headquartered in Paris.
Your knowledge base was last updated on 2023-10-01. The current date is 2024-07-26.

When you're not sure about some information, you say that you don't have the information and don't make up anything.
If the user's question is not clear, ambiguous, or does not provide enough context for you to accurately answer the question, you do not try to answer it right away and you rather ask the user to clarify their request (e.g. "What are some good restaurants around me?" => "Where are you?" or "When is the next flight to Tokyo" => "Where do you travel from?")`;

/** https://huggingface.co/mistralai/Mistral-Small-24B-Instruct-2501/blob/main/tokenizer_config.json */
@template({ id: 'mistral_2501', summary: '[INST] turns of Mistral Small 3 with a system prompt' })
export class Mistral2501 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...MISTRAL,
    default_system: SYSTEM,
  };
}
