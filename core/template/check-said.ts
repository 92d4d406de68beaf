/** Nothing of an answer is left out in silence: what a chat template does not say is refused by name. */
import type { Message } from '../contracts/row.js';
import { SwiftError } from '../errors.js';
import type { Render } from './answer-spans.js';
import { afterThought, thoughtOf } from './thinking.js';

const PROBE = 'qzxwvprobevwxzq';

/**
 * @param answer what is learned of `messages[i]`.
 * @throws SwiftError BAD_TEMPLATE when a call's name, the text, or the thought of the last answer is not in it. What a
 * template says of an answer that others follow is its own to decide, as with thoughts, if it says it at first.
 */
export function checkSaid(messages: readonly Message[], i: number, answer: string, render: Render): void {
  const { content, tool_calls: calls = [], reasoning_content = '', loss = true } = messages[i];
  const unsaid = calls.find(({ function: { name } }) => !answer.includes(name));
  if (unsaid !== undefined) throw leavesOut(i, `the call of ${unsaid.function.name}`);
  if (calls.length > 0 && !answer.includes(afterThought(content).trim())) checkText(messages, i, render);
  if (i < messages.length - 1 || !loss) return;
  const thought = (reasoning_content || thoughtOf(content)).trim();
  if (!answer.includes(thought)) throw leavesOut(i, `its thought (reasoning_content)`);
}

function checkText(messages: readonly Message[], i: number, render: Render): void {
  const probe = replaced(messages, i, { content: PROBE });
  if (render(probe).includes(PROBE)) throw leavesOut(i, 'the text beside a call, and says it after the call');
  if (!render(probe.slice(0, i + 1)).includes(PROBE)) throw leavesOut(i, 'the text beside a call');
}

/** @throws SwiftError BAD_TEMPLATE when the template does not say a call of `messages[i]`. */
export function checkCalls(messages: readonly Message[], i: number, render: Render): void {
  const { tool_calls = [] } = messages[i];
  tool_calls.forEach((call, c) => {
    const renamed = { ...call, function: { ...call.function, name: PROBE } };
    const probe = replaced(messages, i, {
      tool_calls: tool_calls.map((each, j) => (j === c ? renamed : each)),
    });
    if (!render(probe).includes(PROBE)) throw leavesOut(i, `the call of ${call.function.name}`);
  });
}

const replaced = (messages: readonly Message[], i: number, change: Partial<Message>): Message[] =>
  messages.map((each, j) => (j === i ? { ...each, ...change } : each));

const leavesOut = (i: number, what: string): SwiftError =>
  new SwiftError('BAD_TEMPLATE', `messages[${i}]: the model's chat template leaves out ${what}.`, {
    cure: 'Name a template that says it with --template_type (`swift list templates`), or take it out of the rows.',
  });
