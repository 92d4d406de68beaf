import { agent, beforeMarks, inUserTurn, jsonEnd, pythonJson, wrapped } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Scan, Tool, ToolResult, TurnTexts } from 'swift-ts/plugin';
import { jsonCall, readJsonCall } from './_hermes.js';

const OPEN = '[TOOL_CALLS][';
const END = '</s>';

@agent({ id: 'mistral', summary: 'Calls of Mistral behind [TOOL_CALLS]' })
export class Mistral implements Agent {
  readonly scan: Scan = (text, isWhole) => {
    const before = beforeMarks(text, [OPEN, END], isWhole);
    if (before === undefined) return undefined;
    if (before > 0) return { kind: 'text', length: before };
    return text.startsWith(END) ? { kind: 'calls', length: END.length } : list(text, isWhole);
  };

  define(tools: readonly Tool[], system = ''): Definitions {
    const list = tools.map((tool) => pythonJson(wrapped(tool))).join(' ');
    return { system: `${system}[AVAILABLE_TOOLS]${list}[/AVAILABLE_TOOLS]` };
  }

  answer(said: string, calls: readonly Call[]): string {
    return `${said}${OPEN}\n${calls.map(jsonCall).join('\n')}\n]${END}`;
  }

  reply(answer: string, results: readonly ToolResult[], _: readonly Call[], around: TurnTexts): Reply {
    const said = results.map(({ content }) => `[TOOL_RESULTS]${pythonJson({ content })}[/TOOL_RESULTS]`);
    return inUserTurn(answer, said.join('\n'), around);
  }
}

/** Calls as JSON objects up to a closing bracket, with or without commas between them. */
function list(text: string, isWhole: boolean): ReturnType<Scan> {
  const none = { kind: 'text', length: OPEN.length } as const;
  const calls: Call[] = [];
  for (let at = OPEN.length; ;) {
    at += text.slice(at).search(/[^\s,]|$/);
    if (at === text.length) return isWhole ? none : undefined;
    if (text[at] === ']') return { kind: 'calls', length: at + 1, calls };
    if (text[at] !== '{') return none;
    const end = jsonEnd(text, at);
    if (end === undefined) return isWhole ? none : undefined;
    const read = readJsonCall(text.slice(at, end));
    if (!read) return none;
    calls.push(...read);
    at = end;
  }
}
