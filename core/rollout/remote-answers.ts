/** A rollout server as what answers for a run: it is sent weights, and then prompts. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { SwiftError } from '../errors.js';
import type { Parameter } from '../nn/index.js';
import type { Draw, Drawn } from '../train/rollout-passes.js';
import type { AnswersRequest, Reply, RolloutSetup, SentAnswers } from './messages.js';

/** Tries of one request, and milliseconds before the second, doubled for each further one. */
const TRIES = 6;
const PATIENCE = 500;

export class RemoteAnswers {
  private run = '';
  /** Of the weights that the server has. */
  private digest?: string;

  private constructor(
    private readonly url: string,
    private readonly setup: RolloutSetup,
    private readonly parameters: readonly Parameter[],
  ) {}

  /**
   * @param url of `swift rollout`
   * @param parameters those of the setup, in its order
   * @throws SwiftError SERVER_UNREACHABLE, SERVER_REFUSED, and what the server says of another model or version
   */
  static async open(
    url: string,
    setup: RolloutSetup,
    parameters: readonly Parameter[],
  ): Promise<RemoteAnswers> {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new SwiftError('BAD_ARGUMENT', `--rollout_url: '${url}' is no address`, {
        cure: 'Give the one that swift rollout prints, such as http://127.0.0.1:8000.',
      });
    }
    const answers = new RemoteAnswers(url.replace(/\/+$/, ''), setup, parameters);
    await answers.begin(1);
    return answers;
  }

  /** Of the model as it is now. @throws SwiftError */
  async answer(draws: readonly Draw[]): Promise<readonly Drawn[]> {
    for (let attempt = 1; attempt < TRIES; attempt++) {
      const answers = await this.asked(draws);
      if (answers) return answers;
      await this.begin();
    }
    throw unreachable(this.url, new Error('it is started anew again and again'));
  }

  /** The server goes on, for the next run. */
  async release(): Promise<void> {}

  /** Undefined where the server was started anew. */
  private async asked(draws: readonly Draw[]): Promise<readonly Drawn[] | undefined> {
    const digest = this.digestNow();
    if (digest !== this.digest) {
      const taken = await this.post<null>(`weights?run=${this.run}`, () => Readable.from(this.bytes()));
      if (taken === undefined) return undefined;
      this.digest = digest;
    }
    const request: AnswersRequest = {
      run: this.run,
      draws: draws.map(({ ids, random }) => ({ ids, random: random.state })),
    };
    return this.post<SentAnswers>('answers', () => JSON.stringify(request));
  }

  private async begin(tries = TRIES): Promise<void> {
    this.digest = undefined;
    const begun = await this.post<{ readonly run: string }>('begin', () => JSON.stringify(this.setup), tries);
    this.run = begun!.run;
  }

  private digestNow(): string {
    const hash = createHash('sha256');
    for (const part of this.bytes()) hash.update(part);
    return hash.digest('hex');
  }

  private *bytes(): Generator<Uint8Array> {
    for (const { data } of this.parameters)
      yield new Uint8Array(data!.buffer, data!.byteOffset, data!.byteLength);
  }

  /** Undefined where the server knows nothing of the run. @param tries of them, more than one for a server that was there */
  private async post<T>(path: string, body: () => string | Readable, tries = TRIES): Promise<T | undefined> {
    const { text, status } = await this.sent(path, body, tries);
    const reply = replyOf<T>(text);
    if (!reply) {
      throw new SwiftError('SERVER_REFUSED', `${this.url} is no rollout server: status ${status}`, {
        cure: 'Give the address that swift rollout prints.',
        exitCode: 1,
      });
    }
    if ('forgotten' in reply) return undefined;
    if ('result' in reply) return reply.result;
    const { code, message, cure, exitCode } = reply.error;
    throw new SwiftError(code, `--rollout_url ${this.url}: ${message}`, { cure: [...cure], exitCode });
  }

  private async sent(
    path: string,
    body: () => string | Readable,
    tries: number,
  ): Promise<{ readonly text: string; readonly status: number }> {
    for (let attempt = 1; ; attempt++) {
      try {
        const asked = { method: 'POST', body: body(), duplex: 'half' };
        const response = await fetch(`${this.url}/${path}`, asked as unknown as RequestInit);
        return { text: (await response.text()).trim(), status: response.status };
      } catch (cause) {
        if (attempt === tries) throw unreachable(this.url, cause);
        await sleep(PATIENCE * 2 ** (attempt - 1));
      }
    }
  }
}

function replyOf<T>(text: string): Reply<T> | undefined {
  try {
    const reply = JSON.parse(text) as Reply<T> | null;
    if (!reply) return undefined;
    if ('error' in reply) return Array.isArray(Object(reply.error).cure) ? reply : undefined;
    return 'result' in reply || 'forgotten' in reply ? reply : undefined;
  } catch {
    return undefined;
  }
}

function unreachable(url: string, cause: unknown): SwiftError {
  const { message, cause: reason } = cause as Error & { cause?: { code?: string; message?: string } };
  return new SwiftError(
    'SERVER_UNREACHABLE',
    `${url} does not answer: ${reason?.code ?? reason?.message ?? message}`,
    {
      cure: 'Start it, swift rollout; a run that has begun goes on with --resume_from_checkpoint.',
      exitCode: 1,
      cause,
    },
  );
}
