import type { Message } from 'swift-ts/plugin';

/** Who speaks after a mark at the start of a paragraph. */
const MARK = /(?:^|\n\n)(Human|Assistant): ?/;

/** The turns of a transcript whose paragraphs begin with `Human:` or `Assistant:`; undefined for any other text. */
export function transcriptMessages(text: string): Message[] | undefined {
  const [before, ...parts] = text.split(MARK);
  if (before.trim() !== '' || parts.length === 0) return undefined;
  const messages: Message[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    messages.push({ role: parts[i] === 'Human' ? 'user' : 'assistant', content: parts[i + 1].trim() });
  }
  return messages;
}
