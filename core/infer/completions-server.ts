/** Requests to an OpenAI-compatible server: within a time, again where it is busy, its answers checked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SwiftError } from '../errors.js';
import { PASSING, pauseOf } from '../hub/patient-fetch.js';

export interface ServerPlace {
  /** Up to its version, e.g. http://127.0.0.1:8000/v1. */
  readonly url: string;
  readonly token: string;
  /** Milliseconds one answer may take; 10 minutes when absent. */
  readonly timeout?: number;
  /** Milliseconds before the first retry, doubled for each further one; 500 when absent. */
  readonly patience?: number;
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
    this.base = baseOf(place.url);
  }

  /** An answer to `messages`, or what goes on after `prompt`. */
  async write(
    body: object,
    signal?: AbortSignal,
  ): Promise<{ readonly text: string; readonly finish_reason: unknown }> {
    const path = 'messages' in body ? 'chat/completions' : 'completions';
    const { message, text, finish_reason } = choiceOf(await this.post(path, body, signal), path);
    // A server says null where an answer is empty, or is all calls of tools.
    const written =
      path === 'completions' ? text : ((message as { content?: unknown } | undefined)?.content ?? '');
    if (typeof written !== 'string') throw unreadable(path, 'holds no text');
    return { text: written, finish_reason };
  }

  /** The tokens of a text and their log-probabilities. @throws SwiftError UNSUPPORTED_ARGUMENT by a server that tells none */
  async measure(
    model: string,
    prompt: string,
    signal?: AbortSignal,
  ): Promise<{ readonly tokens: readonly MeasuredToken[]; readonly prompt_tokens: number }> {
    const body = { model, prompt, echo: true, logprobs: 1, max_tokens: 1, temperature: 0 };
    const answer = await this.post('completions', body, signal);
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

  private async post(
    path: string,
    body: object,
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>> {
    const { timeout = 600_000, patience = 500, token } = this.place;
    const url = `${this.base}/${path}`;
    for (let attempt = 1; ; attempt++) {
      let pause = patience * 2 ** (attempt - 1);
      try {
        const late = AbortSignal.timeout(timeout);
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify(body),
          signal: signal ? AbortSignal.any([signal, late]) : late,
        });
        const text = await response.text();
        if (response.ok) return parsed(path, text);
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
export function baseOf(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new SwiftError('BAD_ARGUMENT', `--eval_url: '${url}' is no address`, {
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
    cure: "It does not speak OpenAI's API there: check --eval_url and --eval_is_chat_model.",
    exitCode: 1,
  });

const refusal = (url: string, status: number, text: string): SwiftError =>
  new SwiftError('SERVER_REFUSED', `${url} refuses with status ${status}: ${shortened(text)}`, {
    cure: 'Check --eval_url, --eval_token and the name of the model (--model_id_or_path).',
    exitCode: 1,
  });

const unreachable = (url: string, fault: string, cause?: unknown): SwiftError =>
  new SwiftError('SERVER_UNREACHABLE', `${url} ${fault}`, {
    cure: 'Check that the server runs and that --eval_url is its address.',
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

/** The first of a server's words. */
const shortened = (text: string): string =>
  JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: unknown } };
  return cause?.code === undefined ? message : `${message} (${String(cause.code)})`;
}
