import { markedCalls, observed, pythonJson, REACT, textOrJson, unwrapped, valueOf } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Scan, Tool, ToolResult } from 'swift-ts/plugin';

/** Calls of DeepSeek-V4 as tags with attributes, which say whether a value is text or JSON. */
export abstract class DsmlAgent implements Agent {
  readonly scan: Scan;

  /** @param tag what tags begin with @param list the tag around calls @param gap before the definitions where there is no system prompt */
  constructor(
    private readonly tag: string,
    private readonly list: string,
    private readonly gap: string,
  ) {
    this.scan = markedCalls({
      open: `<${tag}invoke`,
      close: `</${tag}invoke>`,
      around: [`<${tag}${list}>`, `</${tag}${list}>`],
      read: (inside) => this.read(inside),
    });
  }

  define(tools: readonly Tool[], system = ''): Definitions {
    const { tag, list } = this;
    const said = `## Tools

You have access to a set of tools to help answer the user's question. You can invoke tools by writing a "<${tag}${list}>" block like the following:

<${tag}${list}>
<${tag}invoke name="$TOOL_NAME">
<${tag}parameter name="$PARAMETER_NAME" string="true|false">$PARAMETER_VALUE</${tag}parameter>
...
</${tag}invoke>
<${tag}invoke name="$TOOL_NAME2">
...
</${tag}invoke>
</${tag}${list}>

String parameters should be specified as is and set \`string="true"\`. For all other types (numbers, booleans, arrays, objects), pass the value in JSON format and set \`string="false"\`.

If thinking_mode is enabled (triggered by <think>), you MUST output your complete reasoning inside <think>...</think> BEFORE any tool calls or final response.

Otherwise, output directly after </think> with tool calls or final response.

### Available Tool Schemas

${tools.map((tool) => pythonJson(unwrapped(tool))).join('\n')}

You MUST strictly follow the above defined tool name and parameter schemas to invoke tool calls.
`;
    return { system: system === '' ? this.gap + said : `${system}\n\n${said}` };
  }

  answer(said: string, calls: readonly Call[]): string {
    const { tag, list } = this;
    return `${said}\n\n<${tag}${list}>\n${calls.map((call) => this.invocation(call)).join('\n')}\n</${tag}${list}>`;
  }

  reply(answer: string, results: readonly ToolResult[]): Reply {
    const said = results.map(({ content }) => `<tool_result>${content}</tool_result>`).join('\n\n');
    const between = `<｜end▁of▁sentence｜><｜User｜>${said}<｜Assistant｜>`;
    return observed(answer, results, REACT) ?? { answer, between };
  }

  private invocation({ name, arguments: given }: Call): string {
    const { tag } = this;
    const parameters = typeof given === 'string' ? [] : Object.entries(given);
    const said = parameters.map(
      ([key, value]) =>
        `<${tag}parameter name="${key}" string="${typeof value === 'string'}">${textOrJson(value)}</${tag}parameter>`,
    );
    return `<${tag}invoke name="${name}">\n${said.join('\n')}\n</${tag}invoke>`;
  }

  private read(inside: string): readonly Call[] | undefined {
    const found = /^\s+name="([^"]+)">(.*)$/s.exec(inside);
    if (!found) return undefined;
    const parameter = new RegExp(
      `<${this.tag}parameter\\s+name="([^"]+)"\\s+string="(true|false)">(.*?)</${this.tag}parameter>`,
      'gs',
    );
    const values = [...found[2].matchAll(parameter)].map(
      ([, key, isText, value]) => [key, isText === 'true' ? value : (valueOf(value) ?? value)] as const,
    );
    return [{ name: found[1], arguments: Object.fromEntries(values) }];
  }
}
