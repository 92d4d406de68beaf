import { counted } from '../counted.js';
import type { ImageSource } from '../contracts/image-source.js';
import type { SampleMedia } from '../contracts/processor.js';
import type { Message } from '../contracts/row.js';
import { liftImages, messagesOf, SeededRandom, seePrompt, type Pictures } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { WeightFiles } from '../io/weight-files.js';
import { samplingOptions } from '../infer/sampling.js';
import { generate, type Answer, type GenerateOptions } from '../infer/generate.js';
import { refuseMedia } from '../template/index.js';
import { GenerateEngine } from '../runtime/generate-engine.js';
import { commandOptions, type CommandValues } from '../config/command-line.js';
import { requireModel, requireOptions } from './check-given.js';
import { inOptions } from './options.js';
import { picturesOf } from './pictures.js';
import { chosenAdapters } from './set-adapters.js';
import type { TunableModel } from './tunable-model.js';

export type GenerationArguments = Pick<
  CommandValues<'infer'>,
  | 'max_new_tokens'
  | 'do_sample'
  | 'temperature'
  | 'top_k'
  | 'top_p'
  | 'repetition_penalty'
  | 'stop_words'
  | 'max_length'
  | 'max_pixels'
  | 'seed'
>;

/** How a chat answers: the generation arguments of `swift infer` that differ from their defaults. */
export interface ChatOptions extends Partial<GenerationArguments> {
  /** System prompt of conversations that bring none; the empty string means no system prompt. */
  readonly system?: string;
}

/** A conversation, alone or with what belongs to it. */
export type Conversation = readonly Message[] | FullConversation;

export interface FullConversation {
  readonly messages: readonly Message[];
  /** Tools that the answer may call, as OpenAI defines them. */
  readonly tools?: readonly unknown[];
  /** The adapters that answer, by name, or how much each counts; those that are active when absent. */
  readonly adapters?: readonly string[] | Readonly<Record<string, number>>;
  /** In the order of the tags `<image>` in its messages, where messages do not bring their own. */
  readonly images?: readonly ImageSource[];
  /** Where paths of images begin that are not below the current folder. */
  readonly folder?: string;
}

/** What the model reads before it answers. */
export interface Asked {
  readonly ids: readonly number[];
  /** Pictures among the ids. */
  readonly media?: SampleMedia;
}

