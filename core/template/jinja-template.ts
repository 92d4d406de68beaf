import type { Message, StandardRow } from '../contracts/row.js';
import type { EncodeOptions, EncodeResult, Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import { encodeRendered } from './encode.js';
import type { Rendered } from './encode.js';
import { FIXED_DATE, withFixedDate } from './fixed-date.js';
import { plainText, upToLastAnswer } from './turns.js';

/** Renders a conversation by a chat template. Must be pure. */
export type ChatRenderer = (variables: Record<string, unknown>) => string;

/**
 * The template of a checkpoint that ships `chat_template`.
 *
 * @throws SwiftError BAD_TEMPLATE when there is none, or it is not Jinja.
 */
export async function createJinjaTemplate(tokenizer: Tokenizer): Promise<Template> {
  const source = tokenizer.chat_template;
  if (source === undefined) {
    throw new SwiftError('BAD_TEMPLATE', 'The checkpoint has no chat template of its own.', {
      cure: 'Name a template with --template_type; `swift list templates` shows them.',
    });
  }
  const { Template: Jinja } = await import('@huggingface/jinja');
  try {
    const jinja = new Jinja(withFixedDate(source));
    return new JinjaTemplate((variables) => jinja.render(variables));
  } catch (cause) {
    throw new SwiftError(
      'BAD_TEMPLATE',
      `The checkpoint's chat template cannot be read: ${reasonOf(cause)}`,
      {
        cure: 'Name a template with --template_type; `swift list templates` shows them.',
        cause,
      },
    );
  }
}

/**
 * The model's own chat template. It marks no answers, so they are found by rendering: what a longer conversation
 * adds to the prompt before an answer is that answer, its end of turn included. Says tools and tool calls.
 */
export class JinjaTemplate implements Template {
  readonly stopWords: readonly string[] = [];

  constructor(private readonly renderer: ChatRenderer) {}

  encode(row: StandardRow, tokenizer: Tokenizer, options: EncodeOptions = {}): EncodeResult {
    const { bos_token: bos = '', eos_token: eos = '' } = tokenizer.specialTokens;
    const plain = plainText(row.messages);
    if (plain === '') return { kind: 'dropped', reason: 'empty' };
    if (plain !== undefined) {
      const text = (tokenizer.addsBos ? bos : '') + plain + eos;
      return encodeRendered({ text, supervised: [[0, text.length]], headEnd: 0 }, tokenizer, options);
    }
    if (options.thinking !== undefined) throw decidesItself(options.thinking);
    const messages = upToLastAnswer(withSystem(row.messages, options.system));
    if (!messages.some(({ role }) => role === 'assistant')) {
      return { kind: 'dropped', reason: 'no_supervised_tokens' };
    }
    const view = new View(this.renderer, messages, row.tools, tokenizer);
    return encodeRendered(view.rendered(options.supervise ?? 'assistant'), tokenizer, options);
  }

  prompt(messages: readonly Message[], tokenizer: Tokenizer, options: EncodeOptions = {}): number[] {
    const view = new View(this.renderer, withSystem(messages, options.system), options.tools, tokenizer);
    return tokenizer.encode(view.render(view.messages, true));
  }

  stopIds({ eos_token_id, eos_token_ids = [] }: Tokenizer): number[] {
    return [...new Set([eos_token_id, ...eos_token_ids])].filter((id) => id !== undefined);
  }
}

function withSystem(messages: readonly Message[], system: string | undefined): readonly Message[] {
  if (system === undefined || system === '' || messages[0]?.role === 'system') return messages;
  return [{ role: 'system', content: system }, ...messages];
}

/** A stand-in for an answer. Plain letters, so that no template or normalizer treats it specially. */
const STAND_IN = 'qzxwvstandinvwxzq';

/** One conversation and what rendering parts of it tells. */
class View {
  readonly messages: readonly Message[];
  #text: string | undefined;

  constructor(
    private readonly renderer: ChatRenderer,
    messages: readonly Message[],
    private readonly tools: readonly unknown[] | undefined,
    private readonly tokenizer: Tokenizer,
  ) {
    this.messages = messages.map(withArgumentObjects);
  }

  /** The whole conversation. */
  get text(): string {
    return (this.#text ??= this.render(this.messages, false));
  }

  render(messages: readonly Message[], add_generation_prompt: boolean): string {
    const variables = {
      ...this.tokenizer.specialTokens,
      ...FIXED_DATE,
      messages,
      tools: this.tools,
      add_generation_prompt,
    };
    try {
      return this.renderer(variables);
    } catch (cause) {
      throw new SwiftError('BAD_TEMPLATE', `The model's chat template refuses this row: ${reasonOf(cause)}`, {
        cure: 'Change the row to what the template can say, or name another template with --template_type.',
        cause,
      });
    }
  }

  /** The text up to the end of the last answer: some templates add a generation prompt that nobody asked for. */
  rendered(supervise: 'assistant' | 'all'): Rendered {
    const { bos_token: bos = '' } = this.tokenizer.specialTokens;
    const headEnd = this.text.startsWith(bos) ? bos.length : 0;
    if (supervise === 'all') return { text: this.text, supervised: [[0, this.text.length]], headEnd };
    const answers = this.messages.flatMap(({ role, loss }, i) =>
      role === 'assistant' ? [{ loss: loss ?? true, range: this.#answer(i) }] : [],
    );
    return {
      text: this.text.slice(0, answers.at(-1)?.range[1]),
      supervised: answers.filter(({ loss }) => loss).map(({ range }) => range),
      headEnd,
    };
  }

  /** The stretch of one answer, its end of turn included. */
  #answer(i: number): [number, number] {
    const prompt = this.render(this.messages.slice(0, i), true);
    const upTo = this.render(this.messages.slice(0, i + 1), false);
    const probe = this.#probe(i);
    const start = this.text.startsWith(prompt) ? prompt.length : probe?.[0];
    const contentEnd = probe?.[1] ?? start;
    const turnEnd = this.text.startsWith(upTo) ? upTo.length : this.text.length;
    if (start === undefined || contentEnd === undefined || turnEnd < start) {
      throw new SwiftError(
        'BAD_TEMPLATE',
        `messages[${i}]: cannot tell where the answer stands in the chat template.`,
        {
          cure: 'Name a template with --template_type; `swift list templates` shows them.',
        },
      );
    }
    return [start, this.#stopAfter(Math.max(start, contentEnd), turnEnd)];
  }

  /** Where the content stands, found by putting other content there; undefined when more than that changes. */
  #probe(i: number): [number, number] | undefined {
    const { content, tool_calls } = this.messages[i];
    if (content === '' || tool_calls !== undefined) return undefined;
    const other = this.render(
      this.messages.map((message, j) => (j === i ? { ...message, content: STAND_IN } : message)),
      false,
    );
    const at = other.indexOf(STAND_IN);
    if (at < 0) return undefined;
    const after = other.length - at - STAND_IN.length;
    const end = this.text.length - after;
    const same =
      this.text.startsWith(other.slice(0, at)) && this.text.endsWith(other.slice(other.length - after));
    return same && end >= at ? [at, end] : undefined;
  }

  /** End of the first stop token between the content and the end of the turn, else the end of the turn. */
  #stopAfter(contentEnd: number, turnEnd: number): number {
    const { eos_token_id, eos_token_ids = [], addedTokens = [] } = this.tokenizer;
    const stops = [eos_token_id, ...eos_token_ids].flatMap((id) =>
      id === undefined ? [] : [this.tokenizer.idToToken(id) ?? ''],
    );
    for (const tokens of [stops, addedTokens]) {
      const ends = tokens
        .filter((token) => token !== '')
        .map((token) => ({ at: this.text.indexOf(token, contentEnd), length: token.length }))
        .filter(({ at, length }) => at >= 0 && at + length <= turnEnd)
        .sort((a, b) => a.at - b.at || b.length - a.length);
      if (ends.length > 0) return ends[0].at + ends[0].length;
    }
    return contentEnd + this.text.slice(contentEnd, turnEnd).trimEnd().length;
  }
}

/** Chat templates expect tool arguments as objects; OpenAI's shape has them as JSON text. */
function withArgumentObjects(message: Message): Message {
  if (message.tool_calls === undefined) return message;
  const tool_calls = message.tool_calls.map((call) => {
    const { arguments: given } = call.function;
    return typeof given === 'string'
      ? { ...call, function: { ...call.function, arguments: parsed(given) } }
      : call;
  });
  return { ...message, tool_calls };
}

function parsed(text: string): string | Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return text;
  }
}

/** A Jinja template cannot be told what becomes of thoughts. */
const decidesItself = (thinking: string): SwiftError =>
  new SwiftError(
    'BAD_TEMPLATE',
    `--thinking ${thinking}: the checkpoint's own chat template decides about thoughts itself.`,
    {
      cure: 'Leave --thinking out, or name a template with --template_type; `swift list templates` shows them.',
    },
  );

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
