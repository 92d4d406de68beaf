/** Requests to an OpenAI-compatible server: within a time, again where it is busy, its answers checked. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ToolCall } from '../contracts/row.js';
import { SwiftError } from '../errors.js';
import { PASSING, pauseOf } from '../hub/patient-fetch.js';
import { eventData } from './event-stream.js';
import { GrowingCalls, pieceOf } from './server-answer.js';

export interface ServerPlace {
  /** Up to its version, e.g. http://127.0.0.1:8000/v1. */
  readonly url: string;
  readonly token: string;
  /** The argument that names it, for messages: `--eval_url`. */
  readonly flag: string;
  /** Milliseconds one answer may take; 10 minutes when absent. */
  readonly timeout?: number;
  /** Milliseconds before the first retry, doubled for each further one; 500 when absent. */
  readonly patience?: number;
}

export interface WriteOptions {
  readonly streams: boolean;
  readonly onText: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface WrittenAnswer {
  readonly tool_calls?: readonly ToolCall[];
  /** What it thought before, where the server tells that apart. */
  readonly reasoning_content?: string;
  readonly finish_reason: unknown;
  /** Tokens of it, where the server tells. */
  readonly tokens?: number;
}

/** A token of a prompt. */
export interface MeasuredToken {
  /** In nats; 0 of the first one, which nothing predicts. */
  readonly logp: number;
  readonly is_greedy: boolean;
}

/** Tries of one request before its last answer counts. */
const TRIES = 5;

export class CompletionsServer {
  private readonly base: string;

  /** @throws SwiftError BAD_ARGUMENT for what is no address */
  constructor(private readonly place: ServerPlace) {
    this.base = baseOf(place.url, place.flag);
  }

  /**
   * An answer to `messages`, or what goes on after `prompt`.
   * @param streams whether the server is asked for pieces as they come
   * @param onText gets the text, whole or by pieces
   */
  async write(body: object, { streams, signal, onText }: WriteOptions): Promise<WrittenAnswer> {
    const path = 'messages' in body ? 'chat/completions' : 'completions';
    const calls = new GrowingCalls();
    let finish_reason: unknown;
    let tokens: number | undefined;
    let reasoning_content = '';
    const take = (choice: Readonly<Record<string, unknown>>, field: 'message' | 'delta'): void => {
      const piece = pieceOf(choice, path === 'completions' ? undefined : field);
      if (!piece) throw unreadable(path, 'holds no text');
      calls.push(piece.calls);
      reasoning_content += piece.reasoning;
      onText(piece.text);
      finish_reason = piece.finish_reason ?? finish_reason;
    };
    await this.post(path, streams ? { ...body, stream: true } : body, signal, async (response) => {
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      if (!isStream) {
        const answer = parsed(path, await response.text());
        tokens = tokensOf(answer);
        return take(choiceOf(answer, path), 'message');
      }
      for await (const data of this.events(path, response, signal)) {
        const event = parsed(path, data);
        tokens = tokensOf(event) ?? tokens;
        if (event.error !== undefined) throw unreadable(path, `tells of a fault: ${shortened(data)}`);
        // The last event may tell of usage alone.
        if (Array.isArray(event.choices) && event.choices.length > 0) take(choiceOf(event, path), 'delta');
      }
    });
    return {
      finish_reason,
      tool_calls: calls.all,
      ...(tokens !== undefined && { tokens }),
      ...(reasoning_content !== '' && { reasoning_content }),
    };
  }

  /** Names of the models there. @throws SwiftError */
  async models(signal?: AbortSignal): Promise<readonly string[]> {
    const { data } = await this.send('models', { method: 'GET' }, signal, async (response) =>
      parsed('models', await response.text()),
    );
    const names = Array.isArray(data) ? data.map((one: unknown) => (Object(one) as { id?: unknown }).id) : [];
    return names.filter((name) => typeof name === 'string');
  }

  /** The tokens of a text and their log-probabilities. @throws SwiftError UNSUPPORTED_ARGUMENT by a server that tells none */
  async measure(
    model: string,
    prompt: string,
    signal?: AbortSignal,
  ): Promise<{ readonly tokens: readonly MeasuredToken[]; readonly prompt_tokens: number }> {
    const body = { model, prompt, echo: true, logprobs: 1, max_tokens: 1, temperature: 0 };
    const answer = await this.post('completions', body, signal, async (response) =>
      parsed('completions', await response.text()),
    );
    const { logprobs } = choiceOf(answer, 'completions');
    const { token_logprobs: logps, top_logprobs: top } = (logprobs ?? {}) as Record<string, unknown>;
    const count = (answer.usage as { prompt_tokens?: unknown } | undefined)?.prompt_tokens;
    if (!Array.isArray(logps) || !Array.isArray(top) || typeof count !== 'number' || logps.length < count)
      throw noEcho(this.base);
    const tokens = logps.slice(0, count).map((logp: unknown, i): MeasuredToken => {
      const best = Object.values((top[i] ?? {}) as Record<string, number>);
      if (i === 0 && logp === null) return { logp: 0, is_greedy: true };
      if (typeof logp !== 'number') throw noEcho(this.base);
      return { logp, is_greedy: logp >= Math.max(...best) };
    });
    return { tokens, prompt_tokens: count };
  }

