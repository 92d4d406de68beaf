import { afterThought, agent } from 'swift-ts/plugin';
import type { Call, Definitions, Tool, ToolResult } from 'swift-ts/plugin';
import { definitions } from './_hermes.js';
import { functionCalls, INSTRUCTIONS, QwenCoderAgent } from './_qwen-coder.js';

/** Calls of Qwen3-Coder, definitions as JSON before the system prompt. */
@agent({ id: 'qwen3_5', summary: 'Tags of Qwen3.5: <function=…>, <parameter=…>' })
export class Qwen3_5Agent extends QwenCoderAgent {
  define(tools: readonly Tool[], system = ''): Definitions {
    const said = `# Tools\n\nYou have access to the following functions:\n\n<tools>\n${definitions(tools)}\n${INSTRUCTIONS}`;
    return { system: system === '' ? said : `${said}\n\n${system}` };
  }

  answer(said: string, calls: readonly Call[]): string {
    return said + (afterThought(said).trim() === '' ? '' : '\n\n') + functionCalls(calls);
  }

  protected said(results: readonly ToolResult[]): string {
    return results.map(({ content }) => `<tool_response>\n${content}\n</tool_response>`).join('\n');
  }
}
