import { beforeMarks, indentedJson, jsonEnd, observed, pythonJson, REACT, wrapped } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Scan, Tool, ToolResult } from 'swift-ts/plugin';
import { readJsonCall } from './_hermes.js';

/** The tokens of a generation of Llama. */
export interface LlamaTokens {
  readonly header: readonly [open: string, close: string];
  readonly endOfTurn: string;
  readonly endOfMessage: string;
}

/** Calls of Llama: JSON objects with `name` and `parameters`. Definitions stand in the first question. */
export abstract class LlamaAgent implements Agent {
  protected abstract readonly tokens: LlamaTokens;

  readonly scan: Scan = (text, isWhole) => {
    const { endOfMessage } = this.tokens;
    const before = beforeMarks(text, ['{', endOfMessage], isWhole);
    if (before === undefined) return undefined;
    if (before > 0) return { kind: 'text', length: before };
    if (text.startsWith(endOfMessage)) return { kind: 'calls', length: endOfMessage.length };
    const end = jsonEnd(text, 0);
    if (end === undefined) return isWhole ? { kind: 'text', length: 1 } : undefined;
    const calls = readJsonCall(text.slice(0, end), 'parameters');
    return calls ? { kind: 'calls', length: end, calls } : { kind: 'text', length: 1 };
  };

  define(tools: readonly Tool[], system = '', question: string): Definitions {
    const list = tools.map((tool) => indentedJson(wrapped(tool), 4)).join('\n\n');
    return {
      system,
      question: `Given the following functions, please respond with a JSON for a function call with its proper arguments that best answers the given prompt.

Respond in the format {"name": function name, "parameters": dictionary of argument name and its value}. Do not use variables.

${list}

${question}`,
    };
  }

  answer(said: string, calls: readonly Call[]): string {
    const lines = calls.map(({ name, arguments: parameters }) => pythonJson({ name, parameters }));
    return said + lines.join('\n');
  }

  reply(answer: string, results: readonly ToolResult[]): Reply {
    const { header, endOfTurn } = this.tokens;
    const turn = (role: string): string => `${header[0]}${role}${header[1]}\n\n`;
    const said = results.map(({ content }) => turn('tool') + content + endOfTurn);
    return (
      observed(answer, results, REACT) ?? { answer, between: endOfTurn + said.join('') + turn('assistant') }
    );
  }
}
