import type { WeightReader } from '../contracts/scratch.js';
import type { HostData } from '../graph/index.js';
import type { FilePlace } from '../nn/parameter.js';
import { asBytes } from './dtypes.js';
import { openFile, type RandomAccessFile } from './files.js';

/** Files of weights, opened when they are first read. */
export class WeightFiles implements WeightReader {
  private readonly opened = new Map<string, Promise<RandomAccessFile>>();

  /** @throws SwiftError FILE_NOT_FOUND, BAD_FILE */
  async load({ path, position }: FilePlace, into: HostData): Promise<void> {
    const file = this.opened.get(path) ?? openFile(path);
    this.opened.set(path, file);
    await (await file).readInto(asBytes(into), position);
  }

  async close(): Promise<void> {
    for (const file of this.opened.values()) await (await file).close();
    this.opened.clear();
  }
}
