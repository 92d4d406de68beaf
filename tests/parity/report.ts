/** Every parity case measured, as docs/PARITY.md and `npm run parity` show it. */
import type { Backend } from '../../core/contracts/backend.js';
import type { ParityCase } from './cases.js';
import { measureCase, TOLERANCE, type Distances } from './measure.js';

export interface ParityEntry {
  /** Folder below tests/fixtures/parity/models. */
  readonly id: string;
  readonly title: string;
  readonly architecture: string;
  /** What it is compared with. */
  readonly oracle: string;
  readonly distances: Distances;
  readonly tolerance: typeof TOLERANCE;
  /** Whether no distance is above its tolerance and all greedy ids are the same. */
  readonly within: boolean;
}

export async function measureModel(parity: ParityCase, backend: Backend): Promise<ParityEntry> {
  const { id, architecture, oracle } = parity;
  const distances = await measureCase(parity, backend);
  return {
    id,
    title: oracle.title,
    architecture,
    oracle: oracle.oracle ?? `Transformers ${oracle.versions.transformers}`,
    distances,
    tolerance: TOLERANCE,
    within: isWithin(distances),
  };
}

function isWithin(distances: Distances): boolean {
  const kinds = Object.keys(TOLERANCE) as (keyof typeof TOLERANCE)[];
  // Not `>`: a distance that is NaN is not within anything.
  const isNear = kinds.every((kind) => distances[kind] <= TOLERANCE[kind]);
  return isNear && distances.padded <= TOLERANCE.logits && distances.generated === distances.asked;
}
