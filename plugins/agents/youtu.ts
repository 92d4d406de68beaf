import { agent, markedCalls, pythonJson, wrapped } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult, TurnTexts } from 'swift-ts/plugin';
import { jsonCall, readJsonCall, repliedInUserTurn } from './_hermes.js';

/** https://huggingface.co/tencent/Youtu-LLM-2B/blob/main/tokenizer_config.json */
@agent({
  id: 'youtu',
  summary: 'Calls of Youtu-LLM: JSON between <tool_call> and </tool_call>, without line breaks',
})
export class Youtu implements Agent {
  readonly scan = markedCalls({
    open: '<tool_call>',
    close: '</tool_call>',
    read: (inside) => readJsonCall(inside),
  });

  define(tools: readonly Tool[], system = ''): Definitions {
    const blocks = tools.map((tool) => `\`\`\`json\n${pythonJson(wrapped(tool))}\n\`\`\``);
    return {
      system: `${system}${system === '' ? '' : '\n\n'}<|begin_of_tool_description|>Tool calling capabilities.
You may call one or more functions to assist with the user query. You have the following functions available:
${blocks.join('\n')}
For tool call returns, you MUST use the following format:
<tool_call>{"name": "function-name", "arguments": {"param1": "value1", "param2": "value2"}}</tool_call>
<|end_of_tool_description|>`,
    };
  }

  answer(said: string, calls: readonly Call[]): string {
    return said + calls.map((call) => `<tool_call>${jsonCall(call)}</tool_call>`).join('');
  }

  reply(answer: string, results: readonly ToolResult[], _: readonly Call[], around: TurnTexts): Reply {
    return repliedInUserTurn(answer, results, around, (all) =>
      all.map(({ content }) => `<tool_response>${content}</tool_response>`).join('\n'),
    );
  }
}
