import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

const RULES =
  '\n\n【注意事项】\n1. 这是聊天室，不要发送私信给任何人\n2. 仅代表你个人说话,不要扮演其他人，只根据对话历史进行回复\n3. 长话短说，不要说太多话，不要超过50字 ';

interface Turn {
  readonly from: string;
  readonly value: string;
}

/**
 * https://modelscope.cn/datasets/iic/MSAgent-MultiRole: a chat room. The system prompt of whoever speaks next goes on with the room's
 * rules and what was said so far; the one who decides about the next speakers is asked as it stands.
 */
@dataset({
  id: 'ms-agent-multirole',
  summary: 'Chat rooms of several agents, each in its role, Chinese',
  ms: 'iic/MSAgent-MultiRole',
  tags: ['chat', 'agent', 'multi-round', 'role-play', 'multi-agent'],
})
export class MsAgentMultirole implements Preprocessor {
  toRow({ conversations: turns }: RawRow, context: PreprocessContext): StandardRow | undefined {
    if (!Array.isArray(turns) || turns.length < 2 || !turns.every(isTurn)) return undefined;
    const [first, ...rest] = turns;
    const response = rest.pop()!.value;
    if (first.from === 'user') return toStandardRow({ query: first.value, response }, context);
    const asked = first.value.includes('next_speakers:') ? first.value : inRoom(first.value, rest);
    return toStandardRow({ query: asked, response }, context);
  }
}

function inRoom(system: string, said: readonly Turn[]): string {
  const rules = system === '' || system.includes('【注意事项】') ? '' : RULES;
  return `${system}${rules}\n\n【chat history】${said.map(({ from, value }) => `\n ${from}:${value}`).join('')}`;
}

function isTurn(value: unknown): value is Turn {
  const { from, value: said } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof from === 'string' && typeof said === 'string';
}
