import type { Argument, Arguments } from '../config/argument.js';
import { commandArguments } from '../config/commands.js';

/** Usage of commands that take no flags of the schema. */
const PLAIN: Readonly<Record<string, string>> = {
  list: 'swift list <kind> [filter]\n\nKinds: models, datasets, templates, tuners, trainers, optimizers, backends.',
  doctor: 'swift doctor',
  registry: 'swift registry',
};

/** The help text of one command, from its argument schema. */
export function commandHelp(name: string, summary: string): string {
  const plain = PLAIN[name];
  if (plain) return `swift ${name}: ${summary}\n\nUsage: ${plain}\n`;
  const known: Arguments = commandArguments[name as keyof typeof commandArguments];
  const rows = Object.entries(known).map(([flag, argument]) => [
    `--${flag} ${valueName(argument)}`,
    describe(argument),
  ]);
  const width = Math.min(44, Math.max(...rows.map(([left]) => left.length)) + 2);
  return [
    `swift ${name}: ${summary}`,
    '',
    `Usage: swift ${name} [config.yaml] [--flag value …]`,
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`),
    '',
  ].join('\n');
}

function valueName({ kind, choices }: Argument): string {
  if (choices) return choices.join('|');
  return { string: 'TEXT', int: 'N', float: 'X', bool: 'true|false', strings: 'TEXT …', choice: '' }[kind];
}

function describe(argument: Argument): string {
  const names = argument.aliases.length > 0 ? `; also --${argument.aliases.join(', --')}` : '';
  return `${argument.help} (${defaultText(argument)}${names})`;
}

/** The default as a reader needs it. */
export function defaultText({ default: value, derived }: Argument): string {
  if (derived !== undefined) return `default: ${derived}`;
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'no default';
  return `default: ${Array.isArray(value) ? value.join(' ') : String(value)}`;
}
