import {
  agent,
  argumentValue,
  isFields,
  markedCalls,
  nameOf,
  observed,
  parametersOf,
  propertiesOf,
  REACT,
  textOrJson,
  unwrapped,
} from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult } from 'swift-ts/plugin';

const TYPES: Readonly<Record<string, string>> = {
  string: 'str',
  number: 'int',
  integer: 'int',
  boolean: 'bool',
  array: 'list',
};
const pythonType = (type: unknown): string => (typeof type === 'string' ? TYPES[type] : undefined) ?? 'Any';

const NEXT_SYSTEM = '<seed:eos><seed:bos>system';

/** https://huggingface.co/ByteDance-Seed/Seed-OSS-36B-Instruct/blob/main/chat_template.jinja. Definitions stand in a system turn of their own. */
@agent({ id: 'seed_oss', summary: 'Tags of Seed-OSS: <seed:tool_call>, <function=…>, <parameter=…>' })
export class SeedOssAgent implements Agent {
  readonly scan = markedCalls({ open: '<seed:tool_call>', close: '</seed:tool_call>', read: readFunction });

  define(tools: readonly Tool[], system = ''): Definitions {
    const said = `${tools.map(declared).join('\n\n')}
工具调用请遵循如下格式:
<seed:tool_call>
<function=example_function_name>
<parameter=example_parameter_1>value_1</parameter>
<parameter=example_parameter_2>This is the value for the second parameter
that can span
multiple lines</parameter>
</function>
</seed:tool_call>
`;
    const own =
      'You are Doubao, a helpful AI assistant. You may call one or more functions to assist with the user query.';
    const at = system.indexOf(NEXT_SYSTEM);
    if (at >= 0) return { system: `${system.slice(0, at)}\n\n${said}${system.slice(at)}` };
    return { system: `${own}\n\n${said}${NEXT_SYSTEM}\n${system}` };
  }

  answer(said: string, calls: readonly Call[]): string {
    return said + calls.map(functionCall).join('\n');
  }

  reply(answer: string, results: readonly ToolResult[]): Reply {
    const said = results.map(({ content }) => `<seed:bos>tool\n${content}<seed:eos>`);
    const between = `<seed:eos>${said.join('')}<seed:bos>assistant\n`;
    return observed(answer, results, REACT) ?? { answer, between };
  }
}

/** A tool as the head of a Python function. */
function declared(tool: Tool): string {
  const { description = '', returns } = unwrapped(tool);
  const parameters = Object.entries(propertiesOf(tool));
  const { required } = parametersOf(tool);
  const isRequired = (name: string): boolean => Array.isArray(required) && required.includes(name);
  const given = parameters.map(([name, { type }]) => `${name}: ${pythonType(type)}`);
  const lines = ['    """', `    ${String(description).trim()}`];
  if (parameters.length > 0) lines.push('\n    Args:');
  for (const [name, { type, description: of = '' }] of parameters) {
    lines.push(
      `    - ${name} (${pythonType(type)}) ${isRequired(name) ? '[必填]' : '[选填]'}: ${String(of)}`,
    );
  }
  const results = isFields(returns) && isFields(returns.properties) ? Object.entries(returns.properties) : [];
  if (results.length > 0) lines.push('\n    Returns:');
  for (const [name, schema] of results) {
    const { type, description: of = '' } = isFields(schema) ? schema : {};
    lines.push(`    - ${name} (${pythonType(type)}): ${String(of)}`);
  }
  lines.push('\n    """');
  return `Function:\ndef ${nameOf(tool)}(${given.join(',')}):\n${lines.join('\n')}`;
}

function functionCall({ name, arguments: given }: Call): string {
  const parameters = typeof given === 'string' ? [] : Object.entries(given);
  const said = parameters.map(([key, value]) => `<parameter=${key}>${textOrJson(value)}</parameter>`);
  return ['<seed:tool_call>', `<function=${name}>`, ...said, '</function>', '</seed:tool_call>'].join('\n');
}

function readFunction(inside: string, tools: readonly Tool[]): readonly Call[] | undefined {
  const found = /<function=([^>]+)>/.exec(inside);
  if (!found) return undefined;
  const [, name] = found;
  const values = [...inside.matchAll(/<parameter=([^>]+)>(.*?)<\/parameter>/gs)].map(
    ([, key, value]) => [key, argumentValue(value, { tools, call: name, name: key }, 'text')] as const,
  );
  return [{ name, arguments: Object.fromEntries(values) }];
}
