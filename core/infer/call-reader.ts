/** An answer that may call tools: its calls told apart from its text while it grows. */
import { CallParser } from '../agent/call-parser.js';
import { toolCalls, toolsOf } from '../agent/tools.js';
import type { Agent, Call } from '../contracts/agent.js';
import type { PromptRequest } from '../contracts/infer-backend.js';
import type { ToolCall } from '../contracts/row.js';

export interface CallReader {
  readonly stopWords: readonly string[];
  push(text: string): void;
  /** The text beside the calls, and the calls, if there are any. */
  end(): { readonly text: string; readonly tool_calls?: readonly ToolCall[] };
}

/** Undefined where no tools were given, or nobody knows how the model calls them. */
export function callReader(
  { tools = [] }: Pick<PromptRequest, 'tools'>,
  agent: Agent | undefined,
  onText?: (text: string) => void,
): CallReader | undefined {
  if (tools.length === 0 || agent === undefined) return undefined;
  const parser = new CallParser(agent, toolsOf(tools));
  const calls: Call[] = [];
  let text = '';
  const take = (parsed: ReturnType<CallParser['push']>): void => {
    calls.push(...parsed.calls);
    text += parsed.text;
    if (parsed.text !== '') onText?.(parsed.text);
  };
  return {
    stopWords: agent.stopWords ?? [],
    push: (piece) => take(parser.push(piece)),
    end() {
      take(parser.end());
      return calls.length === 0 ? { text } : { text, tool_calls: toolCalls(calls) };
    },
  };
}
