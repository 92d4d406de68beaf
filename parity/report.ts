/** Every parity case measured, as docs/PARITY.md and `npm run parity` show it. */
import { join } from 'node:path';
import type { Backend } from '../core/contracts/backend.js';
import { architectureOf, fixture, multimodalIds, parityCases, readJson, type Oracle } from './cases.js';
import { measureMultimodal } from './multimodal-measure.js';
import { measureSequences, sequenceCases } from './sequences.js';
import { measureCase, TOLERANCE, type Distances } from './measure.js';

export interface ParityEntry {
  /** Folder below tests/fixtures/parity/models, sequences or multimodal. */
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

/** A case of a model, whatever it reads. */
export interface ModelCase extends Pick<ParityEntry, 'id' | 'architecture'> {
  readonly oracle: Pick<Oracle, 'title' | 'versions' | 'oracle' | 'model_type'>;
  readonly measure: (backend: Backend) => Promise<Distances>;
}

/** Models of text, those that read sequences as a whole, then those that see. */
export function modelCases(): ModelCase[] {
  const text = parityCases().map((parity): ModelCase => ({
    ...parity,
    measure: (backend) => measureCase(parity, backend),
  }));
  const seeing = multimodalIds().map((id): ModelCase => {
    const folder = fixture('multimodal', id);
    return {
      id,
      architecture: architectureOf(folder),
      oracle: readJson(join(folder, 'oracle.json')),
      measure: (backend) => measureMultimodal(id, backend),
    };
  });
  const reading = sequenceCases().map((parity): ModelCase => ({
    ...parity,
    measure: (backend) => measureSequences(parity, backend),
  }));
  return [...text, ...reading, ...seeing];
}

export async function measureModel(parity: ModelCase, backend: Backend): Promise<ParityEntry> {
  const { id, architecture, oracle } = parity;
  const distances = await parity.measure(backend);
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
