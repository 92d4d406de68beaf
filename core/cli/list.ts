import { parseFlags } from '../config/parse-flags.js';
import { didYouMean, SwiftError } from '../errors.js';
import { Catalog, type Listed } from '../registry/catalog.js';
import { loadPlugins } from '../registry/load-plugins.js';
import { PLUGIN_KINDS, type PluginKind } from '../registry/kinds.js';
import { listModels, MODEL_FILTERS } from './list-models.js';
import { alignColumns, type Listing } from './table.js';

/** `swift list <kind> [filter] [--json] [--plugins …]`: from registry.json alone, no plugin is imported. */
export async function run(argv: readonly string[]): Promise<void> {
  const { positional, flags } = parseFlags(argv);
  const [wanted, filter = '', ...rest] = positional;
  const kind = kindOf(wanted);
  checkFlags(kind, flags, rest);
  const named = flags.get('plugins');
  await loadPlugins(named ?? []);
  const catalog = Catalog.discover(named);
  for (const { message } of catalog.faults) process.stderr.write(`left out: ${message}\n`);
  const found = catalog
    .list(kind)
    .filter(({ id, hf, ms, tags = [] }) =>
      [id, hf, ms, ...tags].some((name) => name && plain(name).includes(plain(filter))),
    );
  const { records, rows, note } = kind === 'model' ? listModels(found, catalog, flags) : listOthers(found);
  if (flags.has('json')) process.stdout.write(`${JSON.stringify(records, null, 1)}\n`);
  else writeTable(rows);
  const count = records.length === 1 ? `1 ${kind}` : `${records.length} ${kind}s`;
  process.stderr.write(`${count}${note === undefined ? '' : `; ${note}`}\n`);
}

/** As wide as it is where something else reads it, fitted to the window on a terminal. */
function writeTable(rows: Listing['rows']): void {
  const { stdout } = process;
  const lines = alignColumns(rows, stdout.isTTY ? stdout.columns : undefined);
  stdout.write(lines.map((line) => `${line}\n`).join(''));
}

function kindOf(wanted: string | undefined): PluginKind {
  const kind = PLUGIN_KINDS.find((one) => one === wanted || `${one}s` === wanted);
  if (kind) return kind;
  const names = PLUGIN_KINDS.map((one) => `${one}s`);
  throw new SwiftError('BAD_ARGUMENT', wanted === undefined ? 'list what?' : `there is no kind '${wanted}'`, {
    cure: [...didYouMean(wanted ?? '', names), `Kinds: ${names.join(', ')}.`],
  });
}

function checkFlags(
  kind: PluginKind,
  flags: ReadonlyMap<string, readonly string[]>,
  rest: readonly string[],
): void {
  const filters: readonly string[] = kind === 'model' ? MODEL_FILTERS : [];
  const known = ['json', 'plugins', ...filters];
  const unknown = [...flags.keys()].find((flag) => !known.includes(flag));
  const shown = unknown === undefined ? rest[0] : `--${unknown}`;
  if (shown !== undefined) {
    throw new SwiftError('UNKNOWN_ARGUMENT', `swift list ${kind}s takes no '${shown}'`, {
      cure: [
        ...didYouMean(unknown ?? '', known),
        `It takes one text to search for, and --${known.join(', --')}.`,
      ],
    });
  }
  for (const [flag, values] of flags) {
    const isRight = flag === 'plugins' ? values.length > 0 : values.length === (flag === 'json' ? 0 : 1);
    if (isRight) continue;
    const expected = { json: 'no value', plugins: 'packages' }[flag] ?? 'one value';
    throw new SwiftError('BAD_ARGUMENT', `--${flag} takes ${expected}, not '${values.join(' ')}'`, {
      cure: 'The text to search for goes before the flags: swift list models qwen --json.',
    });
  }
}

/** Case does not count, nor whether a version is written 0.5 or, as ids do, 0_5. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/(?<=\d)_(?=\d)/g, '.');

function listOthers(found: readonly Listed[]): Listing {
  return {
    records: found.map(({ id, summary, hf, ms, tags, source }) => ({
      id,
      summary,
      hf,
      ms,
      tags,
      package: source.name,
    })),
    rows: found.map(({ id, summary, hf, ms, source }) => {
      const repository = (hf ?? ms) ? `  (${hf ?? ms})` : '';
      const from = source.name === 'swift-ts' ? '' : `  [${source.name}]`;
      return [id, `${summary}${repository}${from}`];
    }),
  };
}
