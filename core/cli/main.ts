/** Entry of the `swift` command. Imports nothing heavy before it knows which command is meant. */
import { didYouMean, isSwiftError, SwiftError } from '../errors.js';
import { outliveReaders, renderError } from './terminal.js';

interface Command {
  readonly summary: string;
  readonly load: () => Promise<{ run(argv: readonly string[]): Promise<void> }>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  sft: { summary: 'fine-tune a model on conversations', load: () => import('./sft.js') },
  pt: { summary: 'pre-train a model on text', load: () => import('./pt.js') },
  rlhf: { summary: 'align a model with preferences', load: () => import('./rlhf.js') },
  infer: { summary: 'chat with a model, or answer a dataset', load: () => import('./infer.js') },
  eval: { summary: 'ask a model benchmarks, and score its answers', load: () => import('./eval.js') },
  sample: {
    summary: 'answer rows many times, and keep the best answers as data',
    load: () => import('./sample.js'),
  },
  rollout: {
    summary: 'write the answers that a run of swift rlhf learns from',
    load: () => import('./rollout.js'),
  },
  export: { summary: 'write a model with its adapter merged', load: () => import('./export.js') },
  job: {
    summary: 'show what a training command comes to, as JSON, or run that',
    load: () => import('./job.js'),
  },
  list: { summary: 'list models, datasets, templates, tuners, …', load: () => import('./list.js') },
  inspect: { summary: 'show one encoded sample, labels coloured', load: () => import('./inspect.js') },
  'create-plugin': {
    summary: 'write a new plugin package',
    load: () => import('./create-plugin.js'),
  },
  registry: { summary: 'write registry.json of a plugin package', load: () => import('./registry.js') },
  doctor: { summary: 'say what this machine has and what is used', load: () => import('./doctor.js') },
};

/** Commands of SWIFT 2.4 that are types of `swift rlhf`. */
const RLHF_TYPES: readonly string[] = ['dpo', 'orpo', 'simpo', 'cpo', 'kto'];

/** Commands of SWIFT 2.4 and later that are not built here yet, with what comes nearest. */
const NOT_BUILT: Readonly<Record<string, string | undefined>> = {
  deploy: undefined,
  megatron: undefined,
  'web-ui': undefined,
  'app-ui': 'swift infer --ckpt_dir <checkpoint> chats in the terminal.',
  app: 'swift infer --ckpt_dir <checkpoint> chats in the terminal.',
  'merge-lora': 'swift export --ckpt_dir <checkpoint> --merge_lora true does the same.',
};

/** A command by its name, underscores and hyphens alike. @throws SwiftError UNKNOWN_ARGUMENT, UNSUPPORTED_ARGUMENT */
function findCommand(written: string): { readonly name: string; readonly command: Command } {
  const name = written.replaceAll('_', '-');
  if (Object.hasOwn(COMMANDS, name)) return { name, command: COMMANDS[name] };
  const here = `Commands that are here: ${Object.keys(COMMANDS).join(', ')}.`;
  if (Object.hasOwn(NOT_BUILT, name)) {
    throw new SwiftError(
      'UNSUPPORTED_ARGUMENT',
      `'swift ${name}' exists in SWIFT but is not built here yet`,
      {
        cure: [NOT_BUILT[name] ?? [], here].flat(),
      },
    );
  }
  throw new SwiftError('UNKNOWN_ARGUMENT', `there is no command '${written}'`, {
    cure: [...didYouMean(name, [...Object.keys(COMMANDS), 'help', 'version']), here],
  });
}

async function main(words: readonly string[]): Promise<void> {
  const [word, ...rest] = inFull(words);
  if (word === '--version' || word === '-v' || word === 'version') return version();
  if (word === undefined || isHelp(word)) return rest.length === 0 ? usage() : help(...inFull(rest));
  if (rest.some((one) => one === '--help' || one === '-h')) return help(word, ...rest);
  await (await findCommand(word).command.load()).run(rest);
}

function isHelp(word: string): boolean {
  return ['help', '--help', '-h'].includes(word);
}

/** `swift dpo …` is `swift rlhf … --rlhf_type dpo`. */
function inFull([word, ...rest]: readonly string[]): [string, ...string[]] {
  return RLHF_TYPES.includes(word) ? ['rlhf', ...rest, '--rlhf_type', word] : [word, ...rest];
}

async function help(word: string, ...argv: readonly string[]): Promise<void> {
  const { name, command } = findCommand(word);
  const { commandHelp, loadNamedIn } = await import('./help.js');
  await loadNamedIn(argv);
  process.stdout.write(commandHelp(name, command.summary, argv));
}

function usage(): void {
  const width = Math.max(...Object.keys(COMMANDS).map(({ length }) => length)) + 2;
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}${summary}`);
  const types = `  ${RLHF_TYPES.join(', ')}: swift rlhf --rlhf_type of that name`;
  process.stdout.write(
    [
      'swift: fine-tune, test and serve large models from Node.',
      '',
      'Usage: swift <command> [config.yaml] [--flag value …]',
      '',
      ...lines,
      types,
      '',
      'swift <command> --help lists its arguments. An example:',
      '  swift sft --model_type qwen2-0.5b-instruct --dataset alpaca-en#500',
      '',
    ].join('\n'),
  );
}

async function version(): Promise<void> {
  const { packageVersion } = await import('../version.js');
  process.stdout.write(`${packageVersion()}\n`);
}

outliveReaders();
try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!isSwiftError(error)) throw error;
  process.stderr.write(`${renderError(error)}\n`);
  process.exitCode = error.exitCode;
}
