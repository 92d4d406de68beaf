/** What a loaded model says of sequences as a whole: of many, laid side by side. */
import type { Backend } from '../contracts/backend.js';
import type { Sample } from '../contracts/template.js';
import { microBatches, rowLengths } from '../data/micro-batches.js';
import { longestOf } from '../data/sequences.js';
import { readingWidth, type CausalLM, type SequenceReading } from '../nn/index.js';
import { sequencePlaces } from '../runtime/places.js';
import { TrainEngine } from '../runtime/train-engine.js';

/** Sequences that are laid out together. */
const AT_ONCE = 64;

export class SequenceReader {
  private readonly engine: TrainEngine;

  constructor(
    private readonly model: CausalLM,
    backend: Backend,
  ) {
    this.engine = new TrainEngine(backend, model, { residuals: 'save' });
  }

  /** The numbers of each sequence, in their order; of one whose steps are scored, those of each step. */
  async read(samples: readonly Sample[], name: SequenceReading): Promise<Float32Array[]> {
    const found = new Map<Sample, Float32Array>();
    const layout = { lengths: rowLengths(longestOf(samples)), padTokenId: 0, packs: this.model.packs };
    for (let start = 0; start < samples.length; start += AT_ONCE) {
      for (const batch of microBatches(samples.slice(start, start + AT_ONCE), layout)) {
        const read = await this.engine.readValues(batch, name);
        const width = readingWidth(this.model, name);
        let at = 0;
        batch.of.forEach((sample, i) => {
          const { length } = sequencePlaces(this.model, batch, batch.samples[i], name);
          found.set(sample, read.slice(at, (at += length * width)));
        });
      }
    }
    return samples.map((sample) => found.get(sample)!);
  }

  async release(): Promise<void> {
    await this.engine.release();
  }
}
