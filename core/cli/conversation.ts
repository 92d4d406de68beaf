import { createInterface } from 'node:readline/promises';
import type { Message } from '../contracts/row.js';
import { isSwiftError } from '../errors.js';
import type { Chat } from '../sdk/chat.js';
import { paint } from './terminal.js';

export interface ConversationOptions {
  readonly stream: boolean;
  /** A base model continues text and forgets what was said before. */
  readonly isBase: boolean;
}

const HELP =
  'exit ends, clear forgets, reset-system asks for a system prompt, multi-line and single-line switch input.';

/** A conversation at the terminal; commands and prompts as SWIFT has them. */
export async function runConversation(chat: Chat, { stream, isBase }: ConversationOptions): Promise<void> {
  const lines = createInterface({
    input: process.stdin,
    output: process.stderr,
    terminal: process.stdin.isTTY,
  });
  const input = new Input(lines);
  let system: string | undefined;
  let history: Message[] = [];
  process.stderr.write(`${paint(HELP, 'dim')}\n`);
  for (;;) {
    const text = await input.ask('<<< ');
    if (text === undefined || ['exit', 'quit'].includes(text.trim().toLowerCase())) break;
    const command = text.trim().toLowerCase();
    if (command === '') continue;
    if (command === 'clear') history = [];
    else if (command === 'multi-line') input.multiLine = true;
    else if (command === 'single-line') input.multiLine = false;
    else if (command === 'reset-system') {
      system = await input.ask('<<<[S] ');
      history = [];
    } else history = await turn(text);
  }
  lines.close();

  async function turn(text: string): Promise<Message[]> {
    const asked: Message[] = [...(isBase ? [] : history), { role: 'user', content: text }];
    const told: Message[] = system ? [{ role: 'system', content: system }, ...asked] : asked;
    try {
      const write = (piece: string): boolean => process.stdout.write(piece);
      const answer = await chat.answer(told, stream ? write : undefined);
      write(`${stream ? '' : answer.text}\n`);
      process.stderr.write(`${paint('-'.repeat(50), 'dim')}\n`);
      return [...asked, { role: 'assistant', content: answer.text }];
    } catch (error) {
      if (!isSwiftError(error)) throw error;
      process.stderr.write(`${error.render()}\n`);
      return history;
    }
  }
}

/** Lines from the terminal or a pipe; in multi-line mode an input ends with `#`. */
class Input {
  multiLine = false;
  private readonly queue: AsyncIterator<string>;

  constructor(private readonly lines: ReturnType<typeof createInterface>) {
    this.queue = lines[Symbol.asyncIterator]();
  }

  async ask(prompt: string): Promise<string | undefined> {
    this.lines.setPrompt(this.multiLine ? prompt.replace(' ', '[M] ') : prompt);
    const parts: string[] = [];
    for (;;) {
      this.lines.prompt();
      const { value, done } = await this.queue.next();
      if (done) return parts.length > 0 ? parts.join('\n') : undefined;
      if (!this.multiLine) return value;
      if (value.endsWith('#')) return [...parts, value.slice(0, -1)].join('\n');
      parts.push(value);
    }
  }
}
