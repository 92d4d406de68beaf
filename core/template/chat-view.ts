/** One conversation as a checkpoint's own chat template says it. */
import type { Message } from '../contracts/row.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import { AnswerSpans } from './answer-spans.js';
import type { Render, Span } from './answer-spans.js';
import { checkCalls, checkSaid } from './check-said.js';
import type { Rendered } from './encode.js';
import type { LossScaling } from '../contracts/loss-scale.js';
import { FIXED_DATE } from './fixed-date.js';
import { isLearned, queryOf, weightedStretches, type WeightedStretch } from './loss-scaling.js';
import { readMarks } from './generation-marks.js';
import { templateMessages } from './template-messages.js';
import { TextUnits } from './text-units.js';

/** Renders a conversation by a chat template. Must be pure. */
export type ChatRenderer = (variables: Record<string, unknown>) => string;

/** What the Jinja engine makes of an object joined to a text, which Python refuses. */
const JOINED_OBJECT = '[object Map]';

/** Where an answer stands, and which message it is; absent where several stretches are one message's. */
interface Answer {
  readonly span: Span;
  readonly i?: number;
}

export class ChatView {
  /** How the template is handed the arguments of calls. */
  #callArguments: 'objects' | 'texts' = 'objects';

  constructor(
    private readonly renderer: ChatRenderer,
    private readonly messages: readonly Message[],
    private readonly tools: readonly unknown[] | undefined,
    private readonly tokenizer: Tokenizer,
    private readonly marked?: ChatRenderer,
  ) {}

  /** The text of the whole conversation. */
  whole(): string {
    return this.#whole(false);
  }

  /** The text up to the end of the last answer: some templates add a generation prompt that nobody asked for. */
  rendered(supervise: 'assistant' | 'all', scaling?: LossScaling): Rendered {
    const { bos_token: bos = '' } = this.tokenizer.specialTokens;
    const text = this.#whole(false);
    const headEnd = text.startsWith(bos) ? bos.length : 0;
    if (supervise === 'all') {
      this.#answered.forEach((i) => checkSaid(this.messages, i, text, this.#unasked));
      return {
        text,
        supervised: [[0, text.length]],
        weights: this.#isScaled(scaling) ? this.#weights(text, this.#spans(text, scaling), scaling) : [],
        headEnd,
        cuts: this.#starts(text, this.#unasked),
      };
    }
    const spans = this.#spans(text, scaling);
    return {
      text: text.slice(0, spans.at(-1)?.span[1]),
      supervised: spans.filter((one) => this.#isLearned(one, scaling)).map(({ span }) => span),
      weights: this.#weights(text, spans, scaling),
      headEnd,
      // Marks may begin before the prompt ends.
      cuts: this.marked ? this.#starts(text, this.#unasked) : spans.map(({ span }) => span[0]),
    };
  }

  /** The text up to where the next answer begins, and where earlier ones do. */
  prompt(): { readonly text: string; readonly cuts: readonly number[] } {
    const text = this.#whole(true);
    const { length } = this.messages;
    return {
      text,
      cuts: this.#starts(text, (messages, asked) =>
        this.#render(messages, asked || messages.length === length),
      ),
    };
  }

