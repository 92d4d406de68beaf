/** What carries out a job. */
import type { Job, TrainResult } from './job.js';
import type { Log } from './log.js';
import type { PluginMeta, PluginOptions } from './plugin-meta.js';

/** Carries jobs out. `Options` are the values of the arguments that its decorator declares. */
export interface Engine<Options = PluginOptions> {
  /** Refuses jobs that it cannot carry out, before weights are read. @throws SwiftError BAD_ARGUMENT */
  check?(job: Job, options: Options): void;
  /** @throws SwiftError */
  run(job: Job, options: Options, ways: EngineWays): Promise<TrainResult>;
}

/** What an engine works with. Whoever follows the run is told by these ways, and may end it by `signal`. */
export interface EngineWays {
  readonly log: Log;
  /** Ends the run after the step it is in, with a checkpoint. */
  readonly signal?: AbortSignal;
  /** This runtime, in this process. */
  here(): Promise<TrainResult>;
  /** This runtime, in a process of its own, which is given the job as a file. */
  inOwnProcess(): Promise<TrainResult>;
}

export type EngineMeta = PluginMeta;
