/** Changed messages, by which a chat template shows where it writes the end of the one they stand for. */
import type { Message } from '../contracts/row.js';

/** Plain letters, so that no template or normalizer treats them specially. */
const MARK = 'qzxwvstandinvwxzq';

export interface StandIn {
  readonly message: Message;
  readonly mark: string;
  /** The mark's first place counts, not its last: a call's name may be repeated by what follows. */
  readonly first: boolean;
}

/** Messages that differ only in what is said last of them, the likeliest to be rendered alike first. */
export function standIns(message: Message): StandIn[] {
  const { tool_calls: calls } = message;
  if (calls === undefined || calls.length === 0) {
    const { content } = message;
    const middle = middleOf(content);
    return [MARK, content + MARK, content.slice(0, middle) + MARK + content.slice(middle)].map((changed) => ({
      message: { ...message, content: changed },
      mark: MARK,
      first: false,
    }));
  }
  const last = calls[calls.length - 1];
  const withLast = (change: Partial<typeof last.function>): Message => ({
    ...message,
    tool_calls: [...calls.slice(0, -1), { ...last, function: { ...last.function, ...change } }],
  });
  return [
    { message: withLast({ arguments: { [MARK]: MARK } }), mark: MARK, first: false },
    { message: withLast({ arguments: MARK }), mark: MARK, first: false },
    { message: withLast({ name: MARK }), mark: MARK, first: true },
  ];
}

/** Some templates look at how a content begins and ends. Never inside of a character. */
function middleOf(content: string): number {
  const middle = content.length >> 1;
  return /[\uD800-\uDBFF]/.test(content.charAt(middle - 1)) ? middle - 1 : middle;
}
