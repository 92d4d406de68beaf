/** Writes docs/reference/arguments.md from the argument schemas; with `--check`, fails when it is stale. */
import { fileURLToPath } from 'node:url';
import type { Argument, Arguments } from '../../core/config/argument.js';
import { commandSchema, kindsOf } from '../../core/config/command-schema.js';
import { commandArguments, type CommandName } from '../../core/config/commands.js';
import { NOT_BUILT } from '../../core/config/not-built.js';
import { argumentsOf } from '../../core/config/plugin-arguments.js';
import { WITHOUT_EFFECT } from '../../core/config/swift-arguments.js';
import { Catalog, type Listed } from '../../core/registry/catalog.js';
import type { PluginKind } from '../../core/registry/kinds.js';
import { namedSource, ownSource } from '../../core/registry/manifest.js';
import { argumentTable } from './argument-table.js';
import { writeOrCheck } from './write-or-check.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

const table = (known: Arguments): string => argumentTable(known, 'argument', (name) => `--${name}`);

const example = 'examples/plugin-package';
const catalog = new Catalog([ownSource(), namedSource(example, root)]);
const sections = Object.entries(commandArguments).map(([command, base]) => {
  // What the command's own plugin prefers counts.
  const { known } = commandSchema(command as CommandName, new Map(), catalog);
  const own = Object.keys(base).map((name) => [name, known[name]] as const);
  return `## swift ${command}\n\n${table(Object.fromEntries(own))}`;
});
const commands = Object.keys(commandArguments) as CommandName[];
const kinds = [...new Set(commands.flatMap(kindsOf))];
const plugins = kinds.flatMap((kind) => catalog.list(kind).flatMap((entry) => ofPlugin(kind, entry)));

/** What one plugin takes, and with what it is chosen; nothing where it takes nothing. */
function ofPlugin(kind: PluginKind, entry: Listed): string[] {
  const declared = argumentsOf(kind, entry);
  const others = Object.entries(entry.defaults ?? {}).map(
    ([name, value]) => `\`--${name} ${[value].flat().join(' ')}\``,
  );
  if (Object.keys(declared).length === 0 && others.length === 0) return [];
  const ownCommand = entry.command === entry.id;
  const choosers = commands.flatMap((command) =>
    Object.entries<Argument>(commandArguments[command]).flatMap(([name, one]) =>
      one.chooses === kind && !ownCommand ? [name] : [],
    ),
  );
  const by = choosers.length > 0 ? `\`--${choosers[0]} ${entry.id}\`` : `\`swift ${entry.id}\``;
  const from =
    entry.source.name === 'swift-ts' ? '' : ` It is of the package [${entry.source.name}](../../${example}).`;
  const text = [`Chosen by ${by}.${from}`];
  if (others.length > 0) text.push(`Its defaults are ${others.join(', ')}.`);
  const rows = Object.keys(declared).length > 0 ? `\n\n${table(declared)}` : '';
  return [`### ${kind} ${entry.id}\n\n${text.join(' ')}${rows}`];
}

const text = `# Arguments

Generated from \`core/config\` and registry.json by \`npm run docs\`; do not edit. Every argument is a flag (\`--name value\`)
and a key of a YAML file given as the first word (\`swift sft run.yaml\`); flags win over the file. Names are SWIFT 2.4's; newer
names are accepted beside them.

${sections.join('\n\n')}

## Of plugins

A command takes the arguments of the plugins it uses as well: of the tuner, optimizer, quantizer and backend that are chosen,
by default or by name. \`swift sft --help --sft_type ID\` shows them. Given for a plugin that is not chosen, they are an error
that says whose they are. Plugin packages declare theirs in the same way ([adding a tuner](../adding/tuner.md)).

${plugins.join('\n\n')}

## Without effect

SWIFT's command lines often hold these. They are accepted and said once, since none of them changes what a run computes:

${[...WITHOUT_EFFECT].map(([name, reason]) => `- \`--${name}\`: ${reason}`).join('\n')}

\`--bf16 true\` and \`--fp16 true\` are taken as \`--dtype bf16\` and \`--dtype fp16\`.

## Not built yet

These arguments of SWIFT are refused by name, never ignored: ${[...NOT_BUILT].map((name) => `\`${name}\``).join(', ')}.
`;
writeOrCheck('docs/reference/arguments.md', text);
