import { agent, endsInThought, markedCalls } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult, TurnTexts } from 'swift-ts/plugin';
import { definitions, jsonCall, readJsonCall, repliedInUserTurn } from './_hermes.js';

/**
 * https://huggingface.co/NousResearch/Hermes-2-Pro-Llama-3-8B and, word for word, the chat template of Qwen2.5 and Qwen3: a line break
 * parts an answer's text from its calls, and without a system prompt nothing stands before the definitions.
 */
@agent({ id: 'hermes', summary: 'JSON between <tool_call> and </tool_call>, of Hermes and Qwen' })
export class Hermes implements Agent {
  readonly scan = markedCalls({
    open: '<tool_call>',
    close: '</tool_call>',
    read: (inside) => readJsonCall(inside),
  });

  define(tools: readonly Tool[], system = ''): Definitions {
    return {
      system: `${system}${system === '' ? '' : '\n\n'}# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
${definitions(tools)}
</tools>

For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>`,
    };
  }

  answer(said: string, calls: readonly Call[]): string {
    const gap = said === '' || said.endsWith('\n') || endsInThought(said) ? '' : '\n';
    return said + gap + calls.map((call) => `<tool_call>\n${jsonCall(call)}\n</tool_call>`).join('\n');
  }

  reply(answer: string, results: readonly ToolResult[], _: readonly Call[], around: TurnTexts): Reply {
    return repliedInUserTurn(answer, results, around, (all) =>
      all.map(({ content }) => `<tool_response>\n${content}\n</tool_response>`).join('\n'),
    );
  }
}
