/** A server that speaks OpenAI's API, as what answers: chat completions, and completions for texts and log-likelihoods. */
import type {
  Asked,
  GenerateSettings,
  Hearer,
  InferBackend,
  Likelihood,
  LikelihoodRequest,
  PromptRequest,
  TextHearer,
} from '../contracts/infer-backend.js';
import { SwiftError } from '../errors.js';
import { CompletionsServer, type ServerPlace } from './completions-server.js';
import { each, requestOf } from './requests.js';
import { serverMessages } from './server-messages.js';
import { StoppedText } from './stopped-text.js';

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
    requests: readonly Asked[],
    settings: GenerateSettings,
    { onDone, onText, signal }: TextHearer,
  ): Promise<void> {
    await this.each(requests, signal, async (asked, i, ending) => {
      const request = requestOf(asked);
      const { max_new_tokens = settings.max_new_tokens, stop = [] } = request;
      const stops = [...settings.stop, ...stop, ...this.options.stop_words].filter((word) => word !== '');
      const body = {
        model: this.options.model,
        max_tokens: max_new_tokens,
        ...this.options.sampling,
        ...drawing(request.sampling),
        ...(request.seed !== undefined && { seed: request.seed }),
        ...(stops.length > 0 ? { stop: stops.slice(0, MOST_STOPS) } : {}),
        ...(await this.said(request)),
      };
      const both = request.signal ? AbortSignal.any([request.signal, ending]) : ending;
      const told = new StoppedText(stops, onText && ((text) => onText(i, text)));
      try {
        const { finish_reason, ...written } = await this.server.write(body, {
          signal: both,
          streams: onText !== undefined,
          onText: (text) => told.push(text),
        });
        const isStopped = told.isStopped || finish_reason !== 'length';
        onDone(i, { ...written, text: told.end(), finish_reason: isStopped ? 'stop' : 'length', cut: 0 });
      } catch (error) {
        if (!both.aborted) throw error;
        const text = told.end();
        if (text !== '') onDone(i, { text, finish_reason: 'abort', cut: 0 });
      }
    });
  }

  /** The server tells the log-probabilities of what it is given (`echo`); its own count says where a context ends. */
  async logLikelihoods(
    requests: readonly LikelihoodRequest[],
    { onDone, signal }: Hearer<Likelihood>,
  ): Promise<void> {
    await this.each(requests, signal, async ({ context, continuation }, i, ending) => {
      const before = context.trimEnd();
      const first = await this.tokensOf(before, ending);
      const { tokens, prompt_tokens } = await this.server.measure(
        this.options.model,
        context + continuation,
        ending,
      );
      const own = tokens.slice(first, prompt_tokens);
      if (own.length === 0)
        throw refused(
          this.options.flag,
          `no token of ${JSON.stringify(continuation)} is the continuation's own`,
        );
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

  private async said(request: PromptRequest): Promise<object> {
    const { prompt, system = this.options.system, tools, adapters } = request;
    if (adapters) throw noAdapters();
    if (typeof prompt === 'string') return { prompt };
    const brings = prompt.some(({ role }) => role === 'system');
    const isPlaced = system !== undefined && system !== '' && !brings;
    const messages = await serverMessages(prompt, request);
    return {
      messages: isPlaced ? [{ role: 'system', content: system }, ...messages] : messages,
      ...(tools ? { tools } : {}),
    };
  }

  private each<T>(
    list: readonly T[],
    signal: AbortSignal | undefined,
    work: (one: T, i: number, ending: AbortSignal) => Promise<void>,
  ): Promise<void> {
    return each(list, { atOnce: this.options.concurrency, signal }, work);
  }
}

/** How one request is drawn, by the API's names. */
function drawing(sampling: PromptRequest['sampling'] = {}): object {
  const { do_sample, ...named } = sampling;
  return do_sample === false ? { ...named, temperature: 0 } : named;
}

const noAdapters = (): SwiftError =>
  new SwiftError('UNSUPPORTED_ARGUMENT', 'a server is not asked with adapters', {
    cure: 'Leave them out: it answers with those that it was started with.',
  });

function refused(flag: string, fault: string): SwiftError {
  return new SwiftError('SERVER_REFUSED', `${flag}: ${fault}`, { exitCode: 1 });
}
