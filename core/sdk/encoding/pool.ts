/** Threads that encode rows. */
import { extname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Log } from '../../contracts/log.js';
import type { Encoding, LoadedRow, RowOutcome, SeenRows } from '../../data/index.js';
import { errorOf, unpackRows, type PackedRows } from '../../data/packed-rows.js';
import { portable } from '../../data/portable-rows.js';
import type { SwiftError } from '../../errors.js';
import { crashed, ended } from '../../thread-faults.js';
import type { EncoderDescription } from './description.js';
import type { FromEncoder, ToEncoder } from './messages.js';

const WHO = 'a thread that encodes rows';

export interface PoolOptions {
  readonly threads: number;
  /** Rows that are handed over together. */
  readonly piece: number;
  /** Encodes the first rows, while threads start, and those that no other thread can be given. */
  readonly here: Encoding;
  /** Loads the pictures of samples. */
  readonly seen?: SeenRows;
  readonly log: Pick<Log, 'warn'>;
}

interface Pending {
  readonly resolve: (packed: PackedRows) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
}

/** Each thread has one piece that it works on and one that waits: so much is under way, and no more. */
export class EncodingPool implements Encoding {
  readonly piece: number;
  readonly atOnce: number;
  /** Started with the first rows. */
  private threads: readonly Thread[] = [];
  private crash?: SwiftError;
  private isClosed = false;
  private calls = 0;
  private isReady = false;
  private early: Promise<readonly RowOutcome[] | undefined> = Promise.resolve(undefined);

  constructor(
    private readonly description: EncoderDescription,
    private readonly options: PoolOptions,
  ) {
    this.piece = options.piece;
    this.atOnce = 2 * options.threads;
  }

  async outcomes(rows: readonly LoadedRow[]): Promise<readonly RowOutcome[]> {
    if (this.crash) throw this.crash;
    if (this.threads.length === 0)
      this.threads = Array.from({ length: this.options.threads }, () => this.start(this.description));
    if (!this.isReady) {
      const early = await (this.early = this.early.then(() => this.beforeReady(rows)));
      if (early) return early;
    }
    const id = this.calls++;
    const thread = this.threads.reduce((best, one) => (one.pending.size < best.pending.size ? one : best));
    const { worker, pending } = thread;
    try {
      worker.postMessage({ id, rows: portable(rows) } satisfies ToEncoder);
    } catch {
      return this.options.here.outcomes(rows); // rows of a program may hold what cannot be copied
    }
    const packed = new Promise<PackedRows>((resolve, reject) => pending.set(id, { resolve, reject }));
    worker.ref();
    return unpackRows(await packed, rows, this.options.seen);
  }

  /** Rows that need not wait until threads are there, one piece after the other. */
  private async beforeReady(rows: readonly LoadedRow[]): Promise<readonly RowOutcome[] | undefined> {
    await setImmediate(); // lets a thread say that it is ready
    return this.isReady ? undefined : this.options.here.outcomes(rows);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
  }

  private start(workerData: EncoderDescription): Thread {
    const worker = new Worker(new URL(`./thread${extname(import.meta.url)}`, import.meta.url), {
      workerData,
    });
    const thread = { worker, pending: new Map<number, Pending>() };
    worker.unref(); // a thread that nobody waits for keeps no program from ending
    worker.on('message', (message: FromEncoder) => this.receive(thread, message));
    worker.on('messageerror', (error) => this.fail(crashed(WHO, error)));
    worker.on('error', (error) => this.fail(crashed(WHO, error)));
    worker.once('exit', (code) => this.fail(ended(WHO, `with exit code ${code}`)));
    return thread;
  }

  private receive({ worker, pending }: Thread, message: FromEncoder): void {
    if (message.kind === 'ready') {
      this.isReady = true;
      return;
    }
    if (message.kind === 'warning') {
      this.options.log.warn(message.message);
      return;
    }
    const call = pending.get(message.id);
    pending.delete(message.id);
    if (pending.size === 0) worker.unref();
    if (message.kind === 'packed') call?.resolve(message.packed);
    else call?.reject(errorOf(message.fault));
  }

  private fail(error: SwiftError): void {
    if (!this.isClosed) this.crash ??= error;
    for (const { pending } of this.threads) {
      for (const { reject } of pending.values()) reject(this.crash ?? error);
      pending.clear();
    }
  }
}
