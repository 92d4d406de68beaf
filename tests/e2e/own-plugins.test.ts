import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { pathAfter, QUICKSTART, ROOT, scratch, swift, TINY } from './swift.js';

/** A folder of somebody's, outside of this repository, without anything installed. */
const cwd = scratch();
const write = (name: string, text: string): void => {
  mkdirSync(join(cwd, name, '..'), { recursive: true });
  writeFileSync(join(cwd, name), text);
};

beforeAll(() => {
  cpSync(TINY, join(cwd, 'model'), { recursive: true });
  const config = JSON.parse(readFileSync(join(TINY, 'config.json'), 'utf8')) as object;
  write('model/config.json', JSON.stringify({ ...config, architectures: ['MineForCausalLM'] }));
  write('helper.ts', `export enum Layers { All = 'all', Last = 'last' }`);
  write(
    'my-model.ts',
    `import { DecoderLoader, type CausalLM } from 'swift-ts/nn';
     import { argument, model, tuner, ModelLoader, type Tuner, type ValuesOf } from 'swift-ts/plugin';
     import { Layers } from './helper.js';

     @model({
       family: 'mine', summary: 'a model in one file', architectures: ['MineForCausalLM'],
       template: 'chatml', lora_target_modules: ['q_proj'], variants: { 'mine-tiny': { hf: 'me/mine' } },
     })
     export class Mine extends DecoderLoader implements ModelLoader {}

     const mineArguments = {
       mine_layers: argument.choice([Layers.All, Layers.Last], { default: Layers.All, help: 'which layers train' }),
     } as const;

     @tuner({ id: 'mine-norms', summary: 'norms in one file', arguments: mineArguments })
     export class MineNorms implements Tuner<ValuesOf<typeof mineArguments>> {
       apply({ blocks }: CausalLM, { mine_layers }: ValuesOf<typeof mineArguments>): void {
         for (const block of mine_layers === Layers.Last ? blocks.slice(-1) : blocks)
           for (const [name, one] of block.namedParameters()) one.trainable = name.includes('norm');
       }
     }`,
  );
  write(
    'rows.mjs',
    `import { AutoPreprocessor, dataset } from 'swift-ts/plugin';
     class Rows extends AutoPreprocessor {}
     dataset({ id: 'mine-rows', summary: 'rows in one file', bundled: ${JSON.stringify(pathToFileURL(QUICKSTART).href)} })(Rows);`,
  );
});

const RUN = ['--model', 'model', '--dataset', 'mine-rows', '--max_steps', '1', '--batch_size', '2'];
const FILES = ['--plugins', './my-model.ts', 'rows.mjs'];

test('a model and a tuner in TypeScript, a dataset in JavaScript: listed, helped, inspected, trained, asked', () => {
  const listed = swift(['list', 'tuners', 'mine', ...FILES], { cwd });
  expect(listed.stdout).toMatch(/^mine-norms +norms in one file +\[\.\/my-model\.ts\]$/m);
  expect(swift(['list', 'models', 'mine', ...FILES], { cwd }).stdout).toMatch(
    /^mine-tiny .*MineForCausalLM/m,
  );
  const help = swift(['sft', '--help', '--sft_type', 'mine-norms', ...FILES], { cwd });
  expect(help.stdout).toMatch(/^tuner mine-norms:\n {2}--mine_layers all\|last/m);
  const inspected = swift(['inspect', '--model', 'model', '--dataset', 'mine-rows', ...FILES], { cwd });
  expect(inspected.stdout).toContain('template chatml: ');

  const tuned = ['--sft_type', 'mine-norms', '--mine_layers', 'last'];
  const { stdout, stderr } = swift(['sft', ...RUN, ...tuned, ...FILES], { cwd });
  const checkpoint = pathAfter('last_model_checkpoint', stdout);
  expect(stderr).toMatch(/training: .* 256 trained values/);
  const args = JSON.parse(readFileSync(join(checkpoint, 'args.json'), 'utf8')) as object;
  expect(args).toMatchObject({
    plugins: [join(cwd, 'my-model.ts'), join(cwd, 'rows.mjs')],
    mine_layers: 'last',
  });
  const asked = swift(
    ['infer', '--ckpt_dir', checkpoint, '--plugins', 'my-model.ts', '--query', 'Hi', '--max_new_tokens', '4'],
    { cwd },
  );
  expect([asked.status, asked.stdout]).toEqual([0, expect.stringMatching(/\w/)]);
  // The run says which files; going on needs no more.
  const resumed = swift(['sft', '--resume_from_checkpoint', checkpoint, '--max_steps', '2'], { cwd });
  expect(resumed.stderr).toContain('trained with other arguments: max_steps');
});

