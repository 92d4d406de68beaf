import type { ToolCall } from '../contracts/row.js';
import { argumentsText } from './call-arguments.js';
import { pythonJson } from './python-json.js';
import { endsInThought } from './thinking.js';

/** How a chat format says tools. Texts hold placeholders as fields of a template do. */
export interface ToolFormat {
  /** Follows the system prompt after a blank line, or stands in its place. {{TOOLS}}: one definition a line, as JSON. */
  readonly definitions: string;
  /** One call: {{NAME}}, and {{ARGUMENTS}} as JSON. Calls follow the answer's text, each on a line of its own. */
  readonly call: string;
  /** What one tool gave back: {{RESULT}}. Results in a row stand in one user turn, each on a line of its own. */
  readonly result: string;
}

/** The system prompt with the definitions of tools. */
export function withDefinitions(
  system: string,
  tools: readonly unknown[],
  { definitions }: ToolFormat,
): string {
  const said = definitions.replace('{{TOOLS}}', () => tools.map(pythonJson).join('\n'));
  return system === '' ? said : `${system}\n\n${said}`;
}

/** An answer with its calls of tools. Where a thought ends it, its white space parts the two. */
export function withCalls(answer: string, calls: readonly ToolCall[], { call }: ToolFormat): string {
  const said = calls.map(({ function: { name, arguments: given } }) =>
    call.replace('{{NAME}}', () => name).replace('{{ARGUMENTS}}', () => argumentsText(given)),
  );
  return answer + (answer === '' || endsInThought(answer) ? '' : '\n') + said.join('\n');
}

/** The user turn that holds what tools gave back. */
export function resultsTurn(results: readonly string[], { result }: ToolFormat): string {
  return results.map((text) => result.replace('{{RESULT}}', () => text)).join('\n');
}
