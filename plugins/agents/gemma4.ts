import { agent, isFields, markedCalls, observed, REACT, valueOf } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult } from 'swift-ts/plugin';
import { declared, gemmaValue, QUOTE, quoted, sorted } from './_gemma-tools.js';

const CALL = 'call:';
const bare = (name: string): string => name;

/** Gemma 4: values with a mark for quotation marks; calls, results and what follows stand in one turn. */
@agent({ id: 'gemma4', summary: 'Calls of Gemma 4: <|tool_call>call:name{…}<tool_call|>' })
export class Gemma4 implements Agent {
  readonly scan = markedCalls({
    open: '<|tool_call>',
    close: '<tool_call|>',
    around: ['<|tool_response>'],
    read: (inside) => {
      const found = /^call:([^{]+)\{(.*)\}$/s.exec(inside);
      return found ? [{ name: found[1].trim(), arguments: readFields(found[2]) }] : undefined;
    },
  });

  define(tools: readonly Tool[], system = ''): Definitions {
    return { system: system.trim() + tools.map(declared).join('') };
  }

  answer(said: string, calls: readonly Call[]): string {
    const list = calls.map(({ name, arguments: given }) => {
      const fields = typeof given === 'string' ? [] : sorted(given);
      const values = fields.map(([key, value]) => `${key}:${gemmaValue(value, bare)}`);
      return `<|tool_call>${CALL}${name}{${values.join(',')}}<tool_call|>`;
    });
    return said + list.join('');
  }

  reply(answer: string, results: readonly ToolResult[], calls: readonly Call[]): Reply {
    const said = results.map(({ content, name }, i) => {
      const of = name ?? calls[i]?.name ?? 'unknown';
      return `<|tool_response>response:${of}{value:${quoted(content)}}<tool_response|>`;
    });
    const open = '<|tool_response>';
    const closed = answer.endsWith(open) ? answer.slice(0, -open.length) : answer;
    return observed(answer, results, REACT) ?? { answer: closed, between: said.join('') };
  }
}

/** Fields as JSON: bare keys get quotation marks, outside of texts. */
function readFields(text: string): Call['arguments'] {
  const json = text
    .split(QUOTE)
    .map((part, i) =>
      i % 2 === 1
        ? JSON.stringify(part)
        : part.replace(
            /(^|[{,])\s*([A-Za-z_][\w-]*)(?=:)/g,
            (_, before: string, key: string) => `${before}"${key}"`,
          ),
    )
    .join('');
  const value = valueOf(`{${json}}`);
  return isFields(value) ? value : text;
}
