/** Writes docs/reference/plugins.md from the table of kinds; with `--check`, fails when it is stale. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Argument } from '../../core/config/argument.js';
import { commandArguments, commandPlugins, type CommandName } from '../../core/config/commands.js';
import { Catalog } from '../../core/registry/catalog.js';
import { KINDS, PLUGIN_KINDS, type PluginKind } from '../../core/registry/kinds.js';
import { ownSource } from '../../core/registry/manifest.js';
import { writeOrCheck } from './write-or-check.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const catalog = new Catalog([ownSource()]);

/** What chooses a plugin of a kind: flags, or commands. */
function choosers(kind: PluginKind): readonly string[] {
  const commands = Object.keys(commandArguments) as CommandName[];
  return [
    ...new Set(
      commands.flatMap((command) => {
        const own = commandPlugins[command]?.[kind] === undefined ? [] : [`swift ${command}`];
        const flags = Object.entries<Argument>(commandArguments[command]);
        return [...own, ...flags.flatMap(([name, { chooses }]) => (chooses === kind ? [`--${name}`] : []))];
      }),
    ),
  ];
}

/** `lossScale` of `loss-scale`. */
const decoratorOf = (kind: PluginKind): string =>
  kind.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const rows = PLUGIN_KINDS.map((kind) => {
  const { summary, members } = KINDS[kind];
  const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(' ');
  const guide = `../adding/${kind}.md`;
  const linked = existsSync(`${root}docs/adding/${kind}.md`) ? `[${summary}](${guide})` : summary;
  return `| \`@${decoratorOf(kind)}\` | ${linked} | ${code(members)} | ${code(choosers(kind))} | ${catalog.list(kind).length} |`;
});
writeOrCheck(
  'docs/reference/plugins.md',
  `# Kinds of plugins

Generated from \`core/registry/kinds.ts\` by \`npm run docs\`; do not edit. A plugin is a class with the decorator of its
kind, which says its id; \`swift list <kind>s\` shows those there are.

| decorator | what it is | what its class must have | chosen by | here |
|---|---|---|---|---|
${rows.join('\n')}
`,
);
