import {
  agent,
  isFields,
  markedCalls,
  nameOf,
  observed,
  pythonJson,
  REACT,
  textOrJson,
  unwrapped,
  valueOf,
} from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult } from 'swift-ts/plugin';

const SEPARATOR = '<｜tool▁sep｜>';

/** https://huggingface.co/deepseek-ai/DeepSeek-V3.1/blob/main/assets/chat_template.jinja. The answer goes on behind the results. */
@agent({
  id: 'deepseek_v3_1',
  summary: 'Calls of DeepSeek-V3.1 between <｜tool▁call▁begin｜> and <｜tool▁call▁end｜>',
})
export class DeepseekV3_1Agent implements Agent {
  readonly scan = markedCalls({
    open: '<｜tool▁call▁begin｜>',
    close: '<｜tool▁call▁end｜>',
    around: ['<｜tool▁calls▁begin｜>', '<｜tool▁calls▁end｜>'],
    read: (inside) => {
      const at = inside.indexOf(SEPARATOR);
      const given = at < 0 ? undefined : valueOf(inside.slice(at + SEPARATOR.length).trim());
      return isFields(given) ? [{ name: inside.slice(0, at).trim(), arguments: given }] : undefined;
    },
  });

  define(tools: readonly Tool[], system = ''): Definitions {
    const list = tools.map((tool) => {
      const { description = '', parameters = {} } = unwrapped(tool);
      return `### ${nameOf(tool)}\nDescription: ${String(description)}\n\nParameters: ${pythonJson(parameters)}`;
    });
    return {
      system: `${system}

## Tools
You have access to the following tools:

${list.join('\n\n')}

IMPORTANT: ALWAYS adhere to this exact format for tool use:
<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>tool_call_name<｜tool▁sep｜>tool_call_arguments<｜tool▁call▁end｜>{additional_tool_calls}<｜tool▁calls▁end｜>

Where:
- \`tool_call_name\` must be an exact match to one of the available tools
- \`tool_call_arguments\` must be valid JSON that strictly follows the tool's Parameters Schema
- For multiple tool calls, chain them directly without separators or spaces`,
    };
  }

  answer(said: string, calls: readonly Call[]): string {
    const list = calls.map(
      ({ name, arguments: given }) =>
        `<｜tool▁call▁begin｜>${name}${SEPARATOR}${textOrJson(given)}<｜tool▁call▁end｜>`,
    );
    return `${said}<｜tool▁calls▁begin｜>${list.join('')}<｜tool▁calls▁end｜>`;
  }

  reply(answer: string, results: readonly ToolResult[]): Reply {
    const said = results.map(({ content }) => `<｜tool▁output▁begin｜>${content}<｜tool▁output▁end｜>`);
    const between = `<｜end▁of▁sentence｜>${said.join('')}`;
    return observed(answer, results, REACT) ?? { answer, between };
  }
}