  /** Whether tokens of answers may weigh other than 1. */
  #isScaled(scaling?: LossScaling): boolean {
    return (
      (scaling?.scales.length ?? 0) > 0 ||
      this.messages.some(({ loss, loss_scale }) => loss === false || loss_scale !== undefined)
    );
  }

  #isLearned({ i }: Answer, scaling?: LossScaling): boolean {
    return i === undefined || isLearned(this.messages[i].loss, i === this.#answered.at(-1), scaling);
  }

  #weights(text: string, answers: readonly Answer[], scaling?: LossScaling): WeightedStretch[] {
    const { eos_token_id, eos_token_ids = [] } = this.tokenizer;
    const stops = [eos_token_id, ...eos_token_ids].map((id) =>
      id === undefined ? undefined : this.tokenizer.idToToken(id),
    );
    const scaled = answers.map(({ span: [start, end], i }) => {
      const said = text.slice(start, end).trimEnd();
      const stop = stops.find((one) => one !== undefined && said.endsWith(one));
      const textEnd = stop === undefined ? end : start + said.length - stop.length;
      if (i === undefined) return { start, end: textEnd, query: '' };
      const { loss, loss_scale } = this.messages[i];
      return { start, end: textEnd, query: queryOf(this.messages, i), loss, loss_scale };
    });
    return weightedStretches(text, scaled, scaling);
  }

  get #answered(): number[] {
    return this.messages.flatMap(({ role }, i) => (role === 'assistant' ? [i] : []));
  }

  readonly #unasked: Render = (messages, asked = false) => this.#render(messages, asked);

  /** Where answers begin, as far as the text tells. */
  #starts(text: string, render: Render): number[] {
    const finder = new AnswerSpans(this.messages, text, render, TextUnits.of(this.tokenizer));
    return this.#answered.map((i) => finder.start(i)).filter((start) => start !== undefined);
  }

  #spans(text: string, scaling?: LossScaling): Answer[] {
    if (this.marked !== undefined) return this.#markedSpans(text, this.marked, scaling);
    const finder = new AnswerSpans(this.messages, text, this.#unasked, TextUnits.of(this.tokenizer));
    return this.#answered.map((i) => {
      const span = finder.span(i);
      if (span === undefined) {
        checkCalls(this.messages, i, this.#unasked);
        throw notFound(i);
      }
      checkSaid(this.messages, i, text.slice(...span), this.#unasked);
      return { span, i };
    });
  }

  #markedSpans(text: string, marked: ChatRenderer, scaling?: LossScaling): Answer[] {
    const answered = this.#answered;
    const spans = readMarks(this.#render(this.messages, false, { renderer: marked }), text);
    const oneEach = spans.length === answered.length;
    const apart = answered.some((i) => {
      const { loss, loss_scale } = this.messages[i];
      return loss === false || loss_scale !== undefined;
    });
    if (!oneEach && (apart || scaling?.last_round)) throw notOneMarkEach();
    const learned = spans.map((span) => text.slice(...span));
    answered.forEach((i, k) =>
      checkSaid(this.messages, i, oneEach ? learned[k] : learned.join(''), this.#unasked),
    );
    return spans.map((span, k) => (oneEach ? { span, i: answered[k] } : { span }));
  }

  /** The whole conversation; tells which form of arguments the template takes, and whether it says tools. */
  #whole(prompt: boolean): string {
    const text = this.messages.some(({ tool_calls }) => tool_calls !== undefined)
      ? this.#withCalls(prompt)
      : this.#render(this.messages, prompt);
    if (this.tools !== undefined && this.tools.length > 0) {
      if (text === this.#render(this.messages, prompt, { tools: undefined })) throw noTools();
    }
    return text;
  }

  /** The text with arguments of calls as objects, or as texts, from now on, where the template joins them to texts. */
  #withCalls(prompt: boolean): string {
    let failure: unknown;
    try {
      const text = this.#render(this.messages, prompt);
      if (!text.includes(JOINED_OBJECT)) return text;
    } catch (error) {
      failure = error;
    }
    this.#callArguments = 'texts';
    try {
      return this.#render(this.messages, prompt);
    } catch (error) {
      throw failure ?? error;
    }
  }

  #render(
    messages: readonly Message[],
    add_generation_prompt: boolean,
    change: { readonly renderer?: ChatRenderer; readonly tools?: undefined } = {},
  ): string {
    const { renderer, tools } = { renderer: this.renderer, tools: this.tools, ...change };
    const variables = {
      ...this.tokenizer.specialTokens,
      ...FIXED_DATE,
      messages: templateMessages(messages, this.#callArguments),
      tools,
      add_generation_prompt,
    };
    try {
      return renderer(variables);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SwiftError('BAD_TEMPLATE', `The model's chat template refuses this row: ${reason}`, {
        cure: 'Change the row to what the template can say, or name another template with --template_type.',
        cause,
      });
    }
  }
}

const notFound = (i: number): SwiftError =>
  new SwiftError(
    'BAD_TEMPLATE',
    `messages[${i}]: cannot tell where the answer stands in the chat template.`,
    {
      cure: 'Name a template with --template_type; `swift list templates` shows them.',
    },
  );

const noTools = (): SwiftError =>
  new SwiftError('BAD_TEMPLATE', "The model's chat template does not say tool definitions.", {
    cure: 'Name a template that says tools with --template_type, or take `tools` out of the rows.',
  });

const notOneMarkEach = (): SwiftError =>
  new SwiftError(
    'BAD_TEMPLATE',
    'The chat template marks several stretches in one answer, so one answer cannot be left out or weighed apart.',
    {
      cure: 'Name another template with --template_type, or take `loss`, `weight`, `train` and `loss_scale` out of the rows, and last_round out of --loss_scale.',
    },
  );
