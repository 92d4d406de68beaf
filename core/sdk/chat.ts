import type { MediaKind, MediaLists } from '../contracts/media.js';
import type { PromptRequest } from '../contracts/infer-backend.js';
import type { Message, StandardRow } from '../contracts/row.js';
import { joinMedia, messagesOf } from '../data/index.js';
import { SwiftError } from '../errors.js';
import type { Answer } from '../infer/growing-answer.js';
import { NativeBackend } from '../infer/native-backend.js';
import type { ReadPrompt } from '../infer/prompt-reader.js';
import { samplingOptions } from '../infer/sampling.js';
import { commandOptions, type CommandValues } from '../config/command-line.js';
import { requireModel, requireOptions } from './check-given.js';
import { inOptions } from './options.js';
import { mediaFilesOf } from './media-files.js';
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
  | 'max_batch_size'
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

/** Its media are in the order of the tags in its messages, where messages do not bring their own. */
export interface FullConversation extends MediaLists {
  readonly messages: readonly Message[];
  /** Tools that the answer may call, as OpenAI defines them. */
  readonly tools?: readonly unknown[];
  /** The adapters that answer, by name, or how much each counts; those that are active when absent. */
  readonly adapters?: readonly string[] | Readonly<Record<string, number>>;
  /** Where paths of media begin that are not below the current folder. */
  readonly folder?: string;
}

/** Answers conversations with a loaded model, adapter or not: side by side, as many as there are slots. */
export class Chat {
  private constructor(
    private readonly model: TunableModel,
    private readonly backend: NativeBackend,
    /** System prompt of conversations that bring none, from now on; the empty string means no system prompt. */
    public system: string | undefined,
    private readonly max_new_tokens: number,
    /** What it takes in beside text. */
    readonly media: readonly MediaKind[],
  ) {}

  /** @throws SwiftError UNKNOWN_ARGUMENT, BAD_ARGUMENT as for flags */
  static open(model: TunableModel, options: ChatOptions = {}): Promise<Chat> {
    return inOptions(async () => {
      requireModel('Chat.open', model);
      requireOptions('Chat.open', options, '{ temperature: 0 }');
      const args = commandOptions('infer', { ...options }, model.services);
      const { loaded } = model;
      const files = mediaFilesOf(loaded, args.max_pixels);
      const backend = new NativeBackend(loaded, await model.services.backend(), {
        ...samplingOptions({ ...args, temperature: args.temperature ?? 0.3 }),
        seed: args.seed,
        stop_words: args.stop_words,
        max_length: args.max_length,
        files,
        batch_size: args.max_batch_size,
        bringBack: async (names) => {
          for (const name of names) await model.offloaded?.bringBack(loaded.model, name);
        },
      });
      return new Chat(model, backend, options.system, args.max_new_tokens, files?.kinds ?? []);
    });
  }

  /** Conversations answered side by side (`max_batch_size`); others wait for one to end. */
  get slots(): number {
    return this.backend.slots;
  }

  set slots(slots: number) {
    if (!Number.isInteger(slots) || slots < 1)
      throw new SwiftError('BAD_ARGUMENT', `slots: '${slots}' is not a whole number above 0`);
    this.backend.slots = slots;
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

  /** Answers to several conversations, each the one it gets alone; so are those that other calls ask for meanwhile. */
  async answerAll(
    conversations: readonly Conversation[],
    onText?: (row: number, text: string) => void,
    signal?: AbortSignal,
  ): Promise<Answer[]> {
    const requests = conversations.map((conversation) => this.request(conversation));
    // What was not begun when the signal came is never told.
    const answers = requests.map((): Answer => ({ text: '', ids: [], finish_reason: 'abort' }));
    const settings = { max_new_tokens: this.max_new_tokens, stop: [], too_long: 'refuse' } as const;
    await this.backend.generate(requests, settings, {
      onDone: (i, { text, ids = [], finish_reason, tool_calls, objects }) =>
        (answers[i] = {
          ...{ text, ids, finish_reason },
          ...(tool_calls && { tool_calls }),
          ...(objects && { objects }),
        }),
      onText,
      signal,
    });
    return answers;
  }

  /** Frees memory once everything that was asked is answered. */
  release(): Promise<void> {
    return this.backend.release();
  }

  /** What the model reads of a conversation of text. @throws SwiftError BAD_ARGUMENT when that is too long */
  prompt(conversation: Conversation): number[] {
    return this.backend.textPrompt(this.request(conversation));
  }

  /** What the model reads before it answers, media opened. @throws SwiftError, BAD_ARGUMENT when it is too long */
  ask(conversation: Conversation): Promise<ReadPrompt> {
    return this.backend.prompt(this.request(conversation));
  }

  /** A row whose texts speak of its objects as the model does. @param folder where paths begin @throws SwiftError */
  spoken(row: StandardRow, folder: string): Promise<StandardRow> {
    return this.backend.spoken(row, folder);
  }

  /** A conversation as it is given, in one form. @throws SwiftError */
  private request(conversation: Conversation): PromptRequest {
    const given =
      conversation !== null && typeof conversation === 'object' && 'messages' in conversation
        ? conversation
        : { messages: conversation };
    const { log } = this.model.services;
    const prompt = messagesOf(given.messages, 'messages', (field) =>
      log.warn(`messages: '${field}' is not used`),
    );
    if (prompt.length === 0) {
      throw new SwiftError('BAD_ROW', "field 'messages' is empty", {
        cure: "Give at least one, e.g. { role: 'user', content: 'Hello' }.",
      });
    }
    const { tools, folder, adapters } = given;
    return {
      prompt,
      tools,
      ...joinMedia(given),
      folder,
      system: this.system,
      adapters: adapters === undefined ? undefined : chosenAdapters(this.model, adapters),
    };
  }
}
