import { createInterface } from 'node:readline/promises';
import { MEDIA_FIELDS, type MediaField, type MediaKind, type MediaLists } from '../contracts/media.js';
import type { Message } from '../contracts/row.js';
import { MEDIA_TAGS, tagsIn } from '../data/preprocess/media.js';
import { isSwiftError } from '../errors.js';
import type { WrittenAnswer } from '../worker/messages.js';
import { pastedPath } from './pasted-path.js';
import { paint, renderError } from './terminal.js';

/** Who answers; `Chat`, here or in the engine's thread. */
export interface Partner {
  /** System prompt of what is asked from now on; the empty string means none. */
  system: string | undefined;
  answer(
    messages: readonly Message[],
    onText?: (text: string) => void,
    signal?: AbortSignal,
  ): Promise<WrittenAnswer>;
}

export interface ConversationOptions {
  readonly stream: boolean;
  /** What answers find in pictures is drawn; that they find nothing is said. */
  readonly draw: boolean;
  /** A base model continues text and forgets what was said before. */
  readonly isBase: boolean;
  /** What the model takes in beside text; each tag of such a kind in a message asks for one. */
  readonly media: readonly MediaKind[];
}

const HELP = [
  'exit ends, clear forgets what was said, reset-system asks for a system prompt,',
  'multi-line lets a message span lines until #, single-line goes back. Ctrl-C stops an answer.',
].join('\n');

const COMMANDS = ['exit', 'quit', 'clear', 'reset-system', 'multi-line', 'single-line'] as const;
type Command = (typeof COMMANDS)[number];

/** A conversation at the terminal; commands and prompts as SWIFT has them. */
export async function runConversation(
  partner: Partner,
  { stream, draw, isBase, media }: ConversationOptions,
): Promise<void> {
  const lines = createInterface({
    input: process.stdin,
    output: process.stderr,
    terminal: process.stdin.isTTY,
  });
  const input = new Input(lines);
  let history: Message[] = [];
  let answering: AbortController | undefined;
  // A terminal in raw mode sends no signal, so readline tells; before an answer Ctrl-C ends the conversation.
  lines.on('SIGINT', () => (answering ? answering.abort() : lines.close()));
  const tags = media.map((kind) => MEDIA_TAGS[kind]).join(' or ');
  say(
    tags === ''
      ? HELP
      : `${HELP}\n${tags} in a message asks for the path or address of one; an empty line takes the message back.`,
  );
  for (;;) {
    const text = await input.ask();
    if (text === undefined) {
      if (process.stdin.isTTY) process.stderr.write('\n');
      break;
    }
    const command = commandIn(text);
    if (command === 'exit' || command === 'quit') break;
    if (command === undefined) {
      if (text.trim() !== '') history = await turn(text);
    } else if (command === 'reset-system') {
      const system = await input.ask('S');
      if (system === undefined) break;
      partner.system = system;
      history = [];
    } else if (command === 'clear') {
      history = [];
      say('forgotten');
    } else {
      input.multiLine = command === 'multi-line';
    }
  }
  lines.close();

  async function turn(text: string): Promise<Message[]> {
    const shown = await askMedia(text);
    if (!shown) return history;
    const message: Message = { role: 'user', content: text, ...shown };
    const asked: Message[] = [...(isBase ? [] : history), message];
    answering = new AbortController();
    try {
      const write = (piece: string): boolean => process.stdout.write(piece);
      const answer = await partner.answer(asked, stream ? write : undefined, answering.signal);
      write(`${stream ? '' : answer.text}\n`);
      sayObjects(answer);
      if (draw && answer.drawn === undefined) say('nothing is drawn: the answer names no place in an image');
      say('-'.repeat(50));
      return [...asked, { role: 'assistant', content: answer.text }];
    } catch (error) {
      if (!isSwiftError(error)) throw error;
      process.stderr.write(`${renderError(error)}\n`);
      return history;
    } finally {
      answering = undefined;
    }
  }

  /** Undefined where the input ends before, or an empty line takes the message back. */
  async function askMedia(text: string): Promise<MediaLists | undefined> {
    const lists: Partial<Record<MediaField, string[]>> = {};
    for (const kind of media) {
      const wanted = tagsIn(text, kind);
      const given: string[] = [];
      while (given.length < wanted) {
        const line = await input.line(`Input ${kind === 'video' ? 'a' : 'an'} ${kind} path or URL <<< `);
        if (line === undefined) return undefined;
        if (line.trim() === '') {
          say('the message is taken back');
          return undefined;
        }
        given.push(pastedPath(line));
      }
      if (wanted > 0) lists[MEDIA_FIELDS[kind]] = given;
    }
    return lists;
  }
}

function say(text: string): void {
  process.stderr.write(`${paint(text, 'dim')}\n`);
}

/** What an answer found in the image, a line each, and where that is drawn. */
export function sayObjects({ objects, drawn }: WrittenAnswer): void {
  objects?.bbox.forEach((place, i) => say(`${objects.ref[i] || '(no name)'}: [${place.join(', ')}]`));
  if (drawn !== undefined) say(`drawn: ${drawn}`);
}

function commandIn(text: string): Command | undefined {
  const word = text.trim().toLowerCase();
  return COMMANDS.find((command) => command === word);
}

/** Lines from the terminal or a pipe; in multi-line mode an input ends with `#`. */
class Input {
  multiLine = false;
  private readonly queue: AsyncIterator<string>;
  /** At the end of a pipe lines may still be queued, but prompting a closed interface is an error from Node 24 on. */
  private closed = false;

  constructor(private readonly lines: ReturnType<typeof createInterface>) {
    this.queue = lines[Symbol.asyncIterator]();
    lines.once('close', () => (this.closed = true));
  }

  /** The next line alone, whatever the mode. Undefined at the end. */
  async line(prompt: string): Promise<string | undefined> {
    this.show(prompt);
    const { value, done } = await this.queue.next();
    return done ? undefined : value;
  }

  private show(prompt: string): void {
    this.lines.setPrompt(prompt);
    if (this.closed) process.stderr.write(prompt);
    else this.lines.prompt();
    this.lines.setPrompt('');
  }

  /** The next input; `[S]` in the prompt marks a system prompt, `[M]` several lines. Undefined at the end. */
  async ask(mark: '' | 'S' = ''): Promise<string | undefined> {
    const marks = `${this.multiLine ? 'M' : ''}${mark}`;
    let prompt = marks === '' ? '<<< ' : `<<<[${marks}] `;
    const parts: string[] = [];
    for (;;) {
      this.show(prompt);
      prompt = '';
      const { value, done } = await this.queue.next();
      if (done) return parts.length > 0 ? parts.join('\n') : undefined;
      if (!this.multiLine) return value;
      if (value.endsWith('#')) return [...parts, value.slice(0, -1)].join('\n');
      // A command is one line in either mode; nobody who types `single-line` thinks of the #.
      if (parts.length === 0 && mark === '' && commandIn(value)) return value;
      parts.push(value);
    }
  }
}
