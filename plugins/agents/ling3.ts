import { agent, observed, pythonJson, REACT, wrapped } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult } from 'swift-ts/plugin';
import { GLM_TAGS, taggedPieces, taggedScan } from './_tagged.js';

/** Ling 3.0: names and pairs of tags, results in a turn of the role OBSERVATION. */
@agent({ id: 'ling3', summary: 'Tags of Ling 3.0: <arg_key>, <arg_value>' })
export class Ling3 implements Agent {
  readonly scan = taggedScan(GLM_TAGS);

  define(tools: readonly Tool[], system = ''): Definitions {
    const said = `# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
${tools.map((tool) => pythonJson(wrapped(tool))).join('\n')}
</tools>

If none of the functions can be used, point it out. If the given question lacks the parameters required by the function, also point it out.
If you need to use a function, for each function call, output the function name and arguments within the following XML format:
<tool_call>{function-name}
<arg_key>{arg-key-1}</arg_key>
<arg_value>{arg-value-1}</arg_value>
<arg_key>{arg-key-2}</arg_key>
<arg_value>{arg-value-2}</arg_value>
...
</tool_call>
`;
    return { system: system.trim() === '' ? said : `${system.trim()}\n${said}` };
  }

  answer(said: string, calls: readonly Call[]): string {
    return said + calls.map(called).join('\n');
  }

  reply(answer: string, results: readonly ToolResult[]): Reply {
    const said = results.map(({ content }) => `\n<tool_response>\n${content}\n</tool_response>`);
    const between = `<|role_end|><role>OBSERVATION</role>${said.join('')}<|role_end|><role>ASSISTANT</role>\n`;
    return observed(answer, results, REACT) ?? { answer, between };
  }
}

/** A line break before each value, and before the end. */
function called(call: Call): string {
  return taggedPieces(call, GLM_TAGS)
    .map((piece) => (piece.startsWith('<arg_value>') || piece === '</tool_call>' ? `\n${piece}` : piece))
    .join('');
}
