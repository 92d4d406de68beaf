import type { Argument, Arguments } from '../config/argument.js';
import { packagesIn } from '../config/packages-in.js';
import { commandSchema, type CommandSchema } from '../config/command-schema.js';
import { TRAIN_COMMANDS, type CommandName } from '../config/commands.js';
import { dataArguments } from '../config/data-arguments.js';
import { generationArguments, inferArguments } from '../config/generation-arguments.js';
import { modelArguments } from '../config/model-arguments.js';
import { MODALITIES } from './list-models.js';
import { NEW_KINDS } from './new-package.js';
import { PLUGIN_KINDS } from '../registry/kinds.js';
import { parseFlags } from '../config/parse-flags.js';
import { Catalog } from '../registry/catalog.js';
import { loadPlugins } from '../registry/load-plugins.js';
import { ownSource } from '../registry/manifest.js';
import { rlhfArguments } from '../config/rlhf-arguments.js';
import { trainingArguments, tuningArguments } from '../config/training-arguments.js';

/** Usage of commands that take no flags of the schema. */
const PLAIN: Readonly<Record<string, string>> = {
  list: `swift list <kind> [filter] [--json] [--plugins PACKAGE …]

Kinds: ${PLUGIN_KINDS.map((kind) => `${kind}s`).join(', ')}.
Models also take --family <family>, --modality <${MODALITIES.join('|')}> and --size <7b, '<=7b', '>70b'>.`,
  'create-plugin': `swift create-plugin NAME [--kind ${NEW_KINDS.join('|')}]`,
  job: `swift job show sft|pt|rlhf [config.yaml] [--flag value …]
       swift job show <run folder or job.json>
       swift job run <run folder or job.json>

Of a command it shows what that comes to, as JSON, before anything is trained; swift job show sft --help lists its arguments.`,
  doctor: 'swift doctor',
  registry: 'swift registry',
};

/**
 * The help text of one command, from its argument schema: with the arguments of the plugins that the words choose.
 * @throws SwiftError UNKNOWN_PLUGIN for ids that choose none
 */
export function commandHelp(name: string, summary: string, argv: readonly string[] = []): string {
  const trains = name === 'job' ? TRAIN_COMMANDS.find((one) => argv.includes(one)) : undefined;
  if (trains)
    return commandHelp(trains, `what swift job show ${trains} takes`, argv.slice(argv.indexOf(trains) + 1));
  const plain = PLAIN[name];
  if (plain) return `swift ${name}: ${summary}\n\nUsage: ${plain}\n`;
  const { known, chosen } = schemaOfWords(name as CommandName, argv);
  const width = Math.max(60, Math.min(process.stdout.columns || 120, 120));
  const plugins = chosen.map(({ kind, id, arguments: declared }) => [`${kind} ${id}`, declared] as const);
  const groups = [...(GROUPS[name] ?? []), ...plugins];
  const grouped = new Set(groups.flatMap(([, names]) => Object.keys(names)));
  const others = Object.keys(known).filter((flag) => !grouped.has(flag));
  const shown = new Set<string>();
  const sections = [
    ...(GROUPS[name] ?? []).map(
      ([title, names]) => [title, Object.keys(names).filter((flag) => flag in known)] as const,
    ),
    ['arguments', others] as const,
    ...plugins.map(([title, names]) => [title, Object.keys(names)] as const),
  ]
    // What several plugins share is one flag.
    .map(([title, flags]) => [title, flags.filter((flag) => !shown.has(flag) && shown.add(flag))] as const)
    .filter(([, flags]) => flags.length > 0);
  const choosers = chosen.flatMap(({ by }) => (by === undefined ? [] : [`--${by} ID`]));
  return [
    `swift ${name}: ${summary}`,
    '',
    `Usage: swift ${name} [config.yaml] [--flag value …]`,
    ...sections.flatMap(([title, flags]) => [
      '',
      `${title}:`,
      ...flags.flatMap((flag) => row(flag, known[flag], width)),
    ]),
    '',
    'Other plugins take other arguments; beside --help:',
    `  ${choosers.join(', ')}`,
    '',
  ].join('\n');
}

/** Imports the files that `--plugins` names. */
export async function loadNamedIn(argv: readonly string[]): Promise<void> {
  await loadPlugins(parseFlags(withoutHelp(argv)).flags.get('plugins') ?? []);
}

function withoutHelp(argv: readonly string[]): readonly string[] {
  return argv.filter((word) => word !== '--help' && word !== '-h');
}

/** The schema that a command's words choose, as far as they say it. */
function schemaOfWords(command: CommandName, argv: readonly string[]): CommandSchema {
  const { flags } = parseFlags(withoutHelp(argv));
  const given = new Map([...flags].map(([flag, value]) => [flag, { value, place: `--${flag}` }]));
  const named = packagesIn(given);
  if (named === undefined) {
    // What is installed is looked at only for ids that are not ours.
    const own = commandSchema(command, given, new Catalog([ownSource()]));
    if (own.chosen.every(({ entry }) => entry)) return own;
  }
  const catalog = Catalog.discover(named);
  const schema = commandSchema(command, given, catalog);
  for (const { kind, id, entry } of schema.chosen) if (!entry) catalog.find(kind, id);
  return schema;
}

type Groups = readonly (readonly [title: string, arguments: Arguments])[];

const TRAINING: Groups = [
  ['which model', modelArguments],
  ['which data', dataArguments],
  ['how it is tuned', tuningArguments],
  ['how it is trained', trainingArguments],
];

/** Arguments of commands that take many, under headings. */
const GROUPS: Readonly<Record<string, Groups>> = {
  sft: TRAINING,
  pt: TRAINING,
  rlhf: [...TRAINING, ['what is compared with what', rlhfArguments]],
  infer: [
    ['which model', modelArguments],
    ['what is answered', inferArguments],
    ['how answers are generated', generationArguments],
  ],
};

const INDENT = 32;

/** A flag and its meaning, wrapped beside it; a long flag stands on a line of its own. */
function row(flag: string, argument: Argument, width: number): string[] {
  const left = `  --${flag} ${valueName(argument)}`;
  const lines: string[] = [''];
  for (const word of describe(argument).split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== '' && INDENT + last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  const isLong = left.length + 2 > INDENT;
  const right = lines.map((line) => ' '.repeat(INDENT) + line);
  return isLong ? [left, ...right] : [left.padEnd(INDENT) + lines[0], ...right.slice(1)];
}

function valueName({ kind, choices }: Argument): string {
  if (choices) return isShort(choices) ? choices.join('|') : kind === 'strings' ? 'WORD …' : 'WORD';
  return {
    string: 'TEXT',
    int: 'N',
    float: 'X',
    bool: 'true|false',
    strings: 'TEXT …',
    floats: 'X …',
    choice: '',
  }[kind];
}

function describe(argument: Argument): string {
  const names = argument.aliases.length > 0 ? `; also --${argument.aliases.join(', --')}` : '';
  const { choices } = argument;
  const known = choices && !isShort(choices) ? `: ${choices.join(', ')}` : '';
  return `${argument.help} (${defaultText(argument)}${names})${known}`;
}

/** Whether choices stand beside their flag; many are listed behind its meaning. */
const isShort = (choices: readonly (string | number)[]): boolean => choices.join('|').length <= 80;

/** The default as a reader needs it. */
export function defaultText({ default: value, derived }: Argument): string {
  if (derived !== undefined) return `default: ${derived}`;
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'no default';
  return `default: ${Array.isArray(value) ? value.join(' ') : String(value)}`;
}
