/** Arguments of calls as templates want them, whichever way the row has them. */
import type { ToolCall } from '../contracts/row.js';
import { parseExactJson } from '../io/exact-json.js';
import { pythonJson } from './python-json.js';

type CallArguments = ToolCall['function']['arguments'];

/** As an object; a text that is no JSON stays one. */
export function argumentsObject(given: CallArguments): CallArguments {
  if (typeof given !== 'string') return given;
  try {
    return parseExactJson(given) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return given;
    throw error;
  }
}

/** As JSON text, spelled the same for an object and for any text of it. */
export function argumentsText(given: CallArguments): string {
  const object = argumentsObject(given);
  return typeof object === 'string' ? object : pythonJson(object);
}
