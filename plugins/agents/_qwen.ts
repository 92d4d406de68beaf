import type { Agent, Call, Definitions, Keywords, Reply, Tool, ToolResult } from 'swift-ts/plugin';
import { described } from './_described.js';
import { keywordAnswer, keywordReply, keywordScan } from './_keywords.js';

const QWEN: Keywords = { action: '✿FUNCTION✿:', input: '✿ARGS✿:', observation: '✿RESULT✿:' };

/** Calls as Qwen-Agent says them: https://github.com/QwenLM/Qwen-Agent/blob/main/qwen_agent/llm/fncall_prompts/qwen_fncall_prompt.py */
export abstract class QwenAgent implements Agent {
  readonly scan = keywordScan(QWEN, ['✿RETURN✿:']);
  readonly stopWords = [QWEN.observation];

  abstract define(tools: readonly Tool[], system: string | undefined): Definitions;

  answer(said: string, calls: readonly Call[]): string {
    return keywordAnswer(said, calls, QWEN);
  }

  reply(answer: string, results: readonly ToolResult[]): Reply {
    return keywordReply(answer, results, QWEN);
  }
}

/** A tool under its name, and what its parameters are called. */
export function listed(tools: readonly Tool[], parametersAre: string, ending: string): string {
  return tools
    .map(described)
    .map(
      ({ name, title, description, parameters }) =>
        `### ${title}\n\n${name}: ${description} ${parametersAre}${parameters} ${ending}`,
    )
    .join('\n\n');
}
