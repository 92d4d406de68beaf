import {
  argument,
  engine,
  type Engine,
  type EngineWays,
  type Job,
  type TrainResult,
  type ValuesOf,
} from 'swift-ts/plugin';

const localArguments = {
  engine_process: argument.choice(['this', 'own'], {
    default: 'this',
    help: 'own: train in a process of its own; when the machine ends it, the command lives and says how to go on',
  }),
} as const;

type LocalOptions = ValuesOf<typeof localArguments>;

@engine({ id: 'local', summary: 'this runtime, on this machine', arguments: localArguments })
export class LocalEngine implements Engine<LocalOptions> {
  run(_job: Job, { engine_process }: LocalOptions, ways: EngineWays): Promise<TrainResult> {
    return engine_process === 'own' ? ways.inOwnProcess() : ways.here();
  }
}