test('a file of arguments names them too', () => {
  write('run.yaml', 'plugins: [my-model.ts, rows.mjs]\nsft_type: mine-norms\nmine_layers: lats\n');
  const { status, stderr } = swift(['sft', 'run.yaml', ...RUN], { cwd });
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining("run.yaml:3: mine_layers: 'lats' is not one of"),
  ]);
});

test('a folder of files, and of folders of kinds', () => {
  cpSync(join(cwd, 'rows.mjs'), join(cwd, 'mine/rows.mjs'));
  cpSync(join(cwd, 'helper.ts'), join(cwd, 'mine/tuners/_helper.ts'));
  const text = readFileSync(join(cwd, 'my-model.ts'), 'utf8').replace('./helper.js', './_helper.js');
  write('mine/tuners/own.ts', text);
  const listed = (kind: string) => swift(['list', kind, 'mine', '--plugins', 'mine'], { cwd }).stdout;
  expect(listed('tuners')).toContain('mine-norms');
  expect(listed('datasets')).toContain('mine-rows');
});

test('a program loads them, and trains with them', () => {
  write(
    'program.mjs',
    `const { loadPlugins, Model, services, Swift, train } = await import(${JSON.stringify(pathToFileURL(join(ROOT, 'dist/core/sdk/index.js')).href)});
     try { services({ plugins: ['./my-model.ts'] }); } catch ({ cure }) { console.log(cure.join()); }
     await loadPlugins(['./my-model.ts']);
     const model = await Model.fromPretrained('./model', { services: services({ plugins: ['./my-model.ts'] }) });
     await Swift.prepareModel(model, { mine: { tuner: 'mine-norms', options: { mine_layers: 'last' } } });
     console.log(model.loaded.modelType);
     const { state } = await train('sft', {
       model_id_or_path: './model', plugins: ['my-model.ts', './rows.mjs'], dataset: ['mine-rows'],
       sft_type: 'mine-norms', max_steps: 1, batch_size: 2,
     });
     console.log(state.global_step);`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, ['program.mjs'], { cwd, encoding: 'utf8' });
  expect([stdout.trim().split('\n'), stderr]).toEqual([
    ["Files of plugins are loaded first: await loadPlugins(['./my-model.ts']).", 'mine', '1'],
    '',
  ]);
});

describe('what cannot be used is said', () => {
  test.each([
    [
      'broken.ts',
      'export const x = ;\n',
      /--plugins broken\.ts does not load: .*broken\.ts:1: Expression expected/,
    ],
    ['nothing.ts', 'export const x = 1;\n', /--plugins nothing\.ts registers no plugin/],
    ['missing.mjs', `import 'not-there';\n`, /--plugins missing\.mjs does not load: .*not-there/],
    ['throws.mjs', `throw new Error('no');\n`, /--plugins throws\.mjs does not load: no/],
    ['rows.csv', 'a,b\n', /--plugins rows\.csv: there is no module/],
    [
      'twice.mjs',
      `import { AutoPreprocessor, dataset } from 'swift-ts/plugin';
       dataset({ id: 'alpaca-en', summary: 's' })(class extends AutoPreprocessor {});`,
      /dataset 'alpaca-en' is in swift-ts .* and in twice\.mjs/,
    ],
  ])('%s', (name, text, said) => {
    write(name, text);
    for (const command of [
      ['list', 'datasets'],
      ['sft', ...RUN],
    ]) {
      const { status, stderr } = swift([...command, '--plugins', name], { cwd });
      expect([status, stderr]).toEqual([2, expect.stringMatching(said)]);
    }
  });

  test('a name of nothing', () => {
    const { status, stderr } = swift(['list', 'tuners', '--plugins', './nowhere.ts'], { cwd });
    expect([status, stderr]).toEqual([2, expect.stringContaining('Give a file, a folder, or the name')]);
  });
});

test.each([
  ['process.exit(0);', 'ends the process'],
  ['await new Promise(() => {});', 'ends the process'],
])('a file with %s does not end the command as if all was well', (text, said) => {
  const cwd = scratch();
  writeFileSync(join(cwd, 'bad.mjs'), text);
  const { status, stderr } = swift(
    ['sft', '--plugins', './bad.mjs', '--model', TINY, '--dataset', 'x.jsonl'],
    { cwd },
  );
  expect(stderr).toContain(`--plugins ./bad.mjs ${said}`);
  expect(status).toBe(2);
});
