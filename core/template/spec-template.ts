import { callsOf, toolsOf } from '../agent/tools.js';
import type { Agent } from '../contracts/agent.js';
import type { Message, StandardRow } from '../contracts/row.js';
import type { EncodeOptions, EncodeResult, RelevanceWords, Template } from '../contracts/template.js';
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
import { AGENT_CURE, plainText, toConversation, upToLastAnswer } from './turns.js';
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
  agent?: Agent;

  encode(row: StandardRow, tokenizer: Tokenizer, options: EncodeOptions = {}): EncodeResult {
    refuseMedia(row);
    const text = plainText(row.messages);
    if (text === '') return { kind: 'dropped', reason: 'empty' };
    const messages = this.#marked(upToLastAnswer(row.messages));
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
    const { text, cuts } = this.#render(this.#marked(messages), tokenizer, options);
    return tokenize(text + (this.spec.generation_prefix ?? ''), [...cuts, text.length], tokenizer);
  }

  get wholeQuestions(): boolean {
    return this.spec.whole_questions === true;
  }

  get relevance(): RelevanceWords | undefined {
    return this.spec.relevance;
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
    { lead = '', loss, loss_scale }: Message,
    options: EncodeOptions,
  ): Rendered {
    const { eos_token } = tokenizer.specialTokens;
    const bos = startOf(tokenizer);
    const start = this.#start(expand(this.spec.prefix, {}, tokenizer), tokenizer);
    const head = (bos !== '' && start.startsWith(bos) ? bos : '') + lead;
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
    const says = { tools: this.agent !== undefined, thoughts: spec.thinking !== undefined };
    const { system: own, turns } = toConversation(messages, this.#name, says);
    const given = own ?? options.system ?? spec.default_system ?? undefined;
    const trimmed = (text: string): string => (spec.trim ? text.trim() : text);
    const { system, question } = this.#withTools(
      given === undefined ? given : trimmed(given),
      trimmed(turns[0]?.query ?? ''),
      options.tools,
    );
    this.#check(system, turns);
    const suffix = expand(spec.suffix, {}, tokenizer);
    let text = this.#start(
      expand((system === '' ? undefined : spec.system_prefix) ?? spec.prefix, { SYSTEM: system }, tokenizer),
      tokenizer,
    );
    text += messages[0]?.lead ?? '';
    const headEnd = text.length;
    const lastTurn = turns.length - 1;
    const systemTurn = system === '' ? -1 : spec.system_turn === 'last' ? lastTurn : 0;
    const lastQuery = turns.findLastIndex(({ results }) => results === undefined);
    const lastAnswer = turns.findLastIndex(({ response }) => response !== undefined);
    const answers: (ScaledAnswer & { readonly learned: boolean })[] = [];
    const cuts: number[] = [];
    const prompt = (turn: number, query: string): string => {
      const pieces = spec.prompt.filter((piece) => !holdsSystem(piece) || turn === systemTurn);
      return expand(pieces, { SYSTEM: system, ...round(turn), QUERY: query }, tokenizer);
    };
    turns.forEach((turn, i) => {
      // What tools gave back was said behind the answer that called them.
      if (turn.results === undefined) {
        text += prompt(i, i === 0 && question !== undefined ? question : trimmed(turn.query));
      }
      if (turn.response === undefined) return;
      const start = text.length;
      const answer = this.#answer(
        turn,
        i < lastQuery ? 'earlier' : i < lastTurn ? 'between' : 'last',
        options,
      );
      const calls = callsOf(turn.calls);
      const separator = expand(spec.chat_sep ?? [], round(i), tokenizer);
      const results = turns[i + 1]?.results;
      const reply =
        results &&
        this.agent?.reply(answer, results, calls, { separator, turn: (query) => prompt(i + 1, query) });
      const said = { RESPONSE: reply?.answer ?? answer };
      const isBare = this.agent?.opensBare === true && calls.length > 0 && turn.response === '';
      text += expand((isBare ? undefined : spec.response) ?? ['{{RESPONSE}}'], said, tokenizer);
      const query = turn.results?.map(({ content }) => content).join('\n') ?? turn.query;
      const { loss, loss_scale } = turn;
      const learned = isLearned(loss, i === lastAnswer, options.loss_scale);
      answers.push({ start, end: text.length, query, loss, loss_scale, learned });
      cuts.push(start);
      const { generation_prefix: opening = '' } = spec;
      if (opening !== '' && text.startsWith(opening, start)) cuts.push(start + opening.length);
      if (reply) text += withoutEnd(reply.between, beginningOf(spec));
      else if (i < lastTurn) text += separator;
      else if (calls.length === 0 || !this.stopWords.some((word) => answer.endsWith(word))) text += suffix;
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

  /** Messages with the mark of a step behind the last one, where none has it. */
  #marked(messages: readonly Message[]): readonly Message[] {
    const { step_mark: mark } = this.spec;
    const last = messages.at(-1);
    if (mark === undefined || !last || messages.some(({ content }) => content.includes(mark)))
      return messages;
    return [...messages.slice(0, -1), { ...last, content: last.content + mark }];
  }

  #answer({ response = '', thought, calls }: Turn, place: AnswerPlace, options: EncodeOptions): string {
    const { spec } = this;
    const answer = withThoughts(
      withThought(spec.trim ? response.trim() : response, thought, spec),
      place,
      options.thinking ?? spec.thinking ?? 'keep',
      spec,
    );
    if (calls === undefined || this.agent === undefined) return answer;
    return this.agent.answer(endedThought(answer, spec), callsOf(calls));
  }

  #start(prefix: string, tokenizer: Tokenizer): string {
    const bos = startOf(tokenizer);
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

  #withTools(
    system: string | undefined,
    question: string,
    tools: readonly unknown[] = [],
  ): { readonly system: string; readonly question?: string } {
    if (tools.length === 0) return { system: system ?? '' };
    if (this.agent !== undefined) return this.agent.define(toolsOf(tools), system, question);
    throw new SwiftError('BAD_TEMPLATE', `Template ${this.#name} cannot say tool definitions.`, {
      cure: AGENT_CURE,
    });
  }

  get #name(): string {
    return idOf(this);
  }
}

/** What a text begins with: BERT-like tokenizers call it otherwise. */
const startOf = ({ specialTokens: { bos_token, cls_token = '' } }: Tokenizer): string =>
  bos_token ?? cls_token;

/** The number of a turn, from 0 and from 1. */
const round = (turn: number): Record<string, string> => ({ ROUND0: String(turn), ROUND1: String(turn + 1) });

/** What an answer begins with by its format, ahead of its text. */
const beginningOf = ({ response: [first] = [] }: TemplateSpec): string =>
  typeof first === 'string' ? first.slice(0, Math.max(0, first.indexOf('{{RESPONSE}}'))) : '';

const withoutEnd = (text: string, end: string): string =>
  end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text;

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
  const { specialTokens } = tokenizer;
  const name = id.replace(/_id$/, '');
  // What ends a text of a BERT-like tokenizer.
  return specialTokens[name] ?? (name === 'eos_token' ? specialTokens.sep_token : undefined) ?? '';
}
