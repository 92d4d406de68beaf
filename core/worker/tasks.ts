import type { Log } from '../contracts/log.js';
import type { Chat } from '../sdk/chat.js';
import type { AnsweredRow } from '../sdk/infer-dataset.js';
import { loadPlugins } from '../registry/load-plugins.js';
import { createServices, type Services } from '../sdk/services.js';
import type { TrainHooks } from '../sdk/train-in-folder.js';
import type { TaskName, Tasks, TrainEvent } from './messages.js';

/** One method per task. `emit` tells of progress; `signal` asks for an early end. */
type Methods = {
  readonly [N in TaskName]: (
    input: Tasks[N]['input'],
    emit: (event: Tasks[N]['event']) => void,
    signal: AbortSignal,
  ) => Promise<Tasks[N]['result']>;
};

/** The tasks, done with the SDK's own functions in the thread at hand. Each imports its own, for a quick start. */
export class EngineTasks implements Methods {
  private opened?: { readonly chat: Chat; readonly services: Services };

  constructor(private readonly log: Log) {}

  readonly train: Methods['train'] = async ({ command, args }, emit, signal) => {
    const { train } = await import('../sdk/train.js');
    await loadPlugins(args.plugins);
    return train(command, args, createServices({ ...args, log: this.log }), followed(emit, signal));
  };

  readonly runJob: Methods['runJob'] = async ({ path }, emit, signal) => {
    const { runJob } = await import('../sdk/run-job.js');
    return runJob(path, this.log, followed(emit, signal));
  };

  readonly trainHere: Methods['trainHere'] = async ({ path }, emit, signal) => {
    const { runJobHere } = await import('../sdk/run-job.js');
    return runJobHere(path, this.log, followed(emit, signal));
  };

  readonly evaluate: Methods['evaluate'] = async (args, emit, signal) => {
    const { evaluate } = await import('../sdk/evaluate.js');
    await loadPlugins(args.plugins);
    return evaluate(args, createServices({ ...args, log: this.log }), {
      signal,
      onItem: (dataset, { metrics }, done, total) => emit({ dataset, metrics, done, total }),
    });
  };

  readonly sample: Methods['sample'] = async (args, emit, signal) => {
    const { sample } = await import('../sdk/sample.js');
    await loadPlugins(args.plugins);
    return sample(args, createServices({ ...args, log: this.log }), {
      signal,
      onRow: (done, total, kept) => emit({ done, total, kept }),
    });
  };

  readonly openChat: Methods['openChat'] = async (args) => {
    const { openChat } = await import('../sdk/infer.js');
    await loadPlugins(args.plugins);
    const services = createServices({ ...args, log: this.log });
    const { chat, isBase } = await openChat(args, services);
    this.opened = { chat, services };
    return { system: chat.system, isBase, sees: chat.sees };
  };

  readonly answer: Methods['answer'] = async ({ messages, system }, emit, signal) => {
    const { chat } = this.opened!;
    chat.system = system;
    const { text } = await chat.answer(messages, emit, signal);
    return { text };
  };

  readonly answerDatasets: Methods['answerDatasets'] = async (args, emit, signal) => {
    const { answerDatasets } = await import('../sdk/answer-datasets.js');
    const { chat, services } = this.opened!;
    const onAnswer = (row: AnsweredRow, done: number, total: number): void => emit({ row, done, total });
    return answerDatasets(chat, args, services, onAnswer, signal);
  };

  async close(): Promise<void> {
    await this.opened?.chat.release();
  }
}

/** Tells of a run as it goes. */
function followed(emit: (event: TrainEvent) => void, signal: AbortSignal): TrainHooks {
  return {
    signal,
    onFolder: (folder) => emit({ kind: 'folder', folder }),
    onLog: (entry) => emit({ kind: 'entry', entry }),
    observers: [
      {
        onStart: (report) => emit({ kind: 'start', report: withoutHistory(report) }),
        onStep: (report) => emit({ kind: 'step', report: withoutHistory(report) }),
        onEvaluate: (report) => emit({ kind: 'evaluate', report: withoutHistory(report) }),
        onEnd: (state) => emit({ kind: 'end', state: { ...state, log_history: [] } }),
      },
    ],
  };
}

function withoutHistory<R extends { readonly state: object }>(report: R): R {
  return { ...report, state: { ...report.state, log_history: [] } };
}
