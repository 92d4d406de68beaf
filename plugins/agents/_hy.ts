import { observed, pythonJson, REACT, textOrJson, wrapped } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Scan, Tool, ToolResult } from 'swift-ts/plugin';
import { taggedScan } from './_tagged.js';

/** Calls of Hy3 as names and pairs of tags; every tag may have an ending. */
export abstract class HyAgent implements Agent {
  readonly scan: Scan;

  constructor(private readonly ending: string) {
    const tag = (name: string): string => name + ending;
    this.scan = taggedScan({
      call: tag('tool_call'),
      key: tag('arg_key'),
      value: tag('arg_value'),
      afterName: `<${tag('tool_sep')}>`,
      around: [`<${tag('tool_calls')}>`, `</${tag('tool_calls')}>`],
      readsJson: true,
    });
  }

  define(tools: readonly Tool[], system = ''): Definitions {
    const { ending: e } = this;
    return {
      system: `${system}${system === '' ? '' : '\n\n'}# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
${tools.map((tool) => pythonJson(wrapped(tool))).join('\n')}
</tools>

For function call returns, you should first print <tool_calls${e}>
For each function call, you should return object like:
<tool_call${e}>{function-name}<tool_sep${e}>
<arg_key${e}>{arg-key-1}</arg_key${e}>
<arg_value${e}>{arg-value-1}</arg_value${e}>
<arg_key${e}>{arg-key-2}</arg_key${e}>
<arg_value${e}>{arg-value-2}</arg_value${e}>
...
</tool_call${e}>
At the end of function call returns, you should print </tool_calls${e}>`,
    };
  }

  answer(said: string, calls: readonly Call[]): string {
    const { ending: e } = this;
    const list = calls.map(({ name, arguments: given }) => {
      const pairs = typeof given === 'string' ? [] : Object.entries(given);
      const lines = pairs.map(
        ([key, value]) =>
          `<arg_key${e}>${key}</arg_key${e}>\n<arg_value${e}>${textOrJson(value)}</arg_value${e}>`,
      );
      return `<tool_call${e}>${name}<tool_sep${e}>\n${lines.join('\n')}\n</tool_call${e}>`;
    });
    return `${said}<tool_calls${e}>\n${list.join('\n')}\n</tool_calls${e}>`;
  }

  reply(answer: string, results: readonly ToolResult[]): Reply {
    const { ending: e } = this;
    const said = results.map(({ content }) => `<tool_response${e}>\n${content}\n</tool_response${e}>`);
    const all = `<tool_responses${e}>\n${said.join('\n')}\n</tool_responses${e}>`;
    const between = `<｜hy_eos${e}｜>${all}<｜hy_Assistant${e}｜>`;
    return observed(answer, results, REACT) ?? { answer, between };
  }
}
