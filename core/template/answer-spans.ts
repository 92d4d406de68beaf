/** Where the answers stand in a conversation that a checkpoint's own chat template rendered. */
import type { Message } from '../contracts/row.js';
import { SwiftError } from '../errors.js';
import { standIns } from './stand-ins.js';
import type { StandIn } from './stand-ins.js';
import type { TextUnits } from './text-units.js';

/** Renders messages, with the prompt for an answer behind them or not. */
export type Render = (messages: readonly Message[], add_generation_prompt?: boolean) => string;

export type Span = readonly [start: number, end: number];

/** What a prompt may hold that an earlier turn has lost, in the words of models: `<think>`, `[THINK]`, `<|channel>thought`. */
const OPENS_THOUGHT = /^\S*(?:think|thought|reason)/i;

/**
 * Where a conversation goes on from its own beginning, an answer begins where the prompt for it ends. Else it is found by
 * rendering the conversation with one message changed. What stands behind the changed part is the same text as before, so
 * it is measured from the end:
 *
 * - An answer begins where the text behind the message before it parts from the prompt for this answer.
 * - It ends with the stop that stands behind it both in the whole conversation and where the conversation ends there.
 */
export class AnswerSpans {
  readonly #rendered = new WeakMap<StandIn, Map<string, string | undefined>>();

  constructor(
    private readonly messages: readonly Message[],
    private readonly text: string,
    private readonly render: Render,
    private readonly units: TextUnits,
  ) {}

  /**
   * The stretch of the answer `messages[i]`: all that the model writes, from behind the prompt through its stop.
   * Undefined when the text does not tell.
   */
  span(i: number): Span | undefined {
    const start = this.start(i);
    const end = (start === undefined ? undefined : this.#plainEnd(i, start)) ?? this.#end(i);
    return start === undefined || end === undefined || end < start ? undefined : [start, end];
  }

  /** Where the answer begins; undefined when the text does not tell. */
  start(i: number): number | undefined {
    if (i === 0) {
      const prompt = attempt(() => this.render([], true));
      return prompt === undefined ? undefined : this.#parting(this.text, prompt);
    }
    const prompt = this.#plainPrompt(i);
    if (prompt !== undefined) return prompt.length;
    for (const standIn of standIns(this.messages[i - 1])) {
      const tail = this.#tail(this.messages, i - 1, standIn, false);
      const prompt = this.#tail(this.messages.slice(0, i), i - 1, standIn, true);
      if (tail === undefined || prompt === undefined) continue;
      const parting = this.#parting(tail, prompt);
      if (parting !== undefined && this.text.endsWith(tail.slice(parting))) {
        return this.text.length - tail.length + parting;
      }
    }
    return undefined;
  }

  /** The prompt for an answer where the text begins with it, and it says the message before: as a rule, and in one rendering. */
  #plainPrompt(i: number): string | undefined {
    const { content, tool_calls } = this.messages[i - 1];
    if (tool_calls !== undefined || content.trim() === '') return undefined;
    const prompt = attempt(() => this.render(this.messages.slice(0, i), true));
    return prompt?.includes(content.trim()) && this.text.startsWith(prompt) ? prompt : undefined;
  }

  /**
   * How far the prompt stands in the text. Where not all of it does (a thought that it opens left earlier turns), the
   * text parts from it where the part begins that is not there.
   */
  #parting(text: string, prompt: string): number | undefined {
    const common = commonPrefix(text, prompt);
    if (common === prompt.length) return common;
    const start = this.units.lastStart(prompt, common);
    return start !== undefined && OPENS_THOUGHT.test(prompt.slice(start)) ? start : undefined;
  }

  /** End of an answer that stands there as it is, and does where the conversation ends with it; else undefined. */
  #plainEnd(i: number, start: number): number | undefined {
    const { content, tool_calls } = this.messages[i];
    if (tool_calls !== undefined || !this.text.startsWith(content, start)) return undefined;
    const behind = start + content.length;
    const last =
      i === this.messages.length - 1
        ? this.text
        : attempt(() => this.render(this.messages.slice(0, i + 1), false));
    if (last === undefined || !last.startsWith(this.text.slice(0, behind))) return undefined;
    return behind + this.#stopEnd(this.text.slice(behind), last.slice(behind), i);
  }

  #end(i: number): number | undefined {
    for (const standIn of standIns(this.messages[i])) {
      const tail = this.#tail(this.messages, i, standIn, false);
      const last = this.#tail(this.messages.slice(0, i + 1), i, standIn, false);
      if (tail === undefined || last === undefined) continue;
      const end = this.#stopEnd(tail, last, i);
      if (this.text.endsWith(tail.slice(end))) return this.text.length - tail.length + end;
    }
    return undefined;
  }

  /** End of the stop behind answer `i`: `tail` follows it in the conversation, `last` where the conversation ends. */
  #stopEnd(tail: string, last: string, i: number): number {
    const { units } = this;
    const common = units.boundary(last, units.boundary(tail, commonPrefix(tail, last)));
    const stopEnd = units.firstStopEnd(tail, common);
    if (stopEnd !== undefined) return stopEnd;
    // The next turn's first token is the stop.
    const next = units.stopAt(tail, common);
    if (next !== undefined) return common + next.length;
    // The last answer ends with another token than the earlier ones.
    const here = units.at(tail, common);
    if (here !== undefined && last.length > common && units.at(last, common) !== undefined) {
      return common + here.length;
    }
    return this.#unaskedStopEnd(tail.slice(0, common), i) ?? tail.slice(0, common).trimEnd().length;
  }

  /**
   * A template that always adds a prompt has it in common, too. There the stop is the first token behind a plain answer.
   */
  #unaskedStopEnd(common: string, i: number): number | undefined {
    const upTo = this.messages.slice(0, i + 1);
    const unasked = i === this.messages.length - 1 ? this.text : attempt(() => this.render(upTo, false));
    if (unasked === undefined || unasked !== attempt(() => this.render(upTo, true))) return undefined;
    const [standIn] = standIns({ role: 'assistant', content: '' });
    const tail = this.#tail(upTo, i, standIn, false);
    const stop = tail === undefined ? undefined : this.units.first(tail);
    const at = stop === undefined ? -1 : common.indexOf(stop);
    return at < 0 ? undefined : at + stop!.length;
  }

  /** What follows the stand-in for the end of a message; undefined where it is not said. */
  #tail(messages: readonly Message[], i: number, standIn: StandIn, prompt: boolean): string | undefined {
    const { message, mark, first } = standIn;
    const rendered = this.#rendered.get(standIn) ?? new Map<string, string | undefined>();
    this.#rendered.set(standIn, rendered);
    // The conversation that ends with an answer is the whole one where the answer is the last.
    const key = `${messages.length} ${prompt}`;
    if (!rendered.has(key)) {
      const changed = messages.map((each, j) => (j === i ? message : each));
      rendered.set(
        key,
        attempt(() => this.render(changed, prompt)),
      );
    }
    const text = rendered.get(key);
    const at = (first ? text?.indexOf(mark) : text?.lastIndexOf(mark)) ?? -1;
    return at < 0 ? undefined : text!.slice(at + mark.length);
  }
}

/** A changed message may be one that the template refuses; then another change tells. */
function attempt(render: () => string): string | undefined {
  try {
    return render();
  } catch (error) {
    if (error instanceof SwiftError) return undefined;
    throw error;
  }
}

function commonPrefix(a: string, b: string): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}