/** Answers conversations with a loaded model, adapter or not. */
export class Chat {
  private readonly options: GenerateOptions;
  /** Conversations answered: each draws from a stream of its own, whatever it is answered beside. */
  private answered = 0;
  /** Opens pictures; absent for a model of text. */
  private readonly pictures?: Pictures;
  /** Settles when the answers asked for so far are given. */
  private busy: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly model: TunableModel,
    private readonly engine: GenerateEngine,
    /** System prompt of conversations that bring none; the empty string means no system prompt. */
    public system: string | undefined,
    private readonly args: GenerationArguments,
  ) {
    const { template, tokenizer } = model.loaded;
    this.pictures = picturesOf(model.loaded, args.max_pixels);
    this.options = {
      max_new_tokens: args.max_new_tokens,
      ...samplingOptions({ ...args, temperature: args.temperature ?? 0.3 }),
      stopIds: template.stopIds(tokenizer),
      stopWords: [...template.stopWords, ...args.stop_words].filter((word) => word !== ''),
    };
  }

  /** @throws SwiftError UNKNOWN_ARGUMENT, BAD_ARGUMENT as for flags */
  static open(model: TunableModel, options: ChatOptions = {}): Promise<Chat> {
    return inOptions(async () => {
      requireModel('Chat.open', model);
      requireOptions('Chat.open', options, '{ temperature: 0 }');
      const args = commandOptions('infer', { ...options }, model.services);
      const engine = new GenerateEngine(
        await model.services.backend(),
        model.loaded.model,
        new WeightFiles(),
      );
      return new Chat(model, engine, options.system, args);
    });
  }

  /** The answer to one conversation. `onText` gets it piece by piece; `signal` ends it early; `tools` may be called. */
  async answer(
    messages: readonly Message[],
    onText?: (text: string) => void,
    signal?: AbortSignal,
    tools?: readonly unknown[],
  ): Promise<Answer> {
    const [answer] = await this.answerAll([{ messages, tools }], (_, text) => onText?.(text), signal);
    return answer;
  }

  /** Answers to several conversations, computed as one batch. */
  async answerAll(
    conversations: readonly Conversation[],
    onText?: (row: number, text: string) => void,
    signal?: AbortSignal,
  ): Promise<Answer[]> {
    const asked: Asked[] = [];
    for (const conversation of conversations) asked.push(await this.ask(conversation));
    const choices = conversations.map((conversation) => {
      const adapters = 'adapters' in conversation ? conversation.adapters : undefined;
      return adapters === undefined ? undefined : chosenAdapters(this.model, adapters);
    });
    const { offloaded, loaded } = this.model;
    for (const name of new Set(choices.flatMap((choice) => [...(choice?.keys() ?? [])])))
      await offloaded?.bringBack(loaded.model, name);
    const prompts = asked.map(({ ids }) => ids);
    const randoms = prompts.map(() => SeededRandom.stream(this.args.seed, 'answer', this.answered++));
    const answer = (rows: readonly number[]): Promise<Answer[]> => {
      const of = <T>(all: readonly T[]): T[] => rows.map((row) => all[row]);
      const options = {
        ...this.options,
        signal,
        choices: of(choices),
        media: of(asked).map(({ media }) => media),
      };
      const told = onText && ((i: number, text: string) => onText(rows[i], text));
      return generate(this.engine, this.model.loaded.tokenizer, of(prompts), options, of(randoms), told);
    };
    const all = prompts.map((_, row) => row);
    // A tower sees the images of all rows at once, and so with the same adapters.
    const batches = this.sees && choices.some((choice) => choice) ? all.map((row) => [row]) : [all];
    // There is one cache: answers asked for meanwhile wait for their turn.
    const answers = this.busy.then(async () => {
      const given: Answer[] = [];
      for (const rows of batches) given.push(...(await answer(rows)));
      return given;
    });
    this.busy = Promise.allSettled([answers]);
    return answers;
  }

  async release(): Promise<void> {
    await this.busy;
    return this.engine.release();
  }

  /** Whether it can be shown images. */
  get sees(): boolean {
    return this.pictures !== undefined;
  }

  /** What the model reads of a conversation of text. @throws SwiftError BAD_ARGUMENT when that is too long */
  prompt(conversation: Conversation): number[] {
    const { messages, images, tools } = this.read(conversation);
    refuseMedia({ images });
    return this.promptOf(messages, tools);
  }

  /** What the model reads before it answers, images opened. @throws SwiftError, BAD_ARGUMENT when it is too long */
  async ask(conversation: Conversation): Promise<Asked> {
    const { messages, images, tools, folder } = this.read(conversation);
    const { pictures } = this;
    if (!pictures) {
      refuseMedia({ images });
      return { ids: this.promptOf(messages, tools) };
    }
    const opened = [];
    for (const source of images) opened.push(await pictures.open(source, folder));
    const seen = seePrompt(messages, opened, this.model.loaded.tokenizer, pictures);
    const ids = this.promptOf(seen.messages, tools);
    const media = seen.media(ids);
    if (media !== 'torn') return { ids, media };
    throw new SwiftError('BAD_TEMPLATE', 'the template leaves images out of the prompt', {
      cure: "Choose another: --template_type; or leave it to the model's own.",
    });
  }

  /** A conversation as it is given, in one form. */
  private read(conversation: Conversation): FullConversation & { readonly images: readonly ImageSource[] } {
    const given =
      conversation !== null && typeof conversation === 'object' && 'messages' in conversation
        ? conversation
        : { messages: conversation };
    const { log } = this.model.services;
    const said = messagesOf(given.messages, 'messages', (field) =>
      log.warn(`messages: '${field}' is not used`),
    );
    if (said.length === 0) {
      throw new SwiftError('BAD_ROW', "field 'messages' is empty", {
        cure: "Give at least one, e.g. { role: 'user', content: 'Hello' }.",
      });
    }
    const { messages, images } = liftImages(said);
    return { ...given, messages, images: [...images, ...(given.images ?? [])] };
  }

  private promptOf(messages: readonly Message[], tools?: readonly unknown[]): number[] {
    const { template, tokenizer, model } = this.model.loaded;
    const ids = template.prompt(messages, tokenizer, { system: this.system, tools });
    const { max_length } = this.args;
    const wanted = max_length > 0 ? max_length : model.shape.max_position_embeddings;
    const limit = Math.min(wanted, model.mostPositions);
    if (ids.length > limit) {
      throw new SwiftError(
        'BAD_ARGUMENT',
        `the prompt has ${counted(ids.length, 'token')}, the limit is ${limit}`,
        {
          cure:
            max_length > 0
              ? 'Shorten it, raise --max_length, or begin a new conversation (clear).'
              : 'Shorten it, or begin a new conversation (clear).',
        },
      );
    }
    return ids;
  }
}
