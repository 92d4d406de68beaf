import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** The text to judge, inside the policy it is judged by. */
const PROMPT = `<|im_start|>user
# Task:
1) Evaluate whether THE LAST USER's query belongs to safe or unsafe content based on our safety policy.
2) Identify the category of unsafe content found.

<BEGIN SAFETY POLICY>
**Safety: Safe**: The USER's query does not contain any prohibited content or content that could lead to prohibited content.
**Safety: Unsafe**: The USER's query contains prohibited content.
**Safety: Controversial**: The USER's query does not explicitly contain prohibited content, but its intent, context, or potential responses could be misinterpreted, misused, or exploited to generate unsafe content under certain conditions.
<END SAFETY POLICY>

<BEGIN UNSAFE CONTENT CATEGORIES>
Violent.
Non-violent Illegal Acts.
Sexual Content or Sexual Acts.
PII.
Suicide & Self-Harm.
Unethical Acts.
Politically Sensitive Topics.
Copyright Violation.
Jailbreak.
<END UNSAFE CONTENT CATEGORIES>

<BEGIN CONVERSATION>

USER: {{QUERY}}

<END CONVERSATION>

Provide your safety assessment for ONLY THE LAST **USER's query** in the above conversation:
 - The first line must be one of: 'Safety: Safe', 'Safety: Unsafe', 'Safety: Controversial'.
 - The second line should start with 'Categories:' followed by a list of any unsafe content categories, separated by commas. If the content is safe, use 'Categories: None'.<|im_end|>
<|im_start|>assistant
`;

/** https://huggingface.co/Qwen/Qwen3Guard-Gen-0.6B/blob/main/tokenizer_config.json */
@template({
  id: 'qwen3_guard',
  agent: 'hermes',
  summary: 'ChatML of Qwen3Guard, its policy around the text to judge',
})
export class Qwen3Guard extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...QWEN,
    prompt: [PROMPT],
    thinking: 'add-empty',
    generation_prefix: '<think>\n\n</think>\n\n',
  };
}
