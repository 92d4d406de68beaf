import {
  indentedJson,
  isFields,
  jsonEnd,
  nameOf,
  observed,
  REACT,
  textOrJson,
  unwrapped,
  valueOf,
} from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Scan, Tool, ToolResult } from 'swift-ts/plugin';

const [ASSISTANT, OBSERVATION] = ['<|assistant|>', '<|observation|>'];
const MARKS = [ASSISTANT, OBSERVATION];

/** Calls of GLM-4: a line with the name, then arguments as JSON. */
export abstract class Glm4Agents implements Agent {
  readonly opensBare = true;

  /** Stands in place of the system prompt. */
  protected abstract readonly system: string;

  readonly scan: Scan = (text, isWhole, tools) => {
    const mark = MARKS.find((one) => text.startsWith(one));
    if (mark !== undefined) return { kind: 'calls', length: mark.length };
    const lineEnd = text.indexOf('\n');
    const line = lineEnd < 0 ? text : text.slice(0, lineEnd);
    const cut = Math.min(...MARKS.map((one) => line.indexOf(one)).filter((at) => at >= 0), line.length);
    if (cut < line.length) return { kind: 'text', length: cut };
    const next = text[line.length + 1];
    if (next === undefined) return isWhole ? { kind: 'text', length: text.length } : undefined;
    const none = { kind: 'text', length: line.length + 1 } as const;
    const name = line.trim();
    if (next !== '{' || !isName(name, tools)) return none;
    const end = jsonEnd(text, line.length + 1);
    if (end === undefined) return isWhole ? none : undefined;
    const given = valueOf(text.slice(line.length + 1, end));
    return isFields(given) ? { kind: 'calls', length: end, calls: [{ name, arguments: given }] } : none;
  };

  define(tools: readonly Tool[]): Definitions {
    const list = tools.map(
      (tool) =>
        `## ${nameOf(tool)}\n\n${indentedJson(unwrapped(tool), 4)}\n` +
        '在调用上述函数时，请使用 Json 格式表示调用的参数。',
    );
    return { system: `${this.system}# 可用工具\n\n${list.join('\n')}` };
  }

  answer(said: string, calls: readonly Call[]): string {
    const lines = calls.map(({ name, arguments: given }) => `${name}\n${textOrJson(given)}`);
    const open = said === '' || said.endsWith('\n') ? said : `${said}\n`;
    return open + lines.join(ASSISTANT) + OBSERVATION;
  }

  reply(answer: string, results: readonly ToolResult[]): Reply {
    const said = results.map(({ content }) => content).join(`${OBSERVATION}\n`);
    return observed(answer, results, REACT) ?? { answer, between: `\n${said}${ASSISTANT}\n` };
  }
}

/** A line of prose before a block of JSON is no name. */
function isName(name: string, tools: readonly Tool[]): boolean {
  return tools.length > 0 ? tools.some((tool) => nameOf(tool) === name) : /^[^\s`]+$/.test(name);
}
