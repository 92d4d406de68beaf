/** `swift rollout`: a server that answers the prompts of a run that trains elsewhere, by the weights that it sends. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../contracts/log.js';
import { SeededRandom } from '../data/random.js';
import { counted } from '../counted.js';
import { isSwiftError, SwiftError } from '../errors.js';
import type { Draw, Drawn } from '../train/rollout-passes.js';
import type { AnswersRequest, Reply, RolloutSetup, SentError } from './messages.js';

/** A model that is ready to answer for a run. */
export interface HostedModel {
  /** Values of what trains, in the order of the run's setup. */
  readonly values: readonly Float32Array[];
  answer(draws: readonly Draw[], signal: AbortSignal): Promise<readonly Drawn[]>;
  release(): Promise<void>;
}

export interface RolloutServerOptions {
  readonly host: string;
  /** 0 takes one that is free. */
  readonly port: number;
  /** What it answers with, for `/health`. */
  readonly model: string;
  readonly log: Log;
  /** @throws SwiftError for a run whose model or version is another */
  readonly check: (setup: RolloutSetup) => void;
  /** Makes the model ready for a run. @throws SwiftError */
  readonly begin: (setup: RolloutSetup) => Promise<HostedModel>;
}

interface HostedRun extends HostedModel {
  readonly id: string;
  /** Whether a whole set of weights has come. */
  hasWeights: boolean;
}

/** A run that began at an earlier start of the server. */
class Forgotten extends Error {}

/** Milliseconds between signs of life. */
const PULSE = 5000;
/** Milliseconds in which a request is there, weights included. */
const SLOWEST = 300_000;
/** Bytes of a request that brings no weights. */
const MOST_BYTES = 256 * 2 ** 20;

/** One run at a time: another one that begins takes the server over. */
export class RolloutServer {
  private run?: HostedRun;
  private readonly former = new Set<string>();
  private turn: Promise<unknown> = Promise.resolve();
  private readonly closing = new AbortController();

  private constructor(
    private readonly server: Server,
    private readonly options: RolloutServerOptions,
  ) {}

