/** The template of a checkpoint that ships a Jinja chat template. */
import type { Agent } from '../contracts/agent.js';
import type { Message, StandardRow } from '../contracts/row.js';
import type { EncodeOptions, EncodeResult, Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import { ChatView } from './chat-view.js';
import type { ChatRenderer } from './chat-view.js';
import { encodeRendered, isTooLong } from './encode.js';
import { weightedStretches } from './loss-scaling.js';
import { refuseMedia } from './media.js';
import { withMarksAsText } from './generation-marks.js';
import { jinjaRenderer } from './jinja-engine.js';
import { tokenize } from './tokenize.js';
import { plainText, upToLastAnswer } from './turns.js';

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
  try {
    const marked = withMarksAsText(source);
    return new JinjaTemplate(
      await jinjaRenderer(source),
      marked === undefined ? undefined : await jinjaRenderer(marked),
      source,
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SwiftError('BAD_TEMPLATE', `The checkpoint's chat template cannot be read: ${reason}`, {
      cure: 'Name a template with --template_type; `swift list templates` shows them.',
      cause,
    });
  }
}

const MANY_MESSAGES = 50;

/**
 * The model's own chat template. What is learned is what the model writes: what the template marks as such, else what
 * {@link AnswerSpans} finds. Says tools, calls, thoughts and all other fields of messages, or refuses them.
 */
export class JinjaTemplate implements Template {
  readonly stopWords: readonly string[] = [];
  /** Reads calls out of answers; what is said, the chat template says itself. */
  agent?: Agent;

  /**
   * `marked` renders the same text with the marks of {@link withMarksAsText} in it; `source` is the Jinja that `renderer`
   * renders, where it is made of one.
   */
  constructor(
    private readonly renderer: ChatRenderer,
    private readonly marked?: ChatRenderer,
    readonly source?: string,
  ) {}

  encode(row: StandardRow, tokenizer: Tokenizer, options: EncodeOptions = {}): EncodeResult {
    refuseMedia(row);
    const { bos_token: bos = '', eos_token: eos = '' } = tokenizer.specialTokens;
    const plain = plainText(row.messages);
    if (plain === '') return { kind: 'dropped', reason: 'empty' };
    if (plain !== undefined) {
      const text = (tokenizer.addsBos ? bos : '') + plain + eos;
      const start = text.length - plain.length - eos.length;
      const [{ loss, loss_scale }] = row.messages;
      const answer = { start, end: start + plain.length, query: '', loss, loss_scale };
      const weights = weightedStretches(text, [answer], options.loss_scale);
      return encodeRendered(
        { text, supervised: [[0, text.length]], weights, headEnd: 0 },
        tokenizer,
        options,
      );
    }
    if (options.thinking !== undefined) throw decidesItself(options.thinking);
    const messages = upToLastAnswer(withSystem(row.messages, options.system));
    if (!messages.some(({ role }) => role === 'assistant')) {
      return { kind: 'dropped', reason: 'no_supervised_tokens' };
    }
    const view = new ChatView(this.renderer, messages, row.tools, tokenizer, this.marked);
    // Finding answers renders a conversation several times for each.
    if (messages.length > MANY_MESSAGES && isTooLong(view.whole(), tokenizer, options)) {
      return { kind: 'dropped', reason: 'too_long' };
    }
    return encodeRendered(
      view.rendered(options.supervise ?? 'assistant', options.loss_scale),
      tokenizer,
      options,
    );
  }

  prompt(messages: readonly Message[], tokenizer: Tokenizer, options: EncodeOptions = {}): number[] {
    const asked = withSystem(messages, options.system);
    const { text, cuts } = new ChatView(this.renderer, asked, options.tools, tokenizer, this.marked).prompt();
    return tokenize(text, cuts, tokenizer);
  }

  stopIds({ eos_token_id, eos_token_ids = [] }: Tokenizer): number[] {
    return [...new Set([eos_token_id, ...eos_token_ids])].filter((id) => id !== undefined);
  }
}

function withSystem(messages: readonly Message[], system: string | undefined): readonly Message[] {
  if (system === undefined || system === '' || messages[0]?.role === 'system') return messages;
  return [{ role: 'system', content: system }, ...messages];
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
