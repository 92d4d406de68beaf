/** Messages as chat templates read them: every field of a row's message, arguments of calls parsed, thoughts by all their names. */
import type { Message } from '../contracts/row.js';
import { argumentsObject, argumentsText } from './call-arguments.js';

/**
 * @param callArguments chat templates expect the arguments of calls as objects; some older ones want JSON text, which
 * is OpenAI's shape.
 */
export function templateMessages(
  messages: readonly Message[],
  callArguments: 'objects' | 'texts',
): Record<string, unknown>[] {
  return messages.map((message) => {
    const said = known[callArguments].get(message) ?? templateMessage(message, callArguments);
    known[callArguments].set(message, said);
    return said;
  });
}

/** A conversation is rendered several times with one message changed; the others stay the same objects. */
const known = {
  objects: new WeakMap<Message, Record<string, unknown>>(),
  texts: new WeakMap<Message, Record<string, unknown>>(),
};

function templateMessage(message: Message, callArguments: 'objects' | 'texts'): Record<string, unknown> {
  const argumentsOf = callArguments === 'objects' ? argumentsObject : argumentsText;
  const { role, content, tool_calls, reasoning_content, name, tool_call_id } = message;
  return {
    role,
    content,
    ...(name === undefined ? {} : { name }),
    ...(tool_call_id === undefined ? {} : { tool_call_id }),
    // Families read a thought under one of these names.
    ...(reasoning_content === undefined
      ? {}
      : { reasoning_content, reasoning: reasoning_content, thinking: reasoning_content }),
    ...(tool_calls === undefined
      ? {}
      : {
          tool_calls: tool_calls.map((call) => ({
            ...call,
            function: { ...call.function, arguments: argumentsOf(call.function.arguments) },
          })),
        }),
  };
}
