import {
  agent,
  isFields,
  markedCalls,
  nameOf,
  observed,
  propertiesOf,
  REACT,
  textOrJson,
  unwrapped,
  valueOf,
} from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult } from 'swift-ts/plugin';

const ARGUMENTS = '<|tool_call_argument_begin|>';
const TYPES: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'any[]',
  object: 'object',
  null: 'null',
};

/** Kimi K2.5 and K2.6: tools as types of TypeScript in a system turn of their own; a call is numbered, and its result says so. */
@agent({ id: 'kimi_k25', summary: 'Calls of Kimi K2.5 between <|tool_call_begin|> and <|tool_call_end|>' })
export class KimiK25 implements Agent {
  readonly scan = markedCalls({
    open: '<|tool_call_begin|>',
    close: '<|tool_call_end|>',
    around: ['<|tool_calls_section_begin|>', '<|tool_calls_section_end|>'],
    read: readCall,
  });

  define(tools: readonly Tool[], system = ''): Definitions {
    const said = `tool_declare<|im_middle|># Tools\n\n## functions\nnamespace functions {\n${tools.map(typed).join('\n')}\n}\n`;
    return {
      system: system === '' ? said : `${said}<|im_end|><|im_system|>system<|im_middle|>${system}`,
    };
  }

  answer(said: string, calls: readonly Call[]): string {
    const list = calls.map(
      (call, i) =>
        `<|tool_call_begin|>${numbered(call, i)}${ARGUMENTS}${textOrJson(call.arguments)}<|tool_call_end|>`,
    );
    return `${said}<|tool_calls_section_begin|>${list.join('')}<|tool_calls_section_end|>`;
  }

  reply(answer: string, results: readonly ToolResult[], calls: readonly Call[]): Reply {
    const said = results.map(({ content, name = '' }, i) => {
      const of = i < calls.length ? numbered(calls[i], i) : name;
      return `<|im_system|>tool<|im_middle|>## Return of ${of}\n${content}<|im_end|>`;
    });
    const between = `<|im_end|>${said.join('')}<|im_assistant|>assistant<|im_middle|>`;
    return observed(answer, results, REACT) ?? { answer, between };
  }
}

const numbered = ({ name }: Call, i: number): string => `functions.${name}:${i}`;

/** A tool as the type of a function. */
function typed(tool: Tool): string {
  const { description = '' } = unwrapped(tool);
  const comment = description === '' ? [] : [`// ${String(description)}`];
  const parameters = Object.entries(propertiesOf(tool));
  if (parameters.length === 0) return [...comment, `type ${nameOf(tool)} = (_: {}) => any;`].join('\n');
  const lines = parameters.flatMap(([name, { type, description: of }], i) => [
    ...(of ? [`  // ${String(of)}`] : []),
    `  ${name}: ${(typeof type === 'string' ? TYPES[type] : undefined) ?? 'any'}${i < parameters.length - 1 ? ',' : ''}`,
  ]);
  return [...comment, `type ${nameOf(tool)} = (_: {`, ...lines, '}) => any;'].join('\n');
}

function readCall(inside: string): readonly Call[] | undefined {
  const at = inside.indexOf(ARGUMENTS);
  if (at < 0) return undefined;
  const name = inside
    .slice(0, at)
    .trim()
    .replace(/^functions\.(?=.)/s, '')
    .replace(/(?<=.):\d+$/s, '');
  const given = inside.slice(at + ARGUMENTS.length).trim();
  const value = valueOf(given);
  return [{ name, arguments: isFields(value) ? value : given }];
}
