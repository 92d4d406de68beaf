/** An engine at the other end of a channel: a thread, or a process. */
import type { Log } from '../contracts/log.js';
import { SwiftError } from '../errors.js';
import { crashed, ended } from '../thread-faults.js';
import type { FromEngine, TaskName, Tasks, ToEngine } from './messages.js';

const ENGINE = 'the engine';

/** Where an engine runs: how it is spoken to. */
export interface Channel {
  post(message: ToEngine): void;
  /** Told what comes back, an error that ended it, and its end. */
  listen(hears: {
    readonly message: (message: FromEngine) => void;
    readonly error: (error: Error) => void;
    readonly exit: (how: string) => void;
  }): void;
}

export interface CallOptions<N extends TaskName> {
  readonly onEvent?: (event: Tasks[N]['event']) => void;
  /** Asks the task to end early; what that means is the task's. */
  readonly signal?: AbortSignal;
}

interface Pending {
  readonly onEvent?: (event: never) => void;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** Asks an engine for tasks and hears of them. */
export class RemoteEngine {
  private readonly pending = new Map<number, Pending>();
  private readonly exited: Promise<void>;
  private crash?: SwiftError;
  private calls = 0;

  /** @param log where the engine's own log goes */
  constructor(
    private readonly log: Log,
    private readonly channel: Channel,
  ) {
    this.exited = new Promise((resolve) =>
      channel.listen({
        message: (message) => this.receive(message),
        error: (error) => this.fail(crashed(ENGINE, error)),
        exit: (how) => {
          this.fail(ended(ENGINE, how));
          resolve();
        },
      }),
    );
  }

  /** Does a task. @throws SwiftError what the task threw, or ENGINE_CRASHED when that was no SwiftError or the engine ended */
  call<N extends TaskName>(
    task: N,
    input: Tasks[N]['input'],
    { onEvent, signal }: CallOptions<N> = {},
  ): Promise<Tasks[N]['result']> {
    if (this.crash) return Promise.reject(this.crash);
    const id = this.calls++;
    const abort = (): void => this.post({ kind: 'abort', id });
    signal?.addEventListener('abort', abort);
    return new Promise<Tasks[N]['result']>((resolve, reject) => {
      this.pending.set(id, { onEvent, resolve, reject });
      this.post({ kind: 'call', id, task, input });
      if (signal?.aborted) abort();
    }).finally(() => signal?.removeEventListener('abort', abort));
  }

  /** Frees what tasks left open, and waits until the engine has ended. */
  async close(): Promise<void> {
    this.post({ kind: 'close' });
    await this.exited;
  }

  private post(message: ToEngine): void {
    this.channel.post(message);
  }

  private receive(message: FromEngine): void {
    if (message.kind === 'log') {
      this.log[message.level](message.message);
      return;
    }
    const call = this.pending.get(message.id);
    if (!call) return; // said before the engine crashed, heard after
    const { onEvent, resolve, reject } = call;
    if (message.kind === 'event') {
      onEvent?.(message.event as never);
      return;
    }
    this.pending.delete(message.id);
    if (message.kind === 'result') resolve(message.result as never);
    else if (message.kind === 'crash') reject(crashed(ENGINE, message.error));
    else reject(new SwiftError(message.error.code, message.error.message, message.error));
  }

  private fail(error: SwiftError): void {
    this.crash ??= error;
    for (const { reject } of this.pending.values()) reject(this.crash);
    this.pending.clear();
  }
}
