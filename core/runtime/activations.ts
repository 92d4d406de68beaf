import type { HostTensor } from '../contracts/backend.js';
import type { Scratch } from '../contracts/scratch.js';
import type { ScratchPlace } from '../nn/index.js';
import type { BufferPool } from './buffers.js';

/** A block's activations between its forward and its backward. */
export interface Parked {
  readonly tensors: readonly HostTensor[];
  /** Where they lie on disk; absent when they stayed in memory. */
  readonly places?: Promise<readonly ScratchPlace[]>;
}

/** Keeps activations for backward: in memory, or on disk while other blocks compute. */
export class Activations {
  private writing: Promise<unknown> = Promise.resolve();
  private readonly reading = new Map<Parked, Promise<HostTensor[]>>();

  constructor(
    private readonly buffers: BufferPool,
    private readonly scratch?: Scratch,
  ) {}

  /** Takes tensors over. At most two blocks' are in memory while they are written. */
  async park(tensors: readonly HostTensor[]): Promise<Parked> {
    const { scratch } = this;
    if (!scratch) return { tensors };
    await this.writing;
    const places = Promise.all(tensors.map(({ data }) => scratch.store(data)));
    this.writing = places.then(() => this.buffers.give(tensors));
    // A failure is met by the next block, or by whoever fetches.
    this.writing.catch(() => undefined);
    return { tensors: tensors.map(({ dtype, shape }) => ({ dtype, shape, data: NOTHING })), places };
  }

  /** The tensors again. @param next what is wanted after these, read while they are in use */
  async fetch(parked: Parked, next?: Parked): Promise<readonly HostTensor[]> {
    if (!parked.places) return parked.tensors;
    await this.writing;
    const tensors = await this.read(parked);
    this.reading.delete(parked);
    if (next) void this.read(next);
    return tensors;
  }

  private read(parked: Parked): Promise<HostTensor[]> {
    let reading = this.reading.get(parked);
    if (!reading) {
      reading = this.load(parked);
      reading.catch(() => undefined);
      this.reading.set(parked, reading);
    }
    return reading;
  }

  private async load({ tensors, places }: Parked): Promise<HostTensor[]> {
    const held = await places!;
    const loaded = tensors.map((spec) => this.buffers.take(spec));
    await Promise.all(
      held.map(async (place, i) => {
        await this.scratch!.load(place, loaded[i].data);
        this.scratch!.free(place);
      }),
    );
    return loaded;
  }
}

const NOTHING = new Uint8Array(0);
