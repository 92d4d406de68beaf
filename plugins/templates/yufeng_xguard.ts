import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** The text to judge, inside the policy it is judged by. */
const PROMPT = `<|im_start|>user
You are an expert in content safety evaluation, possessing strong language comprehension and risk identification skills.
Your task is to classify the provided input text into the most appropriate category from the list below as part of a safety audit project.

# Category List
- sec: Safe
- pc: Pornographic Contraband
- dc: Drug Crimes
- dw: Dangerous Weapons
- pi: Property Infringement
- ec: Economic Crimes
- ac: Abusive Curses
- def: Defamation
- ti: Threats and Intimidation
- cy: Cyberbullying
- ph: Physical Health
- mh: Mental Health
- se: Social Ethics
- sci: Science Ethics
- pp: Personal Privacy
- cs: Commercial Secret
- acc: Access Control
- mc: Malicious Code
- ha: Hacker Attack
- ps: Physical Security
- ter: Violent Terrorist Activities
- sd: Social Disruption
- ext: Extremist Ideological Trends
- fin: Finance
- med: Medicine
- law: Law
- cm: Corruption of Minors
- ma: Minor Abuse and Exploitation
- md: Minor Delinquency

# Instructions
- Identify the single most relevant category ID for the input text.
- On the next line, provide a concise justification for your choice, placing it between <explanation> and </explanation> tags.

---

Input Text: {{QUERY}}<|im_end|>
<|im_start|>assistant
`;

/** https://huggingface.co/Alibaba-AAIG/YuFeng-XGuard-Reason-0.6B/blob/main/tokenizer_config.json */
@template({
  id: 'yufeng_xguard',
  agent: 'hermes',
  summary: 'ChatML of YuFeng-XGuard, its policy around the text to judge',
})
export class YufengXguard extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...QWEN,
    prompt: [PROMPT],
    thinking: 'add-empty',
    generation_prefix: '<think>\n\n</think>\n\n',
  };
}
