import { agent, argumentValue, markedCalls, pythonJson, textOrJson, wrapped } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult, TurnTexts } from 'swift-ts/plugin';
import { repliedInUserTurn } from './_hermes.js';

/** MiniCPM5: a call is a tag with a name, an argument one inside it; text that has markup of its own stands in CDATA. */
@agent({ id: 'minicpm5', summary: 'Tags of MiniCPM5: <function name="…"><param name="…">' })
export class MiniCpm5 implements Agent {
  readonly scan = markedCalls({ open: '<function name="', close: '</function>', read: readFunction });

  define(tools: readonly Tool[], system = ''): Definitions {
    return {
      system: `${system}${system === '' ? '' : '\n\n'}# Tools

You are provided with function signatures within <tools></tools> XML tags:
<tools>
${tools.map((tool) => pythonJson(wrapped(tool))).join('\n')}
</tools>

Tool usage guidelines:
- You may call zero or more functions. If no function calls are needed, just answer normally and do not include any <function ... </function>.
- When calling a function, return an XML object within <function ... </function> using:
<function name="function-name"><param name="param-name">param-value</param></function>
- param-value may be multi-line. If it contains <, & or newline characters, wrap it in a CDATA block: <param name="param-name"><![CDATA[...multi-line value...]]></param>`,
    };
  }

  answer(said: string, calls: readonly Call[]): string {
    return said + calls.map(functionCall).join('\n');
  }

  reply(answer: string, results: readonly ToolResult[], _: readonly Call[], around: TurnTexts): Reply {
    return repliedInUserTurn(answer, results, around, (all) =>
      all.map(({ content }) => `<tool_response>\n${content}\n</tool_response>`).join('\n'),
    );
  }
}

function functionCall({ name, arguments: given }: Call): string {
  const parameters = typeof given === 'string' ? [] : Object.entries(given);
  const said = parameters.map(([key, value]) => {
    const isMarkup = typeof value === 'string' && /[<&\n]/.test(value);
    return `<param name="${key}">${isMarkup ? `<![CDATA[${value}]]>` : textOrJson(value)}</param>`;
  });
  return `<function name="${name}">${said.join('')}</function>`;
}

function readFunction(inside: string, tools: readonly Tool[]): readonly Call[] | undefined {
  const found = /^([^"]+)">(.*)$/s.exec(inside);
  if (!found) return undefined;
  const [, name, body] = found;
  const list = body.matchAll(/<param\s+name="([^"]+)">(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))<\/param>/gs);
  const values = [...list].map(([, key, data, plain]) => {
    const value = data ?? plain;
    return [key, argumentValue(value, { tools, call: name, name: key }, 'json')] as const;
  });
  return [{ name, arguments: Object.fromEntries(values) }];
}
