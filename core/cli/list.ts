import { noArguments } from './no-arguments.js';
import { didYouMean, SwiftError } from '../errors.js';
import { Catalog } from '../registry/catalog.js';
import { PLUGIN_KINDS, type PluginKind } from '../registry/kinds.js';

/** `swift list <kind> [filter]`: from registry.json alone, no plugin is imported. */
export async function run(argv: readonly string[]): Promise<void> {
  const [wanted, filter = '', ...rest] = argv;
  noArguments('list', rest.length > 0 ? rest : argv.filter((word) => word.startsWith('-')));
  const kind = PLUGIN_KINDS.find((one) => one === wanted || `${one}s` === wanted);
  if (!kind) {
    throw new SwiftError(
      'BAD_ARGUMENT',
      wanted === undefined ? 'list what?' : `there is no kind '${wanted}'`,
      {
        cure: [
          ...didYouMean(
            wanted ?? '',
            PLUGIN_KINDS.map((one) => `${one}s`),
          ),
          `Kinds: ${PLUGIN_KINDS.map((one) => `${one}s`).join(', ')}.`,
        ],
      },
    );
  }
  const rows = Catalog.discover()
    .list(kind)
    .filter(({ id, hf, ms }) => [id, hf, ms].some((name) => name && plain(name).includes(plain(filter))));
  const width = Math.max(0, ...rows.map(({ id }) => id.length)) + 2;
  const lines = rows.map((row) => `${row.id.padEnd(width)}${detail(kind, row)}`);
  process.stdout.write(lines.map((line) => `${line.trimEnd()}\n`).join(''));
  process.stderr.write(`${rows.length} ${kind}s\n`);
}

/** Case does not count, nor whether a version is written 0.5 or, as ids do, 0_5. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/(?<=\d)_(?=\d)/g, '.');

interface Row {
  readonly summary: string;
  readonly hf?: string;
  readonly ms?: string;
  readonly template?: string;
  readonly source: { readonly name: string };
}

function detail(kind: PluginKind, { summary, hf, ms, template, source }: Row): string {
  const from = source.name === 'swift-ts' ? '' : `  [${source.name}]`;
  if (kind === 'model') return `${hf ?? ms ?? ''}  template ${template}${from}`;
  return `${summary}${kind === 'dataset' && (hf ?? ms) ? `  (${hf ?? ms})` : ''}${from}`;
}
