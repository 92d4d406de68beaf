import { inUserTurn, isFields, observed, pythonJson, REACT, valueOf, wrapped } from 'swift-ts/plugin';
import type { Call, Reply, Tool, ToolResult, TurnTexts } from 'swift-ts/plugin';

/** Definitions, each on a line of its own. */
export const definitions = (tools: readonly Tool[]): string =>
  tools.map((tool) => pythonJson(wrapped(tool))).join('\n');

/** Call as JSON: `{"name": ..., "arguments": ...}`. */
export const jsonCall = ({ name, arguments: given }: Call): string => pythonJson({ name, arguments: given });

/** The call that JSON text holds; its arguments may be called something else. */
export function readJsonCall(text: string, argumentsField = 'arguments'): readonly Call[] | undefined {
  const value = valueOf(text.trim());
  if (!isFields(value) || typeof value.name !== 'string') return undefined;
  const given = value[argumentsField];
  if (typeof given === 'string') {
    const parsed = valueOf(given);
    return [{ name: value.name, arguments: isFields(parsed) ? parsed : given }];
  }
  return isFields(given) ? [{ name: value.name, arguments: given }] : undefined;
}

/** Results in a user turn, unless the answer called as ReAct does. */
export function repliedInUserTurn(
  answer: string,
  results: readonly ToolResult[],
  around: TurnTexts,
  say: (results: readonly ToolResult[]) => string,
): Reply {
  return observed(answer, results, REACT) ?? inUserTurn(answer, say(results), around);
}
