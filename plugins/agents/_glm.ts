import { observed, pythonJson, REACT } from 'swift-ts/plugin';
import type { Agent, Call, Definitions, Reply, Tool, ToolResult } from 'swift-ts/plugin';
import { GLM_TAGS, taggedPieces, taggedScan } from './_tagged.js';

const OBSERVATION = '<|observation|>';

/** Calls of GLM-4.5 and later. An answer that calls ends with the token that opens the results. */
export abstract class GlmAgent implements Agent {
  /** Between the pieces of calls, and around results. */
  protected abstract readonly line: string;
  /** Where the format shows the model a call. */
  protected abstract readonly example: string;
  readonly scan = taggedScan({ ...GLM_TAGS, around: [OBSERVATION] });

  protected definition(tool: Tool): string {
    return pythonJson(tool);
  }

  define(tools: readonly Tool[], system = ''): Definitions {
    const said = [
      '# Tools\n\nYou may call one or more functions to assist with the user query.\n\n' +
        'You are provided with function signatures within <tools></tools> XML tags:\n<tools>',
      ...tools.map((tool) => this.definition(tool)),
      '</tools>\n\nFor each function call, output the function name and arguments within the following XML format:\n' +
        this.example,
    ].join('\n');
    if (system.trim() !== '') return { system: `${said}<|system|>\n${system.trim()}` };
    return { system: this.line === '' ? `\n${said}` : said };
  }

  answer(said: string, calls: readonly Call[]): string {
    const text = this.line === '' || said.trim() === '' ? said : said.trim() + this.line;
    return text + calls.flatMap((call) => taggedPieces(call, GLM_TAGS)).join(this.line) + OBSERVATION;
  }

  reply(answer: string, results: readonly ToolResult[]): Reply {
    const { line } = this;
    const said = results.map(
      ({ content }) => `${line}<tool_response>${line}${content}${line}</tool_response>`,
    );
    return observed(answer, results, REACT) ?? { answer, between: `${said.join('')}<|assistant|>${line}` };
  }
}

/** Without line breaks. */
export abstract class GlmAgentInOneLine extends GlmAgent {
  protected readonly line = '';
  protected readonly example =
    '<tool_call>{function-name}<arg_key>{arg-key-1}</arg_key><arg_value>{arg-value-1}</arg_value>' +
    '<arg_key>{arg-key-2}</arg_key><arg_value>{arg-value-2}</arg_value>...</tool_call>';
}
