/** Ctrl-C, `kill`, and the terminal that closes: asked to end early, a command ends in order; asked again, at once. */
import { constants } from 'node:os';
import type { Log } from '../contracts/log.js';
import { leaveTerminal } from './terminal.js';

const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export class Interrupts {
  private readonly abort = new AbortController();
  private hungUp = false;
  private exitCode = 130;

  /** @param ending what happens after the first one, for the user */
  constructor(
    private readonly log: Log,
    private readonly ending: string,
  ) {
    for (const signal of INTERRUPTS) process.on(signal, this.onInterrupt);
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** What the process exits with; undefined where nobody interrupted. */
  get code(): number | undefined {
    return this.signal.aborted ? this.exitCode : undefined;
  }

  /** Listens no longer. */
  ignore(): void {
    for (const signal of INTERRUPTS) process.off(signal, this.onInterrupt);
  }

  /** The last thing a process does whose terminal may be gone. */
  leave(): void {
    if (this.hungUp) leaveTerminal();
  }

  private readonly onInterrupt = (signal: NodeJS.Signals): void => {
    this.hungUp ||= signal === 'SIGHUP';
    this.exitCode = 128 + constants.signals[signal];
    if (this.signal.aborted) process.exit(this.exitCode);
    this.abort.abort();
    this.log.warn(`interrupted: ${this.ending}; Ctrl-C again ends at once`);
  };
}
