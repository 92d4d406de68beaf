import { MODALITIES } from '../contracts/modality.js';
import { didYouMean, SwiftError } from '../errors.js';
import type { Catalog, Listed } from '../registry/catalog.js';
import { sizeFilter } from './model-size.js';
import { alignColumns, type Listing } from './table.js';

/** Flags of `swift list models`, each with one value. */
export const MODEL_FILTERS = ['family', 'modality', 'size'] as const;

type Flags = ReadonlyMap<string, readonly string[]>;

/** The models that the filters leave. @throws SwiftError BAD_ARGUMENT */
export function listModels(found: readonly Listed[], catalog: Catalog, flags: Flags): Listing {
  const family = chosen(flags, 'family', catalog.knownFamilies);
  const modality = chosen(flags, 'modality', MODALITIES);
  const size = flags.get('size')?.[0];
  const fits = size === undefined ? () => true : sizeFilter(size);
  const candidates = found
    .map((model) => recordOf(model, catalog))
    .filter((model) => family === undefined || model.family === family)
    .filter((model) => modality === undefined || model.modality === modality);
  const records = candidates.filter((model) => fits(model.size));
  const unsized = candidates.filter((model) => model.size === undefined).length;
  const isNoted = size !== undefined && unsized > 0;
  const note = isNoted ? `${unsized} more have a name that does not tell their size` : undefined;
  return { records, lines: tableOf(records), note };
}

function chosen(flags: Flags, flag: string, known: readonly string[]): string | undefined {
  const value = flags.get(flag)?.[0];
  if (value === undefined || known.includes(value)) return value;
  const listed = known.length > 12 ? [] : [`Known: ${known.join(', ')}.`];
  throw new SwiftError('BAD_ARGUMENT', `--${flag} ${value}: no model is of it`, {
    cure: [...didYouMean(value, known), ...listed],
  });
}

/** What `--json` prints of a model. */
interface ModelRecord {
  readonly id: string;
  readonly hf?: string;
  readonly ms?: string;
  readonly family?: string;
  readonly architectures: readonly string[];
  readonly template?: string;
  readonly modality: string;
  readonly size?: string;
  /** Whether the tests compare its architecture with a reference implementation. */
  readonly parity: 'proven' | 'unproven';
  readonly package: string;
}

function recordOf(model: Listed, catalog: Catalog): ModelRecord {
  const { id, hf, ms, family, template, size, source } = model;
  const { architectures, modality } = catalog.family(model);
  const isProven = architectures.some((name) => catalog.isProven(name));
  const parity = isProven ? 'proven' : 'unproven';
  return { id, hf, ms, family, architectures, template, modality, size, parity, package: source.name };
}

const HEADINGS = [
  'ID',
  'SIZE',
  'FAMILY',
  'ARCHITECTURES',
  'TEMPLATE',
  'MODALITY',
  'PARITY',
  'HUGGING FACE',
  'MODELSCOPE',
];

function tableOf(records: readonly ModelRecord[]): string[] {
  if (records.length === 0) return [];
  const rows = records.map(({ id, size, family, architectures, template, modality, parity, ...rest }) => {
    const [hf, ms] = [rest.hf ?? '-', rest.ms ?? '-'];
    const from = rest.package === 'swift-ts' ? [] : [`[${rest.package}]`];
    const facts = [size ?? '-', family ?? '-', architectures.join(',') || '-', template ?? '-'];
    return [id, ...facts, modality, parity, hf, [ms, ...from].join('  ')];
  });
  return alignColumns([HEADINGS, ...rows]);
}
