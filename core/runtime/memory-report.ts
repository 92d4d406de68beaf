import { formatName } from '../graph/index.js';
import type { CausalLM } from '../nn/index.js';

/** Who holds how many bytes. */
export interface MemoryEntry {
  readonly what: string;
  readonly bytes: number;
}

/** Weights by format, those on disk apart. */
export function weightEntries(model: CausalLM): MemoryEntry[] {
  const bytes = new Map<string, number>();
  const add = (what: string, size: number): void => void bytes.set(what, (bytes.get(what) ?? 0) + size);
  for (const [, parameter] of model.namedParameters()) {
    const format = formatName(parameter.format);
    if (parameter.places) {
      for (const place of parameter.places) add(`weights on disk, ${format}`, place.bytes);
    } else {
      const what = parameter.trainable ? 'trained weights' : `weights, ${format}`;
      for (const { data } of parameter.weight.parts) add(what, data.byteLength);
    }
  }
  return [...bytes].map(([what, size]) => ({ what, bytes: size }));
}
