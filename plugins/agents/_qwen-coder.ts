import { argumentValue, markedCalls, pythonJson, textOrJson } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult, TurnTexts } from 'swift-ts/plugin';
import { repliedInUserTurn } from './_hermes.js';

/** What the model is told of the format, behind the definitions. */
export const INSTRUCTIONS = `</tools>

If you choose to call a function ONLY reply in the following format with NO suffix:

<tool_call>
<function=example_function_name>
<parameter=example_parameter_1>
value_1
</parameter>
<parameter=example_parameter_2>
This is the value for the second parameter
that can span
multiple lines
</parameter>
</function>
</tool_call>

<IMPORTANT>
Reminder:
- Function calls MUST follow the specified format: an inner <function=...></function> block must be nested within <tool_call></tool_call> XML tags
- Required parameters MUST be specified
- You may provide optional reasoning for your function call in natural language BEFORE the function call, but NOT after
- If there is no function call available, answer the question like normal with your current knowledge and do not tell the user about function calls
</IMPORTANT>`;

/** Calls as nested tags: `<tool_call>`, `<function=…>`, `<parameter=…>`. */
export abstract class QwenCoderAgent implements Agent {
  readonly scan = markedCalls({ open: '<tool_call>', close: '</tool_call>', read: readFunction });

  abstract define(tools: readonly Tool[], system: string | undefined): Definitions;
  abstract answer(said: string, calls: readonly Call[]): string;
  protected abstract said(results: readonly ToolResult[]): string;

  reply(answer: string, results: readonly ToolResult[], _: readonly Call[], around: TurnTexts): Reply {
    return repliedInUserTurn(answer, results, around, (all) => this.said(all));
  }
}

export function functionCalls(calls: readonly Call[]): string {
  return calls.map(functionCall).join('\n');
}

function functionCall({ name, arguments: given }: Call): string {
  const parameters = typeof given === 'string' ? [] : Object.entries(given);
  const said = parameters.map(([key, value]) => `<parameter=${key}>\n${textOrJson(value)}\n</parameter>\n`);
  return `<tool_call>\n<function=${name}>\n${said.join('')}</function>\n</tool_call>`;
}

function readFunction(inside: string, tools: readonly Tool[]): readonly Call[] | undefined {
  const found = /^<function=([^>]+)>(.*)<\/function>$/s.exec(inside.trim());
  if (!found) return undefined;
  const name = found[1].trim();
  const parameters = [...found[2].matchAll(/<parameter=([^>]+)>\s*(.*?)\s*<\/parameter>/gs)];
  const values = parameters.map(([, key, value]) => {
    const parameter = key.trim();
    return [parameter, argumentValue(value.trim(), { tools, call: name, name: parameter }, 'text')] as const;
  });
  return [{ name, arguments: Object.fromEntries(values) }];
}

/** Fields that no tag of its own is for, as JSON between tags. */
export function otherFields(fields: object, handled: readonly string[]): string {
  return Object.entries(fields)
    .filter(([key]) => !handled.includes(key))
    .map(([key, value]) => `\n<${key}>${pythonJson(value)}</${key}>`)
    .join('');
}
