/** What `swift sample` keeps: a journal with a line for each row that is done, and, when all are, the file itself. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SwiftError } from '../errors.js';
import { writeFileAtomic } from '../io/atomic-write.js';
import { lockFile, type FileLock } from '../io/file-lock.js';
import { StepLines } from '../train/step-lines.js';

/** A row that is done. */
export interface SampledRow {
  /** What it was asked, and how: see `sampleId`. */
  readonly id: string;
  /** The lines of the file, as objects. */
  readonly kept: readonly object[];
}

export interface SampleFileOptions {
  readonly output_dir: string;
  readonly output_file: string;
  readonly resume: boolean;
  readonly override_exist_file: boolean;
}

export class SampleFile {
  readonly path: string;
  private readonly journal: string;
  private readonly lines: StepLines;
  private readonly lock: FileLock;

  /** Holds the file until `release`. @throws SwiftError BAD_ARGUMENT where a file is there that nobody said anything of; FILE_NOT_WRITABLE while another run writes it */
  constructor({ output_dir, output_file, resume, override_exist_file }: SampleFileOptions) {
    if (!/^[^/\\]+\.jsonl$/.test(output_file)) {
      throw new SwiftError('BAD_ARGUMENT', `--output_file ${output_file}: that is no name of a jsonl file`, {
        cure: 'Give a name that ends with .jsonl; --output_dir says where.',
      });
    }
    this.path = join(output_dir, output_file);
    this.journal = `${this.path}.journal`;
    this.lines = new StepLines(this.journal, (line) => (isRow(line) ? 0 : Infinity));
    this.lock = lockFile(this.path);
    try {
      this.begin(resume, override_exist_file);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  private begin(resume: boolean, override_exist_file: boolean): void {
    const found = [this.path, this.journal].find((path) => existsSync(path));
    if (found !== undefined && !override_exist_file && !(resume && found === this.journal)) {
      throw new SwiftError('BAD_ARGUMENT', `${found} is there already`, {
        cure: [
          found === this.journal ? 'Go on with it: --resume true.' : 'Choose another --output_file.',
          'Or begin anew: --override_exist_file true.',
        ],
      });
    }
    if (!resume) rmSync(this.journal, { force: true });
  }

  /** Rows that are done, by their ids. A line that a kill cut off is taken back. */
  async done(): Promise<Map<string, SampledRow>> {
    await this.lines.forgetAfter(0);
    if (!existsSync(this.journal)) return new Map();
    const lines = readFileSync(this.journal, 'utf8').split('\n').filter(Boolean);
    return new Map(lines.map((line) => JSON.parse(line) as SampledRow).map((row) => [row.id, row]));
  }

  append(row: SampledRow): void {
    this.lines.append(row);
  }

  release(): void {
    this.lock.release();
  }

  /** Writes the file, and lets go of the journal. */
  async finish(rows: readonly SampledRow[]): Promise<void> {
    const lines = rows.flatMap(({ kept }) => kept.map((one) => `${JSON.stringify(one)}\n`));
    await writeFileAtomic(this.path, lines.join(''));
    rmSync(this.journal, { force: true });
  }
}

function isRow(line: string): boolean {
  try {
    const { id, kept } = Object(JSON.parse(line)) as Partial<SampledRow>;
    return typeof id === 'string' && Array.isArray(kept);
  } catch {
    return false;
  }
}
