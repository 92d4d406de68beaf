import type { HostTensor } from '../contracts/backend.js';
import type { WeightReader } from '../contracts/scratch.js';
import { partSpecs } from '../graph/index.js';
import type { Parameter } from '../nn/index.js';
import { BufferPool } from './buffers.js';

/** Weights as segments read them: those in memory as they are, those on disk read ahead, one block at a time. */
export class WeightStream {
  private readonly buffers = new BufferPool();
  private readonly reading = new Map<Parameter, Promise<HostTensor[]>>();

  constructor(private readonly disk?: WeightReader) {}

  /**
   * The parts of parameters, in order.
   * @param next parameters wanted soon, which are read while these are in use
   */
  async take(parameters: readonly Parameter[], next: readonly Parameter[] = []): Promise<HostTensor[]> {
    const parts: HostTensor[] = [];
    for (const parameter of parameters) parts.push(...(await this.partsOf(parameter)));
    for (const parameter of next) if (parameter.places) void this.read(parameter);
    return parts;
  }

  /** Gives the memory of what `take` returned back. */
  give(parameters: readonly Parameter[], parts: readonly HostTensor[]): void {
    let at = 0;
    for (const parameter of parameters) {
      const count = partSpecs(parameter.layout).length;
      if (parameter.places) this.buffers.give(parts.slice(at, at + count));
      at += count;
    }
  }

  /** Bytes of memory held for reading. */
  get bytes(): number {
    return this.buffers.allocatedBytes;
  }

  private async partsOf(parameter: Parameter): Promise<readonly HostTensor[]> {
    if (!parameter.places) return parameter.weight.parts;
    const parts = await this.read(parameter);
    this.reading.delete(parameter);
    return parts;
  }

  private read(parameter: Parameter): Promise<HostTensor[]> {
    let reading = this.reading.get(parameter);
    if (!reading) {
      const parts = partSpecs(parameter.layout).map((spec) => this.buffers.take(spec));
      const loads = parts.map(({ data }, i) => this.disk!.load(parameter.places![i], data));
      reading = Promise.all(loads).then(() => parts);
      // A failure is met by whoever takes the parameter.
      reading.catch(() => undefined);
      this.reading.set(parameter, reading);
    }
    return reading;
  }
}