  /** @throws SwiftError BAD_ARGUMENT for an address that cannot be had */
  static async open(options: RolloutServerOptions): Promise<RolloutServer> {
    const server = createServer();
    const opened = new RolloutServer(server, options);
    server.on('request', (request, response) => void opened.handle(request, response));
    // An answer may take as long as it takes, a request not.
    server.requestTimeout = SLOWEST;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, resolve);
    }).catch((cause: unknown) => {
      throw taken(options, cause);
    });
    return opened;
  }

  get url(): string {
    const { address, port, family } = this.server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.server.close();
    this.server.closeAllConnections();
    await this.turn.catch(() => undefined);
    await this.run?.release();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [pathname, query] = (request.url ?? '/').split('?', 2);
    const route = `${request.method} ${pathname}`;
    if (route === 'GET /health') {
      response.setHeader('content-type', 'application/json');
      response.end(`${JSON.stringify({ status: 'ok', model: this.options.model })}\n`);
      return;
    }
    try {
      if (route === 'POST /weights') {
        const run = new URLSearchParams(query).get('run');
        await this.reply(response, () => this.takeWeights(request, run));
      } else if (route === 'POST /begin') {
        const setup = (await jsonOf(request)) as RolloutSetup;
        await this.reply(response, () => this.begin(setup));
      } else if (route === 'POST /answers') {
        const asked = (await jsonOf(request)) as AnswersRequest;
        await this.reply(response, () => this.answer(asked, response));
      } else {
        response.statusCode = 404;
        response.end('swift rollout: POST /begin, /weights, /answers; GET /health\n');
      }
    } catch (error) {
      // Of a body that nobody can read, or that never came.
      response.statusCode = 400;
      response.end(`${JSON.stringify({ error: this.sent(error) })}\n`);
    }
  }

  /** Does work in its turn, with signs of life meanwhile. */
  private async reply(response: ServerResponse, work: () => Promise<unknown>): Promise<void> {
    response.setHeader('content-type', 'application/x-ndjson');
    response.flushHeaders();
    const pulse = setInterval(() => response.write('\n'), PULSE);
    const done = this.turn.then(work, work);
    this.turn = done.catch(() => undefined);
    let reply: Reply<unknown>;
    try {
      reply = { result: await done };
    } catch (error) {
      reply = error instanceof Forgotten ? { forgotten: true } : { error: this.sent(error) };
    } finally {
      clearInterval(pulse);
    }
    response.end(`${JSON.stringify(reply)}\n`);
  }

  private sent(error: unknown): SentError {
    if (isSwiftError(error)) {
      const { code, message, cure, exitCode } = error;
      return { code, message, cure, exitCode };
    }
    const message = `the rollout server failed: ${error instanceof Error ? error.message : String(error)}`;
    this.options.log.warn(message);
    return {
      code: 'ENGINE_CRASHED',
      message,
      cure: ['Look at what it says, and start it again.'],
      exitCode: 1,
    };
  }

  private async begin(setup: RolloutSetup): Promise<{ readonly run: string }> {
    this.options.check(setup);
    if (this.run) {
      this.former.add(this.run.id);
      await this.run.release();
      this.run = undefined;
    }
    const hosted = await this.options.begin(setup);
    this.run = { ...hosted, id: randomUUID(), hasWeights: false };
    this.options.log.info(`a run begins: ${counted(setup.parameters.length, 'tensor')} by ${setup.tuner.id}`);
    return { run: this.run.id };
  }

  private runOf(id: unknown): HostedRun {
    if (this.run && this.run.id === id) return this.run;
    if (typeof id === 'string' && this.former.has(id)) {
      throw new SwiftError('SERVER_REFUSED', 'another run has taken the rollout server over', {
        cure: 'Give each run a server of its own: swift rollout --port …',
        exitCode: 1,
      });
    }
    throw new Forgotten();
  }

  /** Float32 values, little-endian, of all that trains. */
  private async takeWeights(request: IncomingMessage, id: string | null): Promise<null> {
    const run = this.runOf(id);
    run.hasWeights = false;
    const places = run.values.map(
      ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
    );
    let [at, offset, extra] = [0, 0, 0];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      for (let start = 0; start < chunk.length;) {
        while (at < places.length && offset === places[at].length) [at, offset] = [at + 1, 0];
        if (at === places.length) {
          extra += chunk.length - start;
          break;
        }
        const part = chunk.subarray(start, start + places[at].length - offset);
        places[at].set(part, offset);
        [start, offset] = [start + part.length, offset + part.length];
      }
    }
    const isWhole = at >= places.length - 1 && offset === (places.at(-1)?.length ?? 0);
    if (!isWhole || extra > 0) throw badRequest('these are not as many values as train');
    run.hasWeights = true;
    return null;
  }

  private async answer(
    { run: id, draws }: AnswersRequest,
    response: ServerResponse,
  ): Promise<readonly Drawn[]> {
    const run = this.runOf(id);
    if (!run.hasWeights) throw badRequest('no weights have come yet');
    // Nobody waits for what a run asked that is gone.
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, this.closing.signal]);
    return run.answer(
      draws.map(({ ids, random }) => ({ ids, random: SeededRandom.restored(random) })),
      signal,
    );
  }
}

/** @throws SwiftError SERVER_REFUSED for what is no JSON object */
async function jsonOf(request: IncomingMessage): Promise<object> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw badRequest('the request is too large');
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // said below
  }
  throw badRequest('the request is no JSON object');
}

const badRequest = (fault: string): SwiftError =>
  new SwiftError('SERVER_REFUSED', `the rollout server: ${fault}`, {
    cure: 'Ask it with swift rlhf --rollout_url, of the same version.',
    exitCode: 1,
  });

function taken({ host, port }: RolloutServerOptions, cause: unknown): SwiftError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const fault = code === 'EADDRINUSE' ? 'something else listens there' : message;
  return new SwiftError('BAD_ARGUMENT', `--host ${host} --port ${port}: ${fault}`, {
    cure: 'Choose another port (--port 0 takes one that is free), or an address of this machine.',
    cause,
  });
}
