import type { Message, StandardRow } from '../contracts/row.js';
import type { EncodeOptions, EncodeResult, Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import { idOf } from '../plugin-id.js';
import { encodeRendered } from './encode.js';
import { isLearned, weightedStretches, type ScaledAnswer } from './loss-scaling.js';
import { refuseMedia } from './media.js';
import type { Rendered } from './encode.js';
import type { SpecPiece, TemplateSpec } from './spec.js';
import { endedThought, withThought, withThoughts, type AnswerPlace } from './thinking.js';
import { tokenize } from './tokenize.js';
import { resultsTurn, withCalls, withDefinitions } from './tools.js';
import { OWN_FORMAT_CURE, plainText, toConversation, upToLastAnswer } from './turns.js';
import type { Turn } from './turns.js';

/**
 * A template given as data. Layout: `system ? system_prefix : prefix`, then per turn prompt, answer, and chat_sep
 * or, after the last answer, suffix.
 *
 * Supervised are the answers and the end of turn after each: the suffix, wherever the text goes on with it (so a
 * separator that is not the stop token is not learned, and a next turn whose first token is the stop is, that far).
 * An answer is all that follows the prompt: thoughts, also empty ones that `--thinking` adds, and calls of tools.
 * The conversation is tokenized as one text that no token crosses where an answer begins, so its ids are those of the
 * rendering by the model's own chat template, and begin with those of the prompt.
 */
export abstract class SpecTemplate implements Template {
  abstract readonly spec: TemplateSpec;

  encode(row: StandardRow, tokenizer: Tokenizer, options: EncodeOptions = {}): EncodeResult {
    refuseMedia(row);
    const text = plainText(row.messages);
    if (text === '') return { kind: 'dropped', reason: 'empty' };
    const messages = upToLastAnswer(row.messages);
    if (messages.length === 0) return { kind: 'dropped', reason: 'no_supervised_tokens' };
    const rendered =
      text === undefined
        ? this.#render(messages, tokenizer, { ...options, tools: row.tools })
        : this.#renderText(text, tokenizer, row.messages[0], options);
    const all = text !== undefined || options.supervise === 'all';
    return encodeRendered(
      all ? { ...rendered, supervised: [[0, rendered.text.length]] } : rendered,
      tokenizer,
      options,
    );
  }

  prompt(messages: readonly Message[], tokenizer: Tokenizer, options: EncodeOptions = {}): number[] {
    if (messages.at(-1)?.role === 'assistant') {
      throw new SwiftError('BAD_TEMPLATE', 'A prompt must not end with an assistant message.', {
        cure: 'Leave the last assistant message out: its place is where the model answers.',
      });
    }
    const { text, cuts } = this.#render(messages, tokenizer, options);
    return tokenize(text + (this.spec.generation_prefix ?? ''), [...cuts, text.length], tokenizer);
  }

  get stopWords(): readonly string[] {
    const last = this.spec.suffix.at(-1);
    const stop = typeof last === 'string' ? last.trim() : '';
    return [...new Set([stop, ...(this.spec.stop_words ?? [])])].filter((word) => word !== '');
  }

  stopIds(tokenizer: Tokenizer): number[] {
    const last = this.spec.suffix.at(-1);
    const listed = Array.isArray(last) ? [tokenizer.tokenToId(expand([last], {}, tokenizer))] : [];
    const words = this.stopWords.map((word) => tokenizer.tokenToId(word));
    const own = [tokenizer.eos_token_id, ...(tokenizer.eos_token_ids ?? [])];
    return [...new Set([...listed, ...words, ...own])].filter((id) => id !== undefined);
  }

  /** Pre-training text has no chat format around it: BOS where the format or the tokenizer has one, text, EOS. */
  #renderText(
    text: string,
    tokenizer: Tokenizer,
    { loss, loss_scale }: Message,
    options: EncodeOptions,
  ): Rendered {
    const { bos_token: bos = '', eos_token } = tokenizer.specialTokens;
    const start = this.#start(expand(this.spec.prefix, {}, tokenizer), tokenizer);
    const head = bos !== '' && start.startsWith(bos) ? bos : '';
    const whole = head + text + (eos_token ?? expand(this.spec.suffix, {}, tokenizer));
    const answer = { start: head.length, end: head.length + text.length, query: '', loss, loss_scale };
    return {
      text: whole,
      supervised: [],
      weights: weightedStretches(whole, [answer], options.loss_scale),
      headEnd: head.length,
    };
  }

  #render(
    messages: readonly Message[],
    tokenizer: Tokenizer,
    options: EncodeOptions,
  ): Rendered & { readonly cuts: readonly number[] } {
    const { spec } = this;
    const says = { tools: spec.tools !== undefined, thoughts: spec.thinking !== undefined };
    const { system: own, turns } = toConversation(messages, this.#name, says);
    const given = own ?? options.system ?? spec.default_system ?? '';
    const system = this.#withTools(spec.trim ? given.trim() : given, options.tools);
    this.#check(system, turns);
    const suffix = expand(spec.suffix, {}, tokenizer);
    let text = this.#start(
      expand((system === '' ? undefined : spec.system_prefix) ?? spec.prefix, { SYSTEM: system }, tokenizer),
      tokenizer,
    );
    const headEnd = text.length;
    const lastTurn = turns.length - 1;
    const systemTurn = system === '' ? -1 : spec.system_turn === 'last' ? lastTurn : 0;
    const lastQuery = turns.findLastIndex(({ results }) => results === undefined);
    const lastAnswer = turns.findLastIndex(({ response }) => response !== undefined);
    const answers: (ScaledAnswer & { readonly learned: boolean })[] = [];
    const cuts: number[] = [];
    turns.forEach((turn, i) => {
      const round = { ROUND0: String(i), ROUND1: String(i + 1) };
      const prompt = spec.prompt.filter((piece) => !holdsSystem(piece) || i === systemTurn);
      text += expand(prompt, { SYSTEM: system, ...round, QUERY: this.#query(turn) }, tokenizer);
      if (turn.response === undefined) return;
      const start = text.length;
      const answer = this.#answer(
        turn,
        i < lastQuery ? 'earlier' : i < lastTurn ? 'between' : 'last',
        options,
      );
      text += expand(spec.response ?? ['{{RESPONSE}}'], { RESPONSE: answer }, tokenizer);
      const query = turn.results?.join('\n') ?? turn.query;
      const { loss, loss_scale } = turn;
      const learned = isLearned(loss, i === lastAnswer, options.loss_scale);
      answers.push({ start, end: text.length, query, loss, loss_scale, learned });
      cuts.push(start);
      const { generation_prefix: opening = '' } = spec;
      if (opening !== '' && text.startsWith(opening, start)) cuts.push(start + opening.length);
      text += i === lastTurn ? suffix : expand(spec.chat_sep ?? [], round, tokenizer);
    });
    const endOfTurn = (at: number): number => (text.startsWith(suffix, at) ? at + suffix.length : at);
    return {
      text,
      supervised: answers.filter(({ learned }) => learned).map(({ start, end }) => [start, endOfTurn(end)]),
      weights: weightedStretches(text, answers, options.loss_scale),
      headEnd,
      cuts,
    };
  }

  #query({ query, results }: Turn): string {
    const { trim, tools } = this.spec;
    if (results !== undefined && tools !== undefined) return resultsTurn(results, tools);
    return trim ? query.trim() : query;
  }

  #answer({ response = '', thought, calls }: Turn, place: AnswerPlace, options: EncodeOptions): string {
    const { spec } = this;
    const answer = withThoughts(
      withThought(spec.trim ? response.trim() : response, thought, spec),
      place,
      options.thinking ?? spec.thinking ?? 'keep',
      spec,
    );
    if (calls === undefined || spec.tools === undefined) return answer;
    return withCalls(endedThought(answer, spec), calls, spec.tools);
  }

  #start(prefix: string, tokenizer: Tokenizer): string {
    const { bos_token: bos = '' } = tokenizer.specialTokens;
    return this.spec.auto_add_bos && tokenizer.addsBos && !prefix.startsWith(bos) ? bos + prefix : prefix;
  }

  #check(system: string, turns: readonly Turn[]): void {
    const { spec } = this;
    if (system !== '' && spec.system_prefix === null && !spec.prompt.some(holdsSystem)) {
      throw new SwiftError('BAD_TEMPLATE', `Template ${this.#name} cannot say a system prompt.`, {
        cure: 'Remove the system message and --system, or choose a template that has a system prompt.',
      });
    }
    if (turns.length > 1 && spec.chat_sep === null) {
      throw new SwiftError(
        'BAD_TEMPLATE',
        `Template ${this.#name} has one turn only; the row has ${turns.length}.`,
        {
          cure: 'Choose a chat template, or split the conversation into rows of one question and one answer.',
        },
      );
    }
  }

  #withTools(system: string, tools: readonly unknown[] = []): string {
    if (tools.length === 0) return system;
    if (this.spec.tools !== undefined) return withDefinitions(system, tools, this.spec.tools);
    throw new SwiftError('BAD_TEMPLATE', `Template ${this.#name} cannot say tool definitions.`, {
      cure: OWN_FORMAT_CURE,
    });
  }

  get #name(): string {
    return idOf(this);
  }
}

const holdsSystem = (piece: SpecPiece): boolean => typeof piece === 'string' && piece.includes('{{SYSTEM}}');

/** Fills in a field. A placeholder inside content is content: each piece is scanned once. */
function expand(pieces: readonly SpecPiece[], vars: Record<string, string>, tokenizer: Tokenizer): string {
  return pieces
    .map((piece) =>
      typeof piece === 'string'
        ? piece.replace(/\{\{([A-Z0-9]+)\}\}/g, (whole, name: string) => vars[name] ?? whole)
        : piece.map((id) => tokenText(id, tokenizer)).join(''),
    )
    .join('');
}

/** Text of a token id or of an attribute such as `eos_token_id`; nothing where the tokenizer has no such token. */
function tokenText(id: number | string, tokenizer: Tokenizer): string {
  if (typeof id === 'number') return tokenizer.idToToken(id) ?? '';
  return tokenizer.specialTokens[id.replace(/_id$/, '')] ?? '';
}