  /**
   * Of each token of a prompt, the likeliest ones in its place with their log-probabilities; of the first, none.
   * @throws SwiftError UNSUPPORTED_ARGUMENT by a server that does not tell them by their ids
   */
  async predictions(
    { model, ids, most }: { readonly model: string; readonly ids: readonly number[]; readonly most: number },
    signal?: AbortSignal,
  ): Promise<readonly ReadonlyMap<number, number>[]> {
    const echo = {
      echo: true,
      logprobs: most,
      max_tokens: 1,
      temperature: 0,
      return_tokens_as_token_ids: true,
    };
    const answer = await this.post('completions', { model, prompt: ids, ...echo }, signal, async (response) =>
      parsed('completions', await response.text()),
    );
    const { top_logprobs: top } = Object(choiceOf(answer, 'completions').logprobs) as Record<string, unknown>;
    if (!Array.isArray(top) || top.length < ids.length) throw noIds(this.base);
    return top.slice(0, ids.length).map((likeliest: unknown, i) => {
      const entries = Object.entries((likeliest ?? {}) as Record<string, unknown>).map(([token, logp]) => {
        const [, id] = /^token_id:(\d+)$/.exec(token) ?? [];
        if (id === undefined || typeof logp !== 'number') throw noIds(this.base);
        return [Number(id), logp] as const;
      });
      if (i > 0 && entries.length === 0) throw noIds(this.base);
      return new Map(entries);
    });
  }

  /** The data of a stream up to its end. What breaks off is not asked for again: its beginning was told already. */
  private async *events(path: string, { body }: Response, signal?: AbortSignal): AsyncGenerator<string> {
    try {
      for await (const data of eventData(body!)) {
        if (data === '[DONE]') return;
        yield data;
      }
    } catch (error) {
      if (error instanceof SwiftError || signal?.aborted) throw error;
      throw unreachable(`${this.base}/${path}`, `breaks off: ${reasonOf(error)}`, error);
    }
  }

  private post<T>(
    path: string,
    body: object,
    signal: AbortSignal | undefined,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    return this.send(path, { method: 'POST', body: JSON.stringify(body) }, signal, read);
  }

  /** @param read makes something of an answer that is no refusal */
  private async send<T>(
    path: string,
    asked: Pick<RequestInit, 'method' | 'body'>,
    signal: AbortSignal | undefined,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const { timeout = 600_000, patience = 500, token } = this.place;
    const url = `${this.base}/${path}`;
    for (let attempt = 1; ; attempt++) {
      let pause = patience * 2 ** (attempt - 1);
      try {
        const late = AbortSignal.timeout(timeout);
        const response = await fetch(url, {
          ...asked,
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          signal: signal ? AbortSignal.any([signal, late]) : late,
        });
        if (response.ok) return await read(response);
        const text = await response.text();
        if (!PASSING.has(response.status)) throw refusal(url, response.status, text);
        if (attempt === TRIES)
          throw unreachable(url, `answers with status ${response.status}: ${shortened(text)}`);
        pause = pauseOf(response) ?? pause;
      } catch (error) {
        if (error instanceof SwiftError || signal?.aborted) throw error;
        if (attempt === TRIES) throw unreachable(url, `does not answer: ${reasonOf(error)}`, error);
      }
      await sleep(pause, undefined, { signal });
    }
  }
}

/** An address without what clients add to it. @throws SwiftError BAD_ARGUMENT */
export function baseOf(url: string, flag: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new SwiftError('BAD_ARGUMENT', `${flag}: '${url}' is no address`, {
      cure: 'Give that of a server, up to its version: http://127.0.0.1:8000/v1.',
    });
  }
  return url.replace(/\/+$/, '').replace(/\/(chat\/)?completions$/, '');
}

function parsed(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw unreadable(path, `is no JSON object: ${shortened(text)}`);
}

function tokensOf({ usage }: Readonly<Record<string, unknown>>): number | undefined {
  const { completion_tokens: tokens } = Object(usage) as { completion_tokens?: unknown };
  return typeof tokens === 'number' ? tokens : undefined;
}

function choiceOf(
  { choices }: Readonly<Record<string, unknown>>,
  path: string,
): Readonly<Record<string, unknown>> {
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (typeof first === 'object' && first !== null) return first as Record<string, unknown>;
  throw unreadable(path, "has no 'choices'");
}

const unreadable = (path: string, fault: string): SwiftError =>
  new SwiftError('SERVER_REFUSED', `the server's answer to ${path} ${fault}`, {
    cure: "It does not speak OpenAI's API there: check its address, and whether its model answers conversations.",
    exitCode: 1,
  });

const refusal = (url: string, status: number, text: string): SwiftError =>
  new SwiftError('SERVER_REFUSED', `${url} refuses with status ${status}: ${shortened(text)}`, {
    cure: 'Check its address, the key, and the name of the model.',
    exitCode: 1,
  });

const unreachable = (url: string, fault: string, cause?: unknown): SwiftError =>
  new SwiftError('SERVER_UNREACHABLE', `${url} ${fault}`, {
    cure: 'Check that the server runs and that this is its address.',
    exitCode: 1,
    cause,
  });

const noEcho = (base: string): SwiftError =>
  new SwiftError('UNSUPPORTED_ARGUMENT', `${base} does not tell log-probabilities of a prompt`, {
    cure: [
      'Benchmarks whose answers are chosen need completions with echo and logprobs, and usage.prompt_tokens.',
      'Ask those whose answers are written, or a model that is loaded here.',
    ],
  });

const noIds = (base: string): SwiftError =>
  new SwiftError(
    'UNSUPPORTED_ARGUMENT',
    `${base} does not tell the likeliest tokens of a prompt by their ids`,
    {
      cure: [
        'A teacher needs completions with echo, logprobs and return_tokens_as_token_ids, as vLLM has them.',
        'Or load it here: --teacher_model_id_or_path.',
      ],
    },
  );

/** The first of a server's words. */
const shortened = (text: string): string =>
  JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: unknown } };
  return cause?.code === undefined ? message : `${message} (${String(cause.code)})`;
}
