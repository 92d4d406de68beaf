/** A server that speaks OpenAI's API, as what answers: chat completions, and completions for texts and log-likelihoods. */
import type {
  Generated,
  GenerateSettings,
  Hearer,
  InferBackend,
  Likelihood,
  LikelihoodRequest,
  Prompt,
} from '../contracts/infer-backend.js';
import { SwiftError } from '../errors.js';
import { CompletionsServer, type ServerPlace } from './completions-server.js';

export interface OpenAiBackendOptions extends ServerPlace {
  /** Name of the model there. */
  readonly model: string;
  readonly isChat: boolean;
  /** System prompt of conversations. */
  readonly system?: string;
  /** Texts that end an answer, beside those of a request. */
  readonly stop_words: readonly string[];
  /** Requests under way at once. */
  readonly concurrency: number;
  /** How tokens are drawn: temperature, top_p and others by the API's names. */
  readonly sampling: Readonly<Record<string, number>>;
}

/** The API takes no more; the others are cut off here. */
const MOST_STOPS = 4;

export class OpenAiBackend implements InferBackend {
  readonly isChat: boolean;
  private readonly server: CompletionsServer;
  /** Of each context, how many tokens the server counts. */
  private readonly contextTokens = new Map<string, Promise<number>>();

  constructor(private readonly options: OpenAiBackendOptions) {
    this.isChat = options.isChat;
    this.server = new CompletionsServer(options);
  }

  async generate(
    prompts: readonly Prompt[],
    { max_new_tokens, stop }: GenerateSettings,
    { onDone, signal }: Hearer<Generated>,
  ): Promise<void> {
    const { model, sampling, stop_words } = this.options;
    const stops = [...stop, ...stop_words].filter((word) => word !== '');
    const common = { model, max_tokens: max_new_tokens, ...sampling };
    const ending = stops.length > 0 ? { stop: stops.slice(0, MOST_STOPS) } : {};
    await this.each(prompts, signal, async (prompt, i) => {
      const asked = { ...common, ...ending, ...this.said(prompt) };
      const { text, finish_reason } = await this.server.write(asked, signal);
      const whole = cutAt(stops, text);
      const isStopped = whole.length < text.length || finish_reason !== 'length';
      onDone(i, { text: whole, finish_reason: isStopped ? 'stop' : 'length', cut: 0 });
    });
  }

  /** The server tells the log-probabilities of what it is given (`echo`); its own count says where a context ends. */
  async logLikelihoods(
    requests: readonly LikelihoodRequest[],
    { onDone, signal }: Hearer<Likelihood>,
  ): Promise<void> {
    await this.each(requests, signal, async ({ context, continuation }, i) => {
      const before = context.trimEnd();
      const first = await this.tokensOf(before, signal);
      const { tokens, prompt_tokens } = await this.server.measure(
        this.options.model,
        context + continuation,
        signal,
      );
      const own = tokens.slice(first, prompt_tokens);
      if (own.length === 0)
        throw refused(`no token of ${JSON.stringify(continuation)} is the continuation's own`);
      onDone(i, {
        logp: own.reduce((sum, { logp }) => sum + logp, 0),
        is_greedy: own.every(({ is_greedy }) => is_greedy),
        cut: 0,
      });
    });
  }

  async release(): Promise<void> {}

  private tokensOf(context: string, signal?: AbortSignal): Promise<number> {
    const { model } = this.options;
    const asked =
      this.contextTokens.get(context) ??
      this.server.measure(model, context, signal).then(({ prompt_tokens }) => prompt_tokens);
    this.contextTokens.set(context, asked);
    return asked;
  }

  private said(prompt: Prompt): object {
    if (typeof prompt === 'string') return { prompt };
    const { system } = this.options;
    return { messages: system === undefined ? prompt : [{ role: 'system', content: system }, ...prompt] };
  }

  /** Works through a list, several at once. The first fault ends it; an abort leaves what is not done. */
  private async each<T>(
    list: readonly T[],
    signal: AbortSignal | undefined,
    work: (one: T, i: number) => Promise<void>,
  ): Promise<void> {
    let next = 0;
    let failed = false;
    const worker = async (): Promise<void> => {
      while (next < list.length && !signal?.aborted && !failed) {
        const i = next++;
        try {
          await work(list[i], i);
        } catch (error) {
          if (signal?.aborted) return;
          failed = true;
          throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.options.concurrency, list.length) }, worker));
  }
}

/** A text up to the first of its stops. */
function cutAt(stops: readonly string[], text: string): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return ends.length > 0 ? text.slice(0, Math.min(...ends)) : text;
}

function refused(fault: string): SwiftError {
  return new SwiftError('SERVER_REFUSED', `--eval_url: ${fault}`, { exitCode: 1 });
}
