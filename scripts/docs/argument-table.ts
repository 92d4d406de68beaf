/** Arguments as a Markdown table. */
import type { Argument, Arguments } from '../../core/config/argument.js';
import { defaultText } from '../../core/cli/help.js';

/** @param said how a name is written: `--name` for flags */
export function argumentTable(known: Arguments, head: string, said: (name: string) => string): string {
  const rows = Object.entries(known).map(([name, argument]) => {
    const names = [name, ...argument.aliases].map((one) => `\`${said(one)}\``).join(' ');
    return `| ${names} | ${type(argument)} | ${defaultText(argument).replace('default: ', '')} | ${argument.help} |`;
  });
  return [`| ${head} | type | default | meaning |`, '|---|---|---|---|', ...rows].join('\n');
}

function type({ kind, choices }: Argument): string {
  if (choices) return choices.map((choice) => `\`${choice}\``).join(' ');
  return { strings: 'texts', floats: 'numbers' }[kind as string] ?? kind;
}
