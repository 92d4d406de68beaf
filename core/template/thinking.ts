import type { Thinking } from '../contracts/template.js';
import type { TemplateSpec } from './spec.js';

/** The end of a thought, as models spell it: `</think>`, `</think:opensource>`. */
const THOUGHT_END = /<\/think(?::\w+)?>/g;

export const EMPTY_THINKING = '<think>\n\n</think>\n\n';

/**
 * An answer with its thoughts as they belong there.
 *
 * @param isEarlier an answer that a later user message follows; answers between tool calls are not earlier.
 */
export function withThoughts(
  answer: string,
  isEarlier: boolean,
  thinking: Thinking,
  { history_thinking = '', empty_thinking = EMPTY_THINKING }: TemplateSpec,
): string {
  if (thinking === 'keep') return answer;
  if (isEarlier) return history_thinking + withoutThoughts(answer);
  return thinking === 'add-empty' && !thinks(answer) ? empty_thinking + answer : answer;
}

const thinks = (answer: string): boolean => answer.search(THOUGHT_END) >= 0;

function withoutThoughts(answer: string): string {
  const last = [...answer.matchAll(THOUGHT_END)].at(-1);
  return last === undefined ? answer : answer.slice(last.index + last[0].length).trimStart();
}
