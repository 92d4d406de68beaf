import {
  REACT,
  type Agent,
  type Call,
  type Definitions,
  type Reply,
  type Tool,
  type ToolResult,
} from 'swift-ts/plugin';
import { keywordAnswer, keywordReply, keywordScan } from './_keywords.js';

/** Calls as ReAct says them (Yao et al., 2023, arXiv 2210.03629): Action, Action Input, and Observation, behind which results follow. */
export abstract class React implements Agent {
  readonly scan = keywordScan(REACT);
  readonly stopWords = [REACT.observation];

  abstract define(tools: readonly Tool[]): Definitions;

  answer(said: string, calls: readonly Call[]): string {
    return keywordAnswer(said, calls, REACT);
  }

  reply(answer: string, results: readonly ToolResult[]): Reply {
    return keywordReply(answer, results, REACT);
  }
}
