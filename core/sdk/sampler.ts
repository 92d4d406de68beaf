/** Who answers the rows of `swift sample`: a model loaded here, or a server. */
import type { CommandValues } from '../config/command-line.js';
import type { AskedRow, Message } from '../contracts/row.js';
import type { Generated } from '../contracts/infer-backend.js';
import { SeededRandom } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { LiveAnswers } from '../infer/live-answers.js';
import type { OpenAiBackend } from '../infer/open-ai-backend.js';
import { samplingOptions } from '../infer/sampling.js';
import type { LoadedModel } from '../model/load-model.js';
import { openAsked } from './infer.js';
import { locateServed, servedBackend } from './served-model.js';
import type { Services } from './services.js';

export type SampleArguments = CommandValues<'sample'>;

/** An answer that is wanted: the `k`th one to row `number`. Each has random numbers of its own, whatever it is answered beside. */
export interface WantedAnswer {
  readonly asked: AskedRow;
  readonly number: number;
  readonly k: number;
}

export interface SampledAnswer {
  readonly message: Message;
  /** The stop token included. */
  readonly tokens: number;
  readonly is_whole: boolean;
}

export interface Sampler {
  /** What answers hang on beside their rows. */
  readonly source: readonly unknown[];
  /** System prompt of conversations that bring none, where it has one of its own. */
  readonly system?: string;
  /** @throws SwiftError for what it cannot be asked */
  check(asked: AskedRow): void;
  answer(wanted: readonly WantedAnswer[], signal?: AbortSignal): Promise<readonly SampledAnswer[]>;
  release(): Promise<void>;
}

/** @throws SwiftError */
export async function openSampler(args: SampleArguments, services: Services): Promise<Sampler> {
  return args.sampler_url === null
    ? NativeSampler.open(args, services)
    : ServedSampler.open(args, args.sampler_url);
}

class NativeSampler implements Sampler {
  private constructor(
    private readonly args: SampleArguments,
    private readonly loaded: LoadedModel,
    private readonly answers: LiveAnswers,
    readonly source: readonly unknown[],
    readonly system?: string,
  ) {}

  static async open(args: SampleArguments, services: Services): Promise<NativeSampler> {
    const backend = await services.backend();
    const { loaded, system } = await openAsked(args, services, backend.mapsFiles === true);
    const sampling = samplingOptions({ ...args });
    const { max_new_tokens: max_completion_length, stop_words } = args;
    const wanted = { sampling, max_completion_length, stop_words };
    const answers = new LiveAnswers(loaded, backend, wanted, { slots: args.max_batch_size });
    const source = [loaded.source, args.ckpt_dir, args.seed, args.num_return_sequences, sampling];
    return new NativeSampler(args, loaded, answers, source, system);
  }

  check(asked: AskedRow): void {
    this.idsOf(asked);
  }

  async answer(wanted: readonly WantedAnswer[]): Promise<readonly SampledAnswer[]> {
    const { seed } = this.args;
    const prompts = new Map(wanted.map(({ asked }) => [asked, this.idsOf(asked)]));
    const drawn = await this.answers.answer(
      wanted.map(({ asked, number, k }) => ({
        ids: prompts.get(asked)!,
        random: SeededRandom.stream(seed, 'answer', number, k),
      })),
    );
    return drawn.map(({ text, ids, is_whole }) => ({
      message: { role: 'assistant', content: text },
      tokens: ids.length,
      is_whole,
    }));
  }

  release(): Promise<void> {
    return this.answers.release();
  }

  private idsOf({ messages, tools }: AskedRow): number[] {
    return this.loaded.template.prompt(messages, this.loaded.tokenizer, { tools });
  }
}

/** Numbers that servers take for a seed. */
const SEEDS = 2 ** 31;

class ServedSampler implements Sampler {
  private constructor(
    private readonly args: SampleArguments,
    private readonly backend: OpenAiBackend,
    readonly source: readonly unknown[],
  ) {}

  static async open(args: SampleArguments, url: string): Promise<ServedSampler> {
    const { temperature, top_k, top_p, repetition_penalty, stop_words, max_batch_size } = args;
    const given = Object.entries({ top_k, top_p, repetition_penalty }).filter(([, value]) => value !== null);
    const sampling = { temperature, ...(Object.fromEntries(given) as Record<string, number>) };
    const name = args.model_id_or_path ?? args.model_type ?? undefined;
    const address = await locateServed(url, '--sampler_url', name);
    const backend = servedBackend(address, { sampling, stop_words, concurrency: max_batch_size });
    const source = [url, address.model, args.seed, args.num_return_sequences, sampling];
    return new ServedSampler(args, backend, source);
  }

  check(): void {}

  async answer(wanted: readonly WantedAnswer[], signal?: AbortSignal): Promise<readonly SampledAnswer[]> {
    const { seed, max_new_tokens } = this.args;
    const found: Generated[] = [];
    await this.backend.generate(
      wanted.map(({ asked: { messages, tools }, number, k }) => ({
        prompt: messages,
        tools,
        seed: SeededRandom.stream(seed, 'answer', number, k).below(SEEDS),
      })),
      { max_new_tokens, stop: [] },
      { signal, onDone: (i, generated) => void (found[i] = generated) },
    );
    return found.map(({ text, tokens, reasoning_content, tool_calls, finish_reason }) => {
      if (tokens === undefined) {
        throw new SwiftError(
          'SERVER_REFUSED',
          '--sampler_url: the server does not tell usage.completion_tokens',
          {
            cure: 'How long answers are is what some rewards look at: ask a server that tells.',
            exitCode: 1,
          },
        );
      }
      return {
        message: {
          role: 'assistant',
          content: text,
          ...(reasoning_content !== undefined && { reasoning_content }),
          ...(tool_calls && { tool_calls }),
        },
        tokens,
        is_whole: finish_reason === 'stop',
      };
    });
  }

  release(): Promise<void> {
    return this.backend.release();
  }
}
