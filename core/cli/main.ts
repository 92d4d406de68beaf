/** Entry of the `swift` command. Imports nothing heavy before it knows which command is meant. */
import { didYouMean, isSwiftError, SwiftError } from '../errors.js';

interface Command {
  readonly summary: string;
  readonly load: () => Promise<{ run(argv: readonly string[]): Promise<void> }>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  sft: { summary: 'fine-tune a model on conversations', load: () => import('./sft.js') },
  pt: { summary: 'pre-train a model on text', load: () => import('./pt.js') },
  infer: { summary: 'chat with a model, or answer a dataset', load: () => import('./infer.js') },
  export: { summary: 'write a model with its adapter merged', load: () => import('./export.js') },
  list: { summary: 'list models, datasets, templates, tuners, …', load: () => import('./list.js') },
  inspect: { summary: 'show one encoded sample, labels coloured', load: () => import('./inspect.js') },
  registry: { summary: 'write registry.json of a plugin package', load: () => import('./registry.js') },
  doctor: { summary: 'say what this machine has and what is used', load: () => import('./doctor.js') },
};

async function main([name, ...rest]: readonly string[]): Promise<void> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return usage();
  if (name === '--version' || name === '-v') return version();
  const command = COMMANDS[name.replaceAll('_', '-')];
  if (!command) {
    throw new SwiftError('UNKNOWN_ARGUMENT', `there is no command '${name}'`, {
      cure: [...didYouMean(name, Object.keys(COMMANDS)), 'See swift --help.'],
    });
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    const { commandHelp } = await import('./help.js');
    process.stdout.write(commandHelp(name, command.summary));
    return;
  }
  await (await command.load()).run(rest);
}

function usage(): void {
  const width = Math.max(...Object.keys(COMMANDS).map(({ length }) => length)) + 2;
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}${summary}`);
  process.stdout.write(
    [
      'swift: fine-tune, test and serve large models from Node.',
      '',
      'Usage: swift <command> [config.yaml] [--flag value …]',
      '',
      ...lines,
      '',
      'swift <command> --help lists its arguments. An example:',
      '  swift sft --model_type qwen2-0.5b-instruct --dataset alpaca-en#500',
      '',
    ].join('\n'),
  );
}

async function version(): Promise<void> {
  const { packageVersion } = await import('./version.js');
  process.stdout.write(`${packageVersion()}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!isSwiftError(error)) throw error;
  process.stderr.write(`${error.render()}\n`);
  process.exitCode = error.exitCode;
}
