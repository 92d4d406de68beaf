import { join } from 'node:path';
import type { Log } from '../contracts/log.js';
import { answersFile, drawingName, drawingsOf } from '../sdk/answers-file.js';
import type { Chat } from '../sdk/chat.js';
import type { AnsweredRow } from '../sdk/infer-dataset.js';
import type { JudgedRow } from '../sdk/judge-dataset.js';
import type { Judgement, Scorer } from '../sdk/scorer.js';
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
  private opened?: { readonly services: Services; readonly drawings?: string } & (
    { readonly chat: Chat } | { readonly scorer: Scorer }
  );
  private drawn = 0;

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

  readonly rollout: Methods['rollout'] = async (args, emit, signal) => {
    const { serveRollouts } = await import('../sdk/serve-rollouts.js');
    await loadPlugins(args.plugins);
    await serveRollouts(args, createServices({ ...args, log: this.log }), {
      signal,
      onListening: (url) => emit({ url }),
    });
  };

  readonly openChat: Methods['openChat'] = async (args) => {
    const { openPartner } = await import('../sdk/infer.js');
    await loadPlugins(args.plugins);
    const services = createServices({ ...args, log: this.log });
    const partner = await openPartner(args, services);
    const drawings = args.draw ? drawingsOf(answersFile(args)) : undefined;
    this.opened = { ...partner, services, drawings };
    // What is said of a conversation hangs on no earlier one.
    if ('scorer' in partner)
      return { system: args.system ?? undefined, isBase: true, media: partner.scorer.media };
    const { chat, isBase } = partner;
    return { system: chat.system, isBase, media: chat.media };
  };

  readonly answer: Methods['answer'] = async ({ messages, system }, emit, signal) => {
    const opened = this.opened!;
    if ('scorer' in opened) {
      const [judgement] = await opened.scorer.judge([{ messages }], system);
      const text = judgementText(judgement);
      emit(text);
      return { text };
    }
    opened.chat.system = system;
    const { text, objects } = await opened.chat.answer(messages, emit, signal);
    if (!objects || opened.drawings === undefined) return { text, objects };
    const { drawObjects } = await import('../sdk/draw-objects.js');
    const drawn = join(opened.drawings, drawingName(++this.drawn));
    await drawObjects({ messages }, objects, drawn);
    return { text, objects, drawn };
  };

  readonly answerDatasets: Methods['answerDatasets'] = async (args, emit, signal) => {
    const { answerDatasets, judgeDatasets } = await import('../sdk/answer-datasets.js');
    const opened = this.opened!;
    if ('scorer' in opened) {
      const onRow = (row: JudgedRow, done: number, total: number): void => {
        const label = row.label === undefined ? undefined : JSON.stringify(row.label);
        emit({ asked: row.messages.at(-1)!.content, response: judgementText(row), label, done, total });
      };
      return judgeDatasets(opened.scorer, args, opened.services, onRow, signal);
    }
    const onAnswer = (
      { query: asked, response, label, drawn }: AnsweredRow,
      done: number,
      total: number,
    ): void => emit({ asked, response, label, drawn, done, total });
    return answerDatasets(opened.chat, args, opened.services, onAnswer, signal);
  };

  async close(): Promise<void> {
    if (this.opened) await ('scorer' in this.opened ? this.opened.scorer : this.opened.chat).release();
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

/** As the terminal shows it: the class and how probable each is, or the numbers. */
function judgementText({ response, probabilities }: Judgement): string {
  const said = JSON.stringify(response);
  return probabilities ? `${said}  (${probabilities.map((one) => one.toFixed(3)).join(' ')})` : said;
}
