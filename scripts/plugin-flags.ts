/** The types of the arguments that this package's plugins declare, from registry.json. */
import { format } from 'prettier';
import type { Argument, Arguments } from '../core/config/argument.js';
import { commandArguments, type CommandName } from '../core/config/commands.js';
import { kindsOf } from '../core/config/command-schema.js';
import { argumentsOf } from '../core/config/plugin-arguments.js';
import { Catalog } from '../core/registry/catalog.js';
import { ownSource, type Manifest } from '../core/registry/manifest.js';
import type { PluginKind } from '../core/registry/kinds.js';

/** core/config/plugin-flags.ts, as registry.json would have it. */
export function pluginFlags(registry: string, options: object): Promise<string> {
  const manifest = JSON.parse(registry) as Manifest;
  const catalog = new Catalog([{ ...ownSource(), manifest }]);
  const commands = Object.keys(commandArguments) as CommandName[];
  const kinds = [...new Set(commands.flatMap(kindsOf))].sort();
  const text = [
    `/**
 * What this package's plugins take, by kind: generated from registry.json by \`npm run registry\`; do not edit. A package
 * adds its own to these interfaces: \`declare module 'swift-ts/plugin' { interface TunerFlags { readonly my_flag?: number } }\`.
 */`,
    ...kinds.map((kind) => flagsOf(kind, catalog)),
  ].join('\n\n');
  return format(text, { ...options, parser: 'typescript' });
}

function flagsOf(kind: PluginKind, catalog: Catalog): string {
  const fields = [...declarations(kind, catalog)].map(([name, declared]) => {
    const helps = [...new Set(declared.map(({ argument }) => argument.help))].map((help) => {
      const owners = declared.filter(({ argument }) => argument.help === help).map(({ owner }) => owner);
      return `${help} (${owners.join(', ')})`;
    });
    const types = new Set(declared.map(({ argument }) => typeOf(argument)));
    return `/** ${helps.join('; ')} */\nreadonly ${name}?: ${[...types].join(' | ')};`;
  });
  const rule = '// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- packages add to it\n';
  const name = `${kind[0].toUpperCase()}${kind.slice(1)}Flags`;
  return `${fields.length === 0 ? rule : ''}export interface ${name} {\n${fields.join('\n')}\n}`;
}

/** By name, whose an argument is: plugins may mean different things by one. */
function declarations(kind: PluginKind, catalog: Catalog) {
  const byName = new Map<string, { readonly owner: string; readonly argument: Argument }[]>();
  for (const entry of catalog.list(kind)) {
    const declared: Arguments = argumentsOf(kind, entry);
    for (const [name, argument] of Object.entries(declared))
      byName.set(name, [...(byName.get(name) ?? []), { owner: entry.id, argument }]);
  }
  return byName;
}

/** The type of an argument's values. */
function typeOf({ kind, choices, nullable }: Argument): string {
  const plain = {
    string: 'string',
    int: 'number',
    float: 'number',
    bool: 'boolean',
    strings: 'string',
    floats: 'number',
    choice: '',
  };
  const one =
    plain[kind] === 'number' || !choices
      ? plain[kind]
      : choices.map((value) => JSON.stringify(value)).join(' | ');
  const type = kind === 'strings' || kind === 'floats' ? `readonly (${one})[]` : one;
  return nullable ? `${type} | null` : type;
}
