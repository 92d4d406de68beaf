import { join } from 'node:path';
import { lineChart, type ChartSeries } from '../report/line-chart.js';
import { writeFileAtomic } from '../io/atomic-write.js';
import { openTensorBoard, type TensorBoardWriter } from '../report/tensorboard.js';
import { duration } from './duration.js';
import type { EvaluationReport, RunObserver, StepReport } from './observer.js';
import type { LogEntry, LogInterval, TrainerState } from './state.js';
import { StepLines } from './step-lines.js';
import { makeFolder } from '../io/make-folder.js';

const NO_STEPS: LogInterval = { steps: 0, loss: 0, supervised: 0, tokens: 0, seconds: 0, metrics: {} };

function withStep(so: LogInterval, report: StepReport): LogInterval {
  const metrics = { ...so.metrics };
  for (const [name, value] of Object.entries(report.metrics)) {
    const { sum, steps } = metrics[name] ?? { sum: 0, steps: 0 };
    metrics[name] = { sum: sum + value, steps: steps + 1 };
  }
  return {
    steps: so.steps + 1,
    loss: so.loss + report.loss,
    ...(report.correct !== undefined && { correct: (so.correct ?? 0) + report.correct }),
    supervised: so.supervised + report.supervised,
    tokens: so.tokens + report.tokens,
    seconds: so.seconds + report.seconds,
    metrics,
  };
}

function meansOf({ steps, loss, correct, supervised, tokens, seconds, metrics }: LogInterval) {
  return {
    loss: loss / steps,
    ...(correct === undefined ? {} : { acc: correct / supervised }),
    ...Object.fromEntries(Object.entries(metrics).map(([name, { sum, steps: of }]) => [name, sum / of])),
    'train_speed(iter/s)': steps / seconds,
    tokens_per_second: tokens / seconds,
  };
}

const GIB = 2 ** 30;

export interface RunLogOptions {
  readonly folder: string;
  readonly loggingSteps: number;
  readonly tensorBoard: boolean;
}

/** Writes `logging.jsonl` as the run goes, TensorBoard events under `runs/`, and curves under `images/` at the end. */
export class RunLog implements RunObserver {
  private readonly started = performance.now();
  private readonly lines: StepLines;
  private firstStep = 0;
  /** The last step, when it is not logged yet. */
  private pending?: StepReport;
  /** Names of the objective's own measures. */
  private readonly measures = new Set<string>();

  private constructor(
    private readonly options: RunLogOptions,
    private readonly events: TensorBoardWriter | undefined,
    private readonly onEntry: (entry: LogEntry) => void,
  ) {
    this.lines = new StepLines(join(options.folder, 'logging.jsonl'), stepOf);
  }

  static async open(options: RunLogOptions, onEntry: (entry: LogEntry) => void): Promise<RunLog> {
    makeFolder(options.folder);
    const events = options.tensorBoard ? await openTensorBoard(join(options.folder, 'runs')) : undefined;
    return new RunLog(options, events, onEntry);
  }

  async onStart({ state }: { state: TrainerState }): Promise<void> {
    this.firstStep = state.global_step;
    for (const name of Object.keys(state.log_interval?.metrics ?? {})) this.measures.add(name);
    await this.lines.forgetAfter(state.global_step);
  }

  async onStep(report: StepReport): Promise<void> {
    for (const name of Object.keys(report.metrics)) this.measures.add(name);
    const { state } = report;
    state.log_interval = withStep(state.log_interval ?? NO_STEPS, report);
    this.pending = report;
    const { global_step: step, max_steps } = state;
    if (step === 1 || step === max_steps || step % this.options.loggingSteps === 0) await this.log(report);
  }

  private async log(report: StepReport): Promise<void> {
    this.pending = undefined;
    const means = meansOf(report.state.log_interval!);
    report.state.log_interval = undefined;
    const { gradientNorm: grad_norm, learningRate: learning_rate } = report;
    const scalars = {
      ...means,
      grad_norm,
      learning_rate,
      'memory(GiB)': process.memoryUsage.rss() / GIB,
      'peak_memory(GiB)': (process.resourceUsage().maxRSS * 1024) / GIB,
    };
    await this.write(report.state, 'train', scalars);
  }

  async onEvaluate({ state, loss, accuracy, metrics, samples, seconds }: EvaluationReport): Promise<void> {
    await this.write(state, 'eval', {
      eval_loss: loss,
      ...(accuracy === undefined ? {} : { eval_acc: accuracy }),
      ...Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`eval_${name}`, value])),
      eval_runtime: seconds,
      eval_samples_per_second: samples / seconds,
    });
  }

  async onEnd(state: TrainerState): Promise<void> {
    // A run that ends early has steps since its last entry.
    if (this.pending) await this.log(this.pending);
    await this.events?.close();
    const images = join(this.options.folder, 'images');
    for (const name of new Set(['loss', 'acc', 'learning_rate', 'grad_norm', ...this.measures])) {
      const series = seriesOf(state, name, `train/${name}`);
      if (series.x.length === 0) continue;
      const evaluated = seriesOf(state, `eval_${name}`, `eval/${name}`);
      const chart = lineChart({
        ...series,
        // A schedule is what it is; the others scatter.
        smoothed: name !== 'learning_rate',
        beside: evaluated.x.length > 0 ? evaluated : undefined,
      });
      await writeFileAtomic(join(images, `train_${name.replaceAll('/', '_')}.svg`), chart);
    }
  }

  private async write(
    state: TrainerState,
    group: 'train' | 'eval',
    scalars: Record<string, number>,
  ): Promise<void> {
    const { global_step: step, max_steps } = state;
    const elapsed = (performance.now() - this.started) / 1000;
    const done = step - this.firstStep;
    const remaining = (elapsed / Math.max(1, done)) * (max_steps - step);
    const entry: LogEntry = {
      ...mapValues(scalars, (value) => Number(value.toPrecision(8))),
      epoch: Number(state.epoch.toFixed(4)),
      'global_step/max_steps': `${step}/${max_steps}`,
      percentage: `${((100 * step) / max_steps).toFixed(2)}%`,
      elapsed_time: duration(elapsed),
      remaining_time: duration(remaining),
    };
    state.log_history.push(entry);
    this.lines.append(entry);
    const named = Object.entries(scalars).map(([name, value]) => [
      `${group}/${name.replace(/^eval_/, '')}`,
      value,
    ]);
    await this.events?.writeScalars(step, Object.fromEntries(named) as Record<string, number>);
    this.onEntry(entry);
  }
}

function seriesOf({ log_history }: TrainerState, field: string, name: string): ChartSeries {
  const rows = log_history.filter((entry) => typeof entry[field] === 'number');
  return {
    name,
    x: rows.map((entry) => Number(String(entry['global_step/max_steps']).split('/')[0])),
    y: rows.map((entry) => Number(entry[field])),
  };
}

/** The step a line of `logging.jsonl` is of; infinite for what is no such line. */
function stepOf(line: string): number {
  const [, step] = /"global_step\/max_steps":"(\d+)\//.exec(line) ?? [];
  return step === undefined ? Infinity : Number(step);
}

function mapValues(record: Record<string, number>, map: (value: number) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
