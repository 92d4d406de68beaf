import { agent, isFields, markedCalls, valueOf } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult, TurnTexts } from 'swift-ts/plugin';
import { definitions, jsonCall, readJsonCall, repliedInUserTurn } from './_hermes.js';

/** The definitions ask for a name and a block of JSON; calls are written as Hermes writes them. Both are read. */
@agent({ id: 'hunyuan_hermes', summary: 'Calls of Hunyuan between <tool_calls> and </tool_calls>' })
export class HunyuanHermes implements Agent {
  readonly scan = markedCalls({
    open: '<tool_call>',
    close: '</tool_call>',
    around: ['<tool_calls>', '</tool_calls>'],
    read: (inside) => readBlock(inside) ?? readJsonCall(inside),
  });

  define(tools: readonly Tool[], system = ''): Definitions {
    return {
      system: `${system}${system === '' ? '' : '\n\n'}# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
${definitions(tools)}
</tools>

For function call returns, you should first print <tool_calls>For each function call, you should return object like:
<tool_call>function_name
\`\`\`json
function_arguments_in_json_format
\`\`\`</tool_call>At the end of function call returns, you should print </tool_calls>`,
    };
  }

  answer(said: string, calls: readonly Call[]): string {
    const lines = calls.map((call) => `<tool_call>\n${jsonCall(call)}\n</tool_call>`);
    return `${said}<tool_calls>\n${lines.join('\n')}\n</tool_calls>`;
  }

  reply(answer: string, results: readonly ToolResult[], _: readonly Call[], around: TurnTexts): Reply {
    return repliedInUserTurn(answer, results, around, (all) => {
      const said = all.map(({ content }) => `<tool_response>${content}</tool_response>`);
      return `<tool_responses>${said.join('\n')}</tool_responses>`;
    });
  }
}

function readBlock(inside: string): readonly Call[] | undefined {
  const found = /^(.+?)\n```json(.+?)```\s*$/s.exec(inside);
  const value = found ? valueOf(found[2].trim()) : undefined;
  return isFields(value) ? [{ name: found![1].trim(), arguments: value }] : undefined;
}
