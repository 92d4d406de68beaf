import { agent, argumentValue, markedCalls, pythonJson, textOrJson, unwrapped } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult, TurnTexts } from 'swift-ts/plugin';
import { repliedInToolTurn } from './_minimax.js';

/** https://huggingface.co/MiniMaxAI/MiniMax-M2/blob/main/chat_template.jinja */
@agent({ id: 'minimax_m2', summary: 'Tags of MiniMax-M2: <minimax:tool_call>, <invoke>, <parameter>' })
export class MinimaxM2 implements Agent {
  readonly scan = markedCalls({
    open: '<invoke name="',
    close: '</invoke>',
    around: ['<minimax:tool_call>', '</minimax:tool_call>'],
    read: readInvocation,
  });

  define(tools: readonly Tool[], system = ''): Definitions {
    const list = tools.map((tool) => `<tool>${pythonJson(unwrapped(tool))}</tool>`);
    return {
      system: `${system}

# Tools
You may call one or more tools to assist with the user query.
Here are the tools available in JSONSchema format:

<tools>
${list.join('\n')}
</tools>

When making tool calls, use XML format to invoke tools and pass parameters:

<minimax:tool_call>
<invoke name="tool-name-1">
<parameter name="param-key-1">param-value-1</parameter>
<parameter name="param-key-2">param-value-2</parameter>
...
</invoke>
</minimax:tool_call>`,
    };
  }

  answer(said: string, calls: readonly Call[]): string {
    return `${said}<minimax:tool_call>\n${calls.map(invocation).join('\n')}\n</minimax:tool_call>`;
  }

  reply(answer: string, results: readonly ToolResult[], _: readonly Call[], around: TurnTexts): Reply {
    return repliedInToolTurn(answer, results, around);
  }
}

function invocation({ name, arguments: given }: Call): string {
  const parameters = typeof given === 'string' ? [] : Object.entries(given);
  const said = parameters.map(([key, value]) => `<parameter name="${key}">${textOrJson(value)}</parameter>`);
  return `<invoke name="${name}">\n${said.join('\n')}\n</invoke>`;
}

function readInvocation(inside: string, tools: readonly Tool[]): readonly Call[] | undefined {
  const found = /^([^"]+)">(.*)$/s.exec(inside);
  if (!found) return undefined;
  const [, name, body] = found;
  const values = [...body.matchAll(/<parameter name="([^"]+)">(.*?)<\/parameter>/gs)].map(
    ([, key, value]) => [key, argumentValue(value.trim(), { tools, call: name, name: key }, 'json')] as const,
  );
  return [{ name, arguments: Object.fromEntries(values) }];
}
