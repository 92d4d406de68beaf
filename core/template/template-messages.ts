/** Messages as chat templates read them: every field of a row's message, arguments of calls parsed, thoughts by all their names. */
import type { Message, ToolCall } from '../contracts/row.js';
import { pythonJson } from './python-json.js';

/**
 * @param callArguments chat templates expect the arguments of calls as objects; some older ones want JSON text, which
 * is OpenAI's shape.
 */
export function templateMessages(
  messages: readonly Message[],
  callArguments: 'objects' | 'texts',
): Record<string, unknown>[] {
  const argumentsOf = callArguments === 'objects' ? asObject : asText;
  return messages.map((message) => {
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
  });
}

type CallArguments = ToolCall['function']['arguments'];

function asObject(given: CallArguments): CallArguments {
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given) as Record<string, unknown>;
  } catch {
    return given;
  }
}

const asText = (given: CallArguments): string => (typeof given === 'string' ? given : pythonJson(given));
