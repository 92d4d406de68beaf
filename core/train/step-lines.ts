/** A file of lines, each of a step, that a run writes as it goes. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { notWritable, writeFileAtomic } from '../io/atomic-write.js';

export class StepLines {
  /** @param stepOf the step that a line is of; infinite for what is no such line */
  constructor(
    private readonly path: string,
    private readonly stepOf: (line: string) => number,
  ) {}

  /** A run that goes on in its own folder takes back the steps it does again, and a line that a kill cut off. */
  async forgetAfter(step: number): Promise<void> {
    if (!existsSync(this.path)) return;
    const lines = readFileSync(this.path, 'utf8').split(/(?<=\n)/);
    const kept = lines.filter((line) => line.endsWith('\n') && this.stepOf(line) <= step);
    if (kept.length < lines.length) await writeFileAtomic(this.path, kept.join(''));
  }

  /** @throws SwiftError NOT_WRITABLE */
  append(entry: object): void {
    try {
      appendFileSync(this.path, `${JSON.stringify(entry)}\n`);
    } catch (error) {
      throw notWritable(this.path, error);
    }
  }
}
