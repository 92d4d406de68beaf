/** Which samples each optimizer step sees, of rows that are read as training goes. */
import type { Sample } from '../contracts/template.js';
import type { DataPlan, DataStep, PlanOptions } from './data-plan.js';
import { rowOrder } from './order.js';
import type { LoadedRow } from './source.js';
import { unitsOf, type Unit } from './units.js';

/** Where a stream stands. */
export interface StreamCursor {
  /** Passes over the data that are done. */
  readonly epoch: number;
  /** Of this pass: the window of rows, and how many of it (rows; packed rows when packing) are behind. */
  readonly window: number;
  readonly place: number;
  /** Optimizer steps of this pass. */
  readonly steps: number;
  /** Of a pass, known once the first one is done. */
  readonly steps_per_epoch?: number;
}

/** Rows that are read on demand, and made into samples on demand. */
export interface SampleStream {
  /** Tokens of the longest sequence that may come. */
  readonly longest: number;
  /** Rows of window `window` of a pass, in their order; undefined after the last one. Windows are asked for in order. */
  window(epoch: number, window: number): Promise<readonly LoadedRow[] | undefined>;
  /** The samples of rows of a window, in their order; undefined where a row gives none. They may be made ahead. */
  encoded(rows: readonly LoadedRow[]): AsyncIterable<Sample | undefined>;
  /** A pass is over. @throws SwiftError EMPTY_DATASET where it gave no sample */
  endPass(): void;
  /** Closes what is open. */
  release(): Promise<void>;
}

/** The next one, and where the stream stands before it is taken. */
interface Ahead {
  readonly unit: Unit;
  readonly cursor: Pick<StreamCursor, 'epoch' | 'window' | 'place'>;
}

/**
 * Rows are shuffled within windows, one after the other, and encoded a little ahead of where they are asked for; batches go across windows. A
 * pass that ends begins anew. Nothing is held but one window of rows.
 */
export class StreamPlan implements DataPlan {
  stepsPerEpoch?: number;
  private readonly units: AsyncGenerator<Ahead>;
  private cursor: StreamCursor;
  private ahead?: Ahead;
  private last?: { readonly step: number; readonly said: DataStep };

  constructor(
    private readonly stream: SampleStream,
    private readonly options: PlanOptions,
    cursor: StreamCursor = { epoch: 0, window: 0, place: 0, steps: 0 },
  ) {
    this.cursor = cursor;
    this.stepsPerEpoch = cursor.steps_per_epoch;
    this.units = this.unitsFrom(cursor);
  }

  get longest(): number {
    return this.stream.longest;
  }

  async at(step: number): Promise<DataStep> {
    if (this.last?.step !== step) this.last = { step, said: await this.next() };
    return this.last.said;
  }

  private async next(): Promise<DataStep> {
    const samples: Sample[] = [];
    let ahead = this.ahead ?? (await this.look());
    const { epoch } = ahead.cursor;
    for (let i = 0; i < this.options.samplesPerStep && ahead.cursor.epoch === epoch; i++) {
      samples.push(...ahead.unit);
      ahead = await this.look();
    }
    this.ahead = ahead;
    const endsEpoch = ahead.cursor.epoch > epoch;
    const steps = this.cursor.steps + 1;
    if (endsEpoch) this.stepsPerEpoch ??= steps;
    const steps_per_epoch = this.stepsPerEpoch;
    this.cursor = { ...ahead.cursor, steps: endsEpoch ? 0 : steps, steps_per_epoch };
    const share = steps_per_epoch === undefined ? 0 : this.cursor.steps / steps_per_epoch;
    return { samples, epoch: ahead.cursor.epoch + share, endsEpoch, cursor: this.cursor };
  }

  private async look(): Promise<Ahead> {
    const { value } = (await this.units.next()) as { value: Ahead };
    return value;
  }

  /** Without end. */
  private async *unitsFrom(from: Pick<StreamCursor, 'epoch' | 'window' | 'place'>): AsyncGenerator<Ahead> {
    for (let { epoch, window, place } = from; ; epoch++, window = 0) {
      for (; ; window++, place = 0) {
        const rows = await this.stream.window(epoch, window);
        if (rows === undefined) break;
        const at = (place: number) => ({ epoch, window, place });
        if (this.options.packing) {
          const samples: Sample[] = [];
          for await (const sample of this.stream.encoded(rows)) if (sample) samples.push(sample);
          const units = unitsOf(samples, this.options.packing);
          const order = rowOrder(units.length, this.options.seed, epoch, window);
          for (; place < units.length; place++) yield { unit: units[order[place]], cursor: at(place) };
          continue;
        }
        const order = [...rowOrder(rows.length, this.options.seed, epoch, window)].slice(place);
        for await (const sample of this.stream.encoded(order.map((row) => rows[row]))) {
          if (sample) yield { unit: [sample], cursor: at(place) };
          place++;
        }
      }
      this.stream.endPass();
    }
  }
}
