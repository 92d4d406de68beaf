/** Writes docs/reference/sdk.md from the types of the SDK; with `--check`, fails when it is stale. */
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { commandArguments } from '../../core/config/commands.js';
import { TRAINER_ARGUMENTS } from '../../core/sdk/seq2seq-trainer.js';
import { argumentTable } from './argument-table.js';
import { writeOrCheck } from './write-or-check.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where readers begin; what is left follows by name. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Prepare and train': [
    ...['Model', 'LoraConfig', 'Swift', 'MsDataset', 'Seq2SeqTrainer', 'train'],
    ...[
      'Seq2SeqTrainerOptions',
      'TrainerArguments',
      'LoraConfigOptions',
      'TunerConfig',
      'TrainHooks',
      'TrainResult',
    ],
  ],
  'Ask and export': [
    ...['Chat', 'ChatOptions', 'Conversation', 'openChat', 'openModel', 'answerDatasets', 'inferDataset'],
    ...[
      'InferDatasetOptions',
      'AnsweredRow',
      'exportMerged',
      'loadAdapters',
      'OpenOptions',
      'TunableModel',
      'TunedModel',
    ],
  ],
  'Ask benchmarks': [
    ...[
      'evaluate',
      'EvaluateHooks',
      'EvaluateResult',
      'EvaluationSummary',
      'SetReport',
      'Mean',
      'EvaluatedItem',
    ],
  ],
  'What a run depends on': ['services', 'createServices', 'ServiceOptions', 'Services', 'Catalog', 'Listed'],
  'What rows, answers and loading are': ['Message', 'RawRow', 'LoadedDataset', 'Answer', 'LoadModelOptions'],
  Errors: ['SwiftError', 'isSwiftError', 'ErrorCode', 'ERROR_CODES', 'ErrorDetails', 'didYouMean', 'nearest'],
};

/** Types that are lists of arguments, told elsewhere. */
const ARGUMENTS = new Set(['TrainArguments', 'InferArguments', 'EvalArguments']);

const examples = examplesOf('scripts/sdk-examples.ts');
const declarations = declarationsOf('core/sdk/index.ts');
const grouped = new Set(Object.values(GROUPS).flat());
const others = [...declarations.keys()].filter((name) => !grouped.has(name) && !ARGUMENTS.has(name));
const sections = Object.entries({ ...GROUPS, 'Plugin packages': others.sort() }).map(([title, names]) =>
  [`## ${title}`, ...names.map(section)].join('\n\n'),
);
writeOrCheck(
  'docs/reference/sdk.md',
  `# SDK

What \`import { … } from 'swift-ts'\` gives. Generated from the types by \`npm run docs\`; do not edit. Options have the names
and defaults of the command line's arguments ([arguments.md](arguments.md)); only what differs is given, and everything is
checked as flags are. A fault is a [\`SwiftError\`](../errors.md) with code and cure. \`TrainArguments\` are those of \`swift sft\`, \`pt\` and \`rlhf\`,
\`InferArguments\` those of \`swift infer\`, \`EvalArguments\` those of \`swift eval\`.

${sections.join('\n\n')}
`,
);

function section(name: string): string {
  const text = declarations.get(name);
  if (text === undefined)
    throw new Error(`scripts/docs/sdk.ts names '${name}', which the SDK does not export`);
  if (name === 'TrainerArguments') return `### ${name}\n\n${trainerArguments()}`;
  const example = examples.get(name);
  if (example === undefined && !/^(\/\*\*(?:[^*]|\*(?!\/))*\*\/\s*)?(interface|type) /.test(text))
    throw new Error(`scripts/sdk-examples.ts has no example of '${name}'`);
  return [`### ${name}`, fenced(text), ...(example === undefined ? [] : [fenced(example)])].join('\n\n');
}

function fenced(code: string): string {
  return `\`\`\`ts\n${code}\n\`\`\``;
}

function trainerArguments(): string {
  const known = Object.fromEntries(
    Object.entries(commandArguments.sft).filter(([name]) =>
      (TRAINER_ARGUMENTS as readonly string[]).includes(name),
    ),
  );
  return `Any of these, and what the optimizer and the trainer take ([arguments.md](arguments.md#of-plugins)); model, tuner and\nrows are loaded already.\n\n${argumentTable(known, 'option', (name) => name)}`;
}

/** Blocks behind a comment that is a name, each with the import it needs. */
function examplesOf(path: string): ReadonlyMap<string, string> {
  const text = readFileSync(root + path, 'utf8');
  const known = text
    .match(/import \{([^}]*)\}/)![1]
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return new Map(
    Array.from(text.matchAll(/^\/\/ (\w+)\n\{\n([^]*?)\n\}$/gm), ([, name, block]) => {
      const body = block.replace(/^ {2}/gm, '');
      const used = known.filter((one) => new RegExp(`(?<![.\\w'])${one}\\b`).test(body));
      return [name, `import { ${used.join(', ')} } from 'swift-ts';\n\n${body}`];
    }),
  );
}

/** The declarations a module exports, as its `.d.ts` files say them, by name. */
function declarationsOf(path: string): ReadonlyMap<string, string> {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, (file) => ts.sys.readFile(file)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const emitted = new Map<string, string>();
  const sources = ts.createProgram([root + path], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    declarationMap: false,
  });
  sources.emit(undefined, (file, text) => emitted.set(file, text));
  const found = new Map<string, string>();
  const checker = sources.getTypeChecker();
  const exported = checker.getExportsOfModule(
    checker.getSymbolAtLocation(sources.getSourceFile(root + path)!)!,
  );
  for (const symbol of exported) {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const file = target.declarations![0].getSourceFile().fileName.replace(/\.ts$/, '.d.ts');
    const module = ts.createSourceFile(file, emitted.get(file)!, ts.ScriptTarget.ES2022, true);
    const own = module.statements.filter((statement) => namesOf(statement).includes(symbol.name));
    found.set(symbol.name, own.map(textOf).join('\n'));
  }
  return found;
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as ts.Statement & { readonly name?: ts.Identifier };
  return name ? [name.text] : [];
}

/** A declaration with its comments, without what only its own class sees. */
function textOf(statement: ts.Statement): string {
  const comments = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc);
  const head = comments.map((comment) => `${comment.getText()}\n`).join('');
  const body = statement.getText().slice(0);
  const shown = ts.isClassDeclaration(statement)
    ? statement.members
        .filter((member) => ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private)
        .reduce((text, member) => text.replace(member.getFullText(), ''), body)
    : body;
  return `${head}${shown}`
    .replace(/^export (declare )?/gm, '')
    .replace(/\n\s*\n/g, '\n')
    .trim();
}
