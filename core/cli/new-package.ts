/** The files of a new plugin package. */

export const NEW_KINDS = ['tuner', 'model', 'dataset'] as const;
export type NewKind = (typeof NEW_KINDS)[number];

export function isNewKind(kind: string): kind is NewKind {
  return (NEW_KINDS as readonly string[]).includes(kind);
}

export interface NewPackage {
  /** As npm has it. */
  readonly name: string;
  readonly kind: NewKind;
  /** Of this package. */
  readonly version: string;
}

/** Path and text of each file. */
export function packageFiles({ name, kind, version }: NewPackage): ReadonlyMap<string, string> {
  const id = name.slice(name.indexOf('/') + 1).replace(/^swift-plugin-/, '');
  const words = id.split(/[^a-z0-9]+/).filter((word) => word !== '');
  const className = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  const plugin = SOURCES[kind](id, /^\d/.test(className) ? `Plugin${className}` : className);
  return new Map([
    ['package.json', packageJson(name, version)],
    ['tsconfig.json', TSCONFIG],
    ['.gitignore', 'node_modules\ndist\n'],
    [`plugins/${kind}s/${id}.ts`, plugin],
    ['test/plugins.test.js', TEST],
    ['README.md', readme(name, kind, id)],
  ]);
}

function packageJson(name: string, version: string): string {
  const text = {
    name,
    version: '0.1.0',
    type: 'module',
    keywords: ['swift-plugin'],
    swift: { registry: './registry.json' },
    files: ['dist', 'registry.json'],
    scripts: {
      build: 'tsc && swift registry',
      test: 'npm run build && node --test test',
      prepack: 'npm run build',
    },
    peerDependencies: { 'swift-ts': `^${version}` },
    devDependencies: { 'swift-ts': `^${version}`, typescript: '>=5.4' },
  };
  return `${JSON.stringify(text, null, 2)}\n`;
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2022",
    "lib": ["ES2023"],
    "module": "NodeNext",
    "types": [],
    "strict": true,
    "verbatimModuleSyntax": true,
    "experimentalDecorators": true,
    "skipLibCheck": true,
    "declaration": true,
    "rootDir": ".",
    "outDir": "dist"
  },
  "include": ["plugins"]
}
`;

const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPlugins } from 'swift-ts/testing';

test('every plugin keeps the contract of its kind', async () => {
  assert.deepEqual(await checkPlugins(['.']), []);
});
`;

/** The source of a first plugin, which works as it stands. */
const SOURCES: Readonly<Record<NewKind, (id: string, className: string) => string>> = {
  tuner: (id, className) => `import type { CausalLM } from 'swift-ts/nn';
import { argument, SwiftError, tuner, type Tuner, type ValuesOf } from 'swift-ts/plugin';

const tunerArguments = {
  ${flagOf(id)}: argument.int({ default: 1, min: 1, help: 'how many of the last layers train' }),
} as const;

type Options = ValuesOf<typeof tunerArguments>;

// So that programs may give them in TypeScript.
declare module 'swift-ts/plugin' {
  interface TunerFlags extends Partial<Options> {}
}

/** The last layers train, the others stay as they are. */
@tuner({ id: '${id}', summary: 'the last layers train', arguments: tunerArguments })
export class ${className} implements Tuner<Options> {
  /** Said before weights are read. */
  check({ blocks }: CausalLM, options: Options): void {
    const layers = options.${flagOf(id)};
    if (layers <= blocks.length) return;
    throw new SwiftError('BAD_ARGUMENT', \`--${flagOf(id)} \${layers}: the model has \${blocks.length}\`, {
      cure: \`Give \${blocks.length} at most.\`,
    });
  }

  apply({ blocks }: CausalLM, options: Options): void {
    for (const block of blocks.slice(-options.${flagOf(id)})) {
      for (const [, parameter] of block.namedParameters()) parameter.trainable = true;
    }
  }
}
`,
  model: (id, className) => `import { DecoderLoader } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

/** A Llama-shaped family: the base class reads its config.json. What differs is said by \`traits\`. */
@model({
  family: '${id}',
  summary: 'a family of decoders',
  architectures: ['${className}ForCausalLM'],
  template: 'chatml',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj', 'o_proj'],
  variants: { '${id}-1b': { hf: 'owner/${id}-1b', size: '1B' } },
})
export class ${className} extends DecoderLoader implements ModelLoader {}
`,
  dataset: (id, className) => `import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** Rows of a usual shape (messages, query and response, alpaca, sharegpt …) need no code. */
@dataset({ id: '${id}', summary: 'questions and answers', hf: 'owner/${id}', tags: ['chat'] })
export class ${className} extends AutoPreprocessor {}
`,
};

/** The name of the tuner's own argument. */
function flagOf(id: string): string {
  return `${id.replaceAll(/[^a-z0-9]+/g, '_')}_layers`;
}

function readme(name: string, kind: NewKind, id: string): string {
  const use = {
    tuner: `npx swift sft --help --sft_type ${id}`,
    model: `npx swift list models ${id}`,
    dataset: `npx swift inspect --model_type qwen2-0.5b-instruct --dataset ${id}`,
  }[kind];
  return `# ${name}

A ${kind} for \`swift-ts\`: \`plugins/${kind}s/${id}.ts\`.

\`\`\`bash
npm install
npm test                # compiles, writes registry.json, holds the plugin against its contract
${use.padEnd(23)} # where the package is installed, or with --plugins <this folder>
\`\`\`
`;
}
