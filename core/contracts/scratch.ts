import type { HostData } from '../graph/index.js';
import type { ScratchPlace } from '../nn/parameter.js';

/** What fetches weights that lie on disk. */
export type WeightReader = Pick<Scratch, 'load' | 'close'>;

/** Room on disk for tensors that do not fit in memory. */
export interface Scratch {
  /** Writes values and says where they lie. @throws SwiftError FILE_NOT_WRITABLE */
  store(data: HostData): Promise<ScratchPlace>;
  /** Fills `into` with what was stored at a place. */
  load(place: ScratchPlace, into: HostData): Promise<void>;
  /** Gives a place back for later values of its size. */
  free(place: ScratchPlace): void;
  /** Bytes on disk, freed places included. */
  readonly bytes: number;
  close(): Promise<void>;
}
