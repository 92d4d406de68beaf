import type { Thinking } from '../contracts/template.js';
import type { TemplateSpec } from './spec.js';

/** The end of a thought as models spell it: `</think>`, `</think:opensource>`, `</seed:think>`, Harmony's last channel, Gemma's. */
const THOUGHT_END = /<\/(?:seed:)?think(?::\w+)?>|<\|channel\|>final<\|message\|>|<channel\|>/g;
/** Its beginning. */
const THOUGHT_START =
  /^\s*(?:<(?:seed:)?think(?::\w+)?>|<\|channel\|>analysis<\|message\|>|<\|channel>thought)/;

export const EMPTY_THINKING = '<think>\n\n</think>\n\n';

const THOUGHT = '<think>\n{{THOUGHT}}\n</think>\n\n';

/** An answer with the thought that a row holds apart from it. Line breaks around a thought are the format's. */
export function withThought(
  answer: string,
  given: string | undefined,
  { thought = THOUGHT }: TemplateSpec,
): string {
  const said = given?.replace(/^\n+|\n+$/g, '') ?? '';
  return said === '' ? answer : thought.replace('{{THOUGHT}}', () => said) + answer;
}

/** A thought that nothing but calls follows ends as one before text does: white space of the format, and no more. */
export function endedThought(answer: string, { thought = THOUGHT }: TemplateSpec): string {
  if (!endsInThought(answer)) return answer;
  return answer.trimEnd() + /\s*$/.exec(thought)![0];
}

/** Whether a thought ends an answer's text. */
export const endsInThought = (answer: string): boolean =>
  thinks(answer) && afterThought(answer).trim() === '';

/** Where an answer stands: before the last user message, between calls of tools after it, or at the end. */
export type AnswerPlace = 'earlier' | 'between' | 'last';

/** An answer with its thoughts as they belong there. */
export function withThoughts(
  answer: string,
  place: AnswerPlace,
  thinking: Thinking,
  { history_thinking = '', empty_thinking = EMPTY_THINKING, keeps_thinking = false }: TemplateSpec,
): string {
  if (thinking === 'keep') return answer;
  const keeps = keeps_thinking && thinking === 'add-empty';
  if (place === 'earlier' && !keeps) return history_thinking + withoutThoughts(answer);
  const addsEmpty = thinking === 'add-empty' && (keeps || place === 'last');
  return addsEmpty && !thinks(answer) ? empty_thinking + answer : answer;
}

export const thinks = (answer: string): boolean => answer.search(THOUGHT_END) >= 0;

function withoutThoughts(answer: string): string {
  return thinks(answer) ? afterThought(answer).trimStart() : answer;
}

/** What an answer says after its thought, white space included. */
export function afterThought(answer: string): string {
  const last = [...answer.matchAll(THOUGHT_END)].at(-1);
  return last === undefined ? answer : answer.slice(last.index + last[0].length);
}

/** The thought that an answer's text begins with, without its tags; empty where there is none. */
export function thoughtOf(answer: string): string {
  const end = answer.search(THOUGHT_END);
  return end < 0 ? '' : answer.slice(0, end).replace(THOUGHT_START, '');
}
