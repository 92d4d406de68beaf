import { counted } from '../counted.js';
import type { EvaluationReport, RunObserver, StartReport, StepReport } from '../train/observer.js';
import { duration } from '../train/duration.js';
import type { LogEntry } from '../train/state.js';
import { isTerminal, paint, writeLine } from './terminal.js';

const WIDTH = 24;
/** Of an objective's measures, those that tell at a glance whether it works. */
const SHOWN = ['acc', 'mrr', 'margin', 'rewards/accuracies', 'rewards/margins', 'reward'];

const GIB = 2 ** 30;

/** Follows a run on stderr: a bar with rate and time left on a terminal, a line per log entry elsewhere. */
export class Progress implements RunObserver {
  private readonly bar: boolean;
  private started = 0;
  private firstStep = 0;
  private rate = 0;
  /** What stands on the terminal's last line. */
  private drawn = '';

  constructor(plain: boolean) {
    this.bar = !plain && isTerminal();
  }

  onStart({ state, rows, stepsPerEpoch, trainable }: StartReport): void {
    this.started = performance.now();
    this.firstStep = state.global_step;
    const resumed = state.global_step > 0 ? `, going on from step ${state.global_step}` : '';
    const trained = trainable.toLocaleString('en');
    const data =
      rows === undefined
        ? ', rows are read as they are needed'
        : ` (${stepsPerEpoch} per epoch), ${counted(rows, 'sample')}`;
    writeLine(`training: ${counted(state.max_steps, 'step')}${data}, ${trained} trained values${resumed}`);
  }

  onStep(report: StepReport): void {
    if (!this.bar) return;
    const { global_step: step, max_steps } = report.state;
    const filled = Math.round((WIDTH * step) / max_steps);
    const bar = '━'.repeat(filled) + paint('╌'.repeat(WIDTH - filled), 'dim');
    const speed = report.tokens / report.seconds;
    this.rate = this.rate === 0 ? speed : 0.9 * this.rate + 0.1 * speed;
    const elapsed = (performance.now() - this.started) / 1000;
    const left = (elapsed / (step - this.firstStep)) * (max_steps - step);
    const facts = [
      `${step}/${max_steps}`,
      `loss ${fixed(report.loss, 4)}`,
      `${duration(left)} left`,
      `${this.rate.toFixed(0)} tok/s`,
      `${(process.memoryUsage.rss() / GIB).toFixed(2)} GiB`,
    ];
    // A line that wraps could not be drawn over.
    const room = (process.stderr.columns || 80) - WIDTH - 2;
    while (facts.length > 1 && facts.join('  ').length > room) facts.pop();
    this.drawn = `${bar} ${facts.join('  ')}`;
    process.stderr.write(`\r\u001b[2K${this.drawn}`);
  }

  onEvaluate({ state, loss, accuracy, metrics }: EvaluationReport): void {
    const measures = [
      ...(accuracy === undefined ? [] : [`eval_acc ${accuracy.toFixed(3)}`]),
      ...SHOWN.flatMap((name) => (name in metrics ? `eval_${name} ${metrics[name].toFixed(3)}` : [])),
    ];
    writeLine([`step ${state.global_step}: eval_loss ${fixed(loss, 4)}`, ...measures].join(', '));
    process.stderr.write(this.drawn);
  }

  /** Leaves the bar as it is and goes to the next line; also after a run that failed. */
  close(): void {
    if (this.drawn !== '') process.stderr.write('\n');
    this.drawn = '';
  }

  /** One entry of the log, where there is no bar. */
  entry(entry: LogEntry): void {
    if (this.bar || entry.loss === undefined) return;
    const number = (name: string, digits: number): string => fixed(Number(entry[name]), digits);
    writeLine(
      [
        `step ${entry['global_step/max_steps']}`,
        `loss ${number('loss', 4)}`,
        ...SHOWN.flatMap((name) => (name in entry ? `${name} ${number(name, 3)}` : [])),
        `lr ${Number(entry.learning_rate).toExponential(2)}`,
        `grad_norm ${number('grad_norm', 2)}`,
        `${number('tokens_per_second', 0)} tok/s`,
        `${number('memory(GiB)', 2)} GiB`,
        `${entry.remaining_time} left`,
      ].join('  '),
    );
  }
}

/** No sign before zeros. */
function fixed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/^-(?=[0.]+$)/, '');
}
