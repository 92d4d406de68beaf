import {
  agent,
  observed,
  pythonJson,
  REACT,
  type Agent,
  type Call,
  type Definitions,
  type Reply,
  type Tool,
  type ToolResult,
} from 'swift-ts/plugin';
import { taggedPieces, taggedScan, type Tagged } from './_tagged.js';

const TAGS: Tagged = { call: 'tool_call', key: 'param_key', value: 'param_value', readsJson: true };

/** Xing 4.0: names and pairs of tags, results in a turn of observation. */
@agent({ id: 'xing4_0', summary: 'Tags of Xing 4.0: <param_key>, <param_value>' })
export class Xing4_0 implements Agent {
  readonly scan = taggedScan(TAGS);

  define(tools: readonly Tool[], system = ''): Definitions {
    return {
      system: `${system}
# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
${tools.map((tool) => pythonJson(tool)).join('\n')}
</tools>

For each function call, output the function name and arguments within the following XML format:
<tool_call>{function-name}<param_key>{param-key-1}</param_key><param_value>{param-value-1}</param_value><param_key>{param-key-2}</param_key><param_value>{param-value-2}</param_value>...</tool_call>`,
    };
  }

  answer(said: string, calls: readonly Call[]): string {
    return said + calls.flatMap((call) => taggedPieces(call, TAGS)).join('');
  }

  reply(answer: string, results: readonly ToolResult[]): Reply {
    const said = results.map(({ content }) => `<tool_response>${content}</tool_response>`);
    const between = `<_end>\n<_observation>${said.join('')}<_bot>`;
    return observed(answer, results, REACT) ?? { answer, between };
  }
}
