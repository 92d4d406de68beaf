import { MEDIA_KINDS, type MediaKind } from '../contracts/media.js';
import { didYouMean, SwiftError } from '../errors.js';
import type { Catalog, Listed } from '../registry/catalog.js';
import { sizeFilter } from './model-size.js';
import type { Listing } from './table.js';

/** Flags of `swift list models`, each with one value. */
export const MODEL_FILTERS = ['family', 'modality', 'size'] as const;

/** What `--modality` takes: models of nothing but text, or those that take in such media. */
export const MODALITIES = ['text', ...MEDIA_KINDS] as const;

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
    .filter(({ modalities }) => modality === undefined || has(modalities, modality));
  const records = candidates.filter((model) => fits(model.size));
  const unsized = candidates.filter((model) => model.size === undefined).length;
  const isNoted = size !== undefined && unsized > 0;
  const quantized = records.filter(({ parity }) => parity === 'needs codec').length;
  const notes = [
    ...(quantized > 0
      ? [`${quantized} of them in quantized formats that do not load yet (needs codec)`]
      : []),
    ...(isNoted ? [`${unsized} more have a name that does not tell their size`] : []),
  ];
  return { records, rows: tableOf(records), note: notes.length > 0 ? notes.join('; ') : undefined };
}

/** `text` is what takes in nothing else. */
function has(modalities: readonly string[], wanted: string): boolean {
  return wanted === 'text' ? modalities.length === 1 : modalities.includes(wanted);
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
  /** `text`, and what it takes in beside. */
  readonly modalities: readonly ('text' | MediaKind)[];
  readonly size?: string;
  /** Whether the tests compare its architecture with a reference implementation; its own files may not load yet. */
  readonly parity: 'proven' | 'unproven' | 'needs codec';
  /** The codec of its files, where they are quantized. */
  readonly codec?: string;
  readonly package: string;
}

function recordOf(model: Listed, catalog: Catalog): ModelRecord {
  const { id, hf, ms, family, template, size, codec, source } = model;
  const { architectures, media = [] } = catalog.family(model);
  const modalities = ['text', ...media] as const;
  const isProven = architectures.some((name) => catalog.isProven(name));
  const parity = !catalog.loads(model) ? 'needs codec' : isProven ? 'proven' : 'unproven';
  const from = { parity, codec, package: source.name } as const;
  return { id, hf, ms, family, architectures, template, modalities, size, ...from };
}

const HEADINGS: string[] = [
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

function tableOf(records: readonly ModelRecord[]): string[][] {
  if (records.length === 0) return [];
  const rows = records.map(
    ({ id, size, family, architectures, template, modalities, parity, codec, ...rest }) => {
      const [hf, ms] = [rest.hf ?? '-', rest.ms ?? '-'];
      const from = rest.package === 'swift-ts' ? [] : [`[${rest.package}]`];
      const facts = [size ?? '-', family ?? '-', architectures.join(',') || '-', template ?? '-'];
      const state = codec === undefined ? parity : `${parity} (${codec})`;
      return [
        id,
        ...facts,
        modalities.slice(modalities.length > 1 ? 1 : 0).join(','),
        state,
        hf,
        [ms, ...from].join('  '),
      ];
    },
  );
  return [HEADINGS, ...rows];
}
