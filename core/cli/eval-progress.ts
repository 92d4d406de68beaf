/** Follows an evaluation on stderr: a bar on a terminal, ten lines for each set elsewhere. */
import type { ItemEvent } from '../worker/messages.js';
import { isTerminal, paint, writeLine } from './terminal.js';

const WIDTH = 24;

export class EvalProgress {
  private readonly bar = isTerminal();
  private readonly sums = new Map<string, number>();
  private dataset = '';
  private drawn = false;

  onItem({ dataset, metrics, done, total }: ItemEvent): void {
    if (dataset !== this.dataset) {
      this.close();
      this.sums.clear();
      this.dataset = dataset;
    }
    for (const [name, value] of Object.entries(metrics))
      this.sums.set(name, (this.sums.get(name) ?? 0) + value);
    const means = [...this.sums].map(([name, sum]) => `${name} ${(sum / done).toFixed(3)}`);
    const facts = [`${dataset} ${done}/${total}`, ...means];
    if (this.bar) this.draw(facts, done / total);
    else if (Math.floor((10 * done) / total) > Math.floor((10 * (done - 1)) / total))
      writeLine(facts.join('  '));
  }

  /** Leaves the bar as it is and goes to the next line. */
  close(): void {
    if (this.drawn) process.stderr.write('\n');
    this.drawn = false;
  }

  private draw(facts: string[], share: number): void {
    const filled = Math.round(WIDTH * share);
    // A line that wraps could not be drawn over.
    const room = (process.stderr.columns || 80) - WIDTH - 2;
    while (facts.length > 1 && facts.join('  ').length > room) facts.pop();
    const bar = '━'.repeat(filled) + paint('╌'.repeat(WIDTH - filled), 'dim');
    process.stderr.write(`\r\u001b[2K${bar} ${facts.join('  ')}`);
    this.drawn = true;
  }
}
