import type { Thinking } from '../contracts/template.js';
import type { TemplateSpec } from './spec.js';

/** The end of a thought as models spell it: `</think>`, `</think:opensource>`, `</seed:think>`, Harmony's last channel. */
const THOUGHT_END = /<\/(?:seed:)?think(?::\w+)?>|<\|channel\|>final<\|message\|>/g;

export const EMPTY_THINKING = '<think>\n\n</think>\n\n';

/** Where an answer stands: before the last user message, between calls of tools after it, or at the end. */
export type AnswerPlace = 'earlier' | 'between' | 'last';

/** An answer with its thoughts as they belong there. */
export function withThoughts(
  answer: string,
  place: AnswerPlace,
  thinking: Thinking,
  { history_thinking = '', empty_thinking = EMPTY_THINKING }: TemplateSpec,
): string {
  if (thinking === 'keep') return answer;
  if (place === 'earlier') return history_thinking + withoutThoughts(answer);
  return thinking === 'add-empty' && place === 'last' && !thinks(answer) ? empty_thinking + answer : answer;
}

const thinks = (answer: string): boolean => answer.search(THOUGHT_END) >= 0;

function withoutThoughts(answer: string): string {
  const last = [...answer.matchAll(THOUGHT_END)].at(-1);
  return last === undefined ? answer : answer.slice(last.index + last[0].length).trimStart();
}
