import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/Alibaba-AAIG/YuFeng-XGuard-Reason-0.6B/blob/main/tokenizer_config.json */
@template({ id: 'yufeng_xguard', summary: 'ChatML of YuFeng-XGuard, its policy around the text to judge' })
export class YufengXguard extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...QWEN,
    prompt: [
      '<|im_start|>user\nYou are an expert in content safety evaluation, possessing strong language comprehension and risk identification skills.\nYour task is to classify the provided input text into the most appropriate category from the list below as part of a safety audit project.\n\n# Category List\n- sec: Safe\n- pc: Pornographic Contraband\n- dc: Drug Crimes\n- dw: Dangerous Weapons\n- pi: Property Infringement\n- ec: Economic Crimes\n- ac: Abusive Curses\n- def: Defamation\n- ti: Threats and Intimidation\n- cy: Cyberbullying\n- ph: Physical Health\n- mh: Mental Health\n- se: Social Ethics\n- sci: Science Ethics\n- pp: Personal Privacy\n- cs: Commercial Secret\n- acc: Access Control\n- mc: Malicious Code\n- ha: Hacker Attack\n- ps: Physical Security\n- ter: Violent Terrorist Activities\n- sd: Social Disruption\n- ext: Extremist Ideological Trends\n- fin: Finance\n- med: Medicine\n- law: Law\n- cm: Corruption of Minors\n- ma: Minor Abuse and Exploitation\n- md: Minor Delinquency\n\n# Instructions\n- Identify the single most relevant category ID for the input text.\n- On the next line, provide a concise justification for your choice, placing it between <explanation> and </explanation> tags.\n\n---\n\nInput Text: {{QUERY}}<|im_end|>\n<|im_start|>assistant\n',
    ],
    thinking: 'add-empty',
    generation_prefix: '<think>\n\n</think>\n\n',
  };
}
