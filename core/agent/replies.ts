/** How conversations go on after tools were called. */
import type { Reply, ToolResult, TurnTexts } from '../contracts/agent.js';

/** Keywords of formats that call tools in lines of text. */
export interface Keywords {
  readonly action: string;
  readonly input: string;
  readonly observation: string;
}

export const REACT: Keywords = {
  action: 'Action:',
  input: 'Action Input:',
  observation: 'Observation:',
};

/** The reply to an answer that calls by keywords: the same turn goes on behind each result. Undefined for an answer that does not. */
export function observed(
  answer: string,
  results: readonly ToolResult[],
  { action, input, observation }: Keywords,
): Reply | undefined {
  if (!answer.includes(action) || !answer.includes(input)) return undefined;
  const open = answer.endsWith('\n') ? answer : `${answer}\n`;
  return {
    answer: answer.endsWith(observation) ? answer : open + observation,
    between: results
      .map(({ content }) => (content.endsWith('\n') ? content : `${content}\n`))
      .join(observation),
  };
}

/** Results in a user turn of their own. */
export function inUserTurn(answer: string, said: string, { separator, turn }: TurnTexts): Reply {
  return { answer, between: separator + turn(said) };
}
