import { agent, isFields, propertiesOf, unwrapped } from 'swift-ts/plugin';
import type { Call, Definitions, Tool, ToolResult } from 'swift-ts/plugin';
import { functionCalls, INSTRUCTIONS, otherFields, QwenCoderAgent } from './_qwen-coder.js';

const OWN_SYSTEM = 'You are Qwen, a helpful AI assistant that can interact with a computer to solve tasks.';

/** https://huggingface.co/Qwen/Qwen3-Coder-30B-A3B-Instruct/blob/main/chat_template.jinja */
@agent({ id: 'qwen3_coder', summary: 'Tags of Qwen3-Coder: <function=…>, <parameter=…>' })
export class Qwen3CoderAgent extends QwenCoderAgent {
  define(tools: readonly Tool[], system = OWN_SYSTEM): Definitions {
    const head = `${system}\n\n# Tools\n\nYou have access to the following functions:\n\n<tools>`;
    return { system: [head, ...tools.map(declared), INSTRUCTIONS].join('\n') };
  }

  answer(said: string, calls: readonly Call[]): string {
    const text = said.trim();
    return text + (text === '' ? '' : '\n\n') + functionCalls(calls);
  }

  protected said(results: readonly ToolResult[]): string {
    return results.map(({ content }) => `<tool_response>\n${content}\n</tool_response>\n`).join('');
  }
}

function declared(tool: Tool): string {
  const fields = unwrapped(tool);
  const { name, description, parameters } = fields;
  const said = Object.entries(propertiesOf(tool)).map(([key, schema]) => parameter(key, schema));
  return (
    `<function>\n<name>${String(name)}</name>` +
    (description === undefined ? '' : `\n<description>${String(description).trim()}</description>`) +
    `\n<parameters>${said.join('')}` +
    (isFields(parameters) ? otherFields(parameters, ['type', 'properties']) : '') +
    '\n</parameters>' +
    otherFields(fields, ['type', 'name', 'description', 'parameters']) +
    '\n</function>'
  );
}

function parameter(name: string, schema: Readonly<Record<string, unknown>>): string {
  const { type, description } = schema;
  return (
    `\n<parameter>\n<name>${name}</name>` +
    (type === undefined ? '' : `\n<type>${pythonText(type)}</type>`) +
    (description === undefined ? '' : `\n<description>${String(description).trim()}</description>`) +
    otherFields(schema, ['name', 'type', 'description']) +
    '\n</parameter>'
  );
}

/** Several types stand in a list as Python prints it. */
const pythonText = (type: unknown): string =>
  Array.isArray(type) ? `[${type.map((one) => `'${String(one)}'`).join(', ')}]` : String(type);
