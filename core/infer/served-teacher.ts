/** A teacher behind an address: it tells the likeliest tokens of each place, and how likely they are. */
import type { Batch } from '../contracts/batch.js';
import { SwiftError } from '../errors.js';
import { UNTOLD } from '../nn/index.js';
import type { Teaching } from '../train/teaching.js';
import { CompletionsServer, type ServerPlace } from './completions-server.js';

export interface ServedTeacherOptions {
  /** Its name there. */
  readonly model: string;
  /** Tokens that it tells of each place. */
  readonly most: number;
  /** Logits are divided by it. */
  readonly temperature: number;
  /** Tokens of the model that learns. */
  readonly vocab_size: number;
}

export class ServedTeacher implements Teaching {
  private readonly server: CompletionsServer;

  constructor(
    place: ServerPlace,
    private readonly options: ServedTeacherOptions,
  ) {
    this.server = new CompletionsServer(place);
  }

  /** @throws SwiftError SERVER_UNREACHABLE, SERVER_REFUSED; BAD_ARGUMENT for one with other tokens */
  async teach({ input_ids, samples }: Batch): ReturnType<Teaching['teach']> {
    const { model, most, temperature, vocab_size } = this.options;
    const told = new Map<number, ReadonlyMap<number, number>>();
    await Promise.all(
      samples.map(async ({ start, length }) => {
        const ids = [...input_ids.subarray(start, start + length)];
        const next = await this.server.predictions({ model, ids, most });
        // What is predicted at a place is told of the token behind it.
        next.slice(1).forEach((likeliest, i) => told.set(start + i, likeliest));
      }),
    );
    const logits = (rows: Int32Array) => {
      const data = new Float32Array(rows.length * vocab_size).fill(UNTOLD);
      rows.forEach((row, i) => {
        for (const [id, logp] of told.get(row)!) {
          if (id >= vocab_size) throw otherTokens(id, vocab_size);
          data[i * vocab_size + id] = logp / temperature;
        }
      });
      return Promise.resolve({ dtype: 'float32' as const, shape: [rows.length, vocab_size], data });
    };
    return { logits, release: () => undefined };
  }

  async release(): Promise<void> {}
}

const otherTokens = (id: number, vocab_size: number): SwiftError =>
  new SwiftError('BAD_ARGUMENT', `the teacher predicts token ${id}, and the model has ${vocab_size}`, {
    cure: 'A teacher reads the same ids as the trained model: give one with its tokenizer.',
  });
