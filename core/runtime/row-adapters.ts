/** Which adapters the rows of a batch are answered with: all with the same, or each with its own. */
import type { HostTensor } from '../contracts/backend.js';
import type { Tensor } from '../graph/index.js';
import type { CausalLM } from '../nn/index.js';
import type { TraceScope } from './trace.js';
import { asTuned, versionKey, type Version } from './version.js';

/** The adapters that take part in an answer, and how much each counts. */
export type AdapterChoice = ReadonlyMap<string, number>;

export interface RowAdapters {
  /** Tells the graphs it asks for from others. */
  readonly key: string;
  readonly version: Version;
  /** What segments are given beside their own data: how much each adapter counts in each row, [B], where rows differ. */
  readonly data: readonly HostTensor[];
  /** Makes a segment that is traced follow them. @param tensors for `data` */
  follow(scope: TraceScope, tensors: readonly Tensor[]): void;
}

/** @param choices of each row; a row without one is answered with those active in the model */
export function rowAdapters(
  model: CausalLM,
  batch: number,
  choices: readonly (AdapterChoice | undefined)[] = [],
): RowAdapters {
  const rows = Array.from({ length: batch }, (_, row) => choices[row] ?? model.active_adapters);
  const keys = new Set(rows.map((adapters) => versionKey({ adapters })));
  if (keys.size === 1) {
    const version = { adapters: rows[0] };
    return { key: versionKey(version), version, data: [], follow: () => undefined };
  }
  const names = [...new Set(rows.flatMap((adapters) => [...adapters.keys()]))].sort();
  return {
    key: ` by row ${names.join(',')}`,
    version: asTuned(model),
    data: names.map((name) => ({
      dtype: 'float32',
      shape: [batch],
      data: Float32Array.from(rows, (adapters) => adapters.get(name) ?? 0),
    })),
    follow(scope, tensors) {
      scope.adapters = new Map(names.map((name, i) => [name, tensors[i]]));
    },
  };
}
