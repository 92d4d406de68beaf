import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ROOT, scratch } from './swift.js';

const EXAMPLE = join(ROOT, 'examples/plugin-package');
const project = scratch();

function run(command: string, argv: readonly string[], cwd = project): string {
  const { status, stdout, stderr } = spawnSync(command, argv, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (status !== 0) throw new Error(`${command} ${argv.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}

/** What a command that exits with 2 says. */
function refused(...argv: readonly string[]): string {
  const { status, stderr } = spawnSync('npx', ['swift', ...argv], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  expect([status, stderr]).toEqual([2, expect.any(String)]);
  return stderr;
}

/** Both packages as a user gets them: packed, then installed side by side. */
beforeAll(() => {
  run('npx', ['tsc', '-p', EXAMPLE], ROOT);
  const pack = (folder: string): string =>
    join(project, run('npm', ['pack', folder, '--silent']).trim().split('\n').at(-1)!);
  const packed = [pack(ROOT), pack(EXAMPLE)];
  writeFileSync(join(project, 'package.json'), '{ "name": "project", "private": true, "type": "module" }\n');
  run('npm', [
    'install',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--silent',
    ...packed,
  ]);
  const model = join(project, 'model');
  cpSync(join(project, 'node_modules/swift-ts/assets/models/swift-tiny'), model, { recursive: true });
  const config = JSON.parse(readFileSync(join(model, 'config.json'), 'utf8')) as object;
  writeFileSync(
    join(model, 'config.json'),
    JSON.stringify({ ...config, architectures: ['ExampleTinyForCausalLM'] }),
  );
}, 240_000);

test('the command line finds, lists and uses what the package adds', () => {
  expect(run('npx', ['swift', 'list', 'tuners'])).toMatch(/example-norms .*\[swift-plugin-example\]/);
  expect(run('npx', ['swift', 'list', 'models', 'example-tiny'])).toContain('example/tiny');
  const argv = [
    'swift',
    'sft',
    '--model',
    'model',
    '--dataset',
    'example-colors',
    '--sft_type',
    'example-norms',
  ];
  const out = run('npx', [...argv, '--max_steps', '1', '--dataset_test_ratio', '0']);
  const [, checkpoint] = /last_model_checkpoint: (\S+)/.exec(out)!;
  const config = JSON.parse(readFileSync(join(checkpoint, 'adapter_config.json'), 'utf8')) as object;
  expect(config).toMatchObject({ peft_type: 'EXAMPLE_NORMS' });
  const answer = run('npx', [
    'swift',
    'infer',
    '--ckpt_dir',
    checkpoint,
    '--query',
    'What color is snow?',
    '--temperature',
    '0',
  ]);
  expect(answer).toContain('white');
});

test('the SDK resolves it too', () => {
  const script = `
    import { Model, Swift } from 'swift-ts';
    const model = await Model.fromPretrained('./model');
    await Swift.prepareModel(model, { norms: { tuner: 'example-norms', options: {} } });
    const trained = [...model.loaded.model.namedParameters()].filter(([, p]) => p.trainable);
    console.log(model.loaded.modelType, trained.length);`;
  writeFileSync(join(project, 'use.js'), script);
  expect(run('node', ['use.js']).trim()).toBe('example-tiny 9');
});

const NORMS = [
  ...['--model', 'model', '--dataset', 'example-colors', '--dataset_test_ratio', '0'],
  ...['--sft_type', 'example-norms'],
];

/** A run's last checkpoint. */
function trained(...argv: readonly string[]): string {
  return /last_model_checkpoint: (\S+)/.exec(run('npx', ['swift', 'sft', ...argv]))![1];
}

const argsOf = (checkpoint: string): unknown =>
  JSON.parse(readFileSync(join(checkpoint, 'args.json'), 'utf8'));

const weightsOf = (checkpoint: string): Buffer => readFileSync(join(checkpoint, 'adapter_model.safetensors'));

test("a tuner's own flags: in help, from a file, in args.json, honoured, and taken again on going on", () => {
  const help = run('npx', ['swift', 'sft', '--help', '--sft_type', 'example-norms']);
  expect(help).toMatch(/^tuner example-norms:\n {2}--norm_modules TEXT … /m);
  expect(help).toContain('--norm_noise X ');
  expect(run('npx', ['swift', 'sft', '--help'])).not.toContain('--norm_noise');

  const yaml = [
    ...['model: model', 'dataset: example-colors', 'dataset_test_ratio: 0', 'sft_type: example-norms'],
    ...['norm_modules: [input_layernorm]', 'norm_noise: 0.01', 'save_steps: 1', 'batch_size: 2'],
    'gradient_accumulation_steps: 1',
  ];
  writeFileSync(join(project, 'norms.yaml'), yaml.join('\n'));
  const whole = trained('norms.yaml', '--max_steps', '2', '--output_dir', 'whole');
  expect(argsOf(whole)).toMatchObject({ norm_modules: ['input_layernorm'], norm_noise: 0.01 });
  expect(argsOf(whole)).not.toHaveProperty('lora_rank');
  const config = JSON.parse(readFileSync(join(whole, 'adapter_config.json'), 'utf8')) as object;
  expect(config).toMatchObject({ norm_modules: ['input_layernorm'] });

  const first = join(dirname(whole), 'checkpoint-1');
  const resumed = trained('--resume_from_checkpoint', first, '--output_dir', 'resumed');
  expect(argsOf(resumed)).toMatchObject({ norm_modules: ['input_layernorm'], norm_noise: 0.01 });
  expect(weightsOf(resumed).equals(weightsOf(whole))).toBe(true);
  const changed = refused('sft', '--resume_from_checkpoint', first, '--norm_noise', '0.5');
  expect(changed).toContain('trained with other arguments: norm_noise');
  expect(changed).toContain('norm_noise: was 0.01, is 0.5');
}, 120_000);

test('they are refused by name for another tuner, and checked for their own', () => {
  expect(refused('sft', ...NORMS.slice(0, -2), '--norm_noise', '0.1')).toMatch(
    /--norm_noise: 'norm_noise' is of tuner example-norms, and lora is chosen\n.*\n.*--sft_type example-norms/,
  );
  expect(refused('sft', ...NORMS, '--norm_noise', '2')).toContain("--norm_noise: '2' is not at most 1");
  expect(refused('sft', ...NORMS, '--norm_nose', '1')).toContain("Did you mean 'norm_noise'?");
  expect(refused('sft', ...NORMS, '--lora_rank', '4')).toContain(
    "'lora_rank' is of tuner lora, and example-norms",
  );
  expect(refused('sft', ...NORMS, '--norm_modules', 'layernrom')).toContain('matches no norm');
});

test("they have types in programs, the package's and ours", () => {
  const program = (line: string): string => `
    import 'swift-plugin-example/dist/plugins/tuners/example-norms.js';
    import { Model, Seq2SeqTrainer, Swift, train, type TunerFlags } from 'swift-ts';
    const flags: TunerFlags = { norm_noise: 0.5, norm_modules: ['norm'], lora_rank: 4 };
    const model = await Model.fromPretrained('./model', { quant_bits: 4, quant_group_size: 32 });
    await Swift.prepareModel(model, { norms: { tuner: 'example-norms', options: flags } });
    new Seq2SeqTrainer({ model, args: { adam_beta1: 0.8 }, train_dataset: [] });
    await train('sft', { sft_type: 'example-norms', norm_noise: 0.5, threads: 2 });
    ${line}`;
  const config = {
    compilerOptions: {
      module: 'NodeNext',
      target: 'ES2022',
      lib: ['ES2023'],
      types: [],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    },
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ ...config, include: ['typed-*.ts'] }));
  writeFileSync(join(project, 'typed-right.ts'), program(''));
  writeFileSync(join(project, 'typed-wrong.ts'), program(`await train('sft', { norm_noise: 'much' });`));
  const { stdout } = spawnSync('npx', ['tsc', '-p', project], { cwd: ROOT, encoding: 'utf8' });
  expect(stdout.split('\n').filter((line) => line.includes('error'))).toEqual([
    expect.stringMatching(/typed-wrong\.ts.*Type 'string' is not assignable to type 'number'/),
  ]);
});

test('without a compiler, plugins that are files are JavaScript', () => {
  const code = `import { AutoPreprocessor, dataset } from 'swift-ts/plugin';
    dataset({ id: 'project-rows', summary: 'rows' })(class Rows extends AutoPreprocessor {});`;
  for (const name of ['own.js', 'own.ts']) writeFileSync(join(project, name), code);
  expect(run('npx', ['swift', 'list', 'datasets', '--plugins', 'own.js'])).toContain('project-rows');
  expect(refused('list', 'datasets', '--plugins', 'own.ts')).toMatch(
    /own\.ts is TypeScript, and no compiler is installed\n.*npm install typescript/,
  );
});

test.each(['tuner', 'model', 'dataset'])(
  'swift create-plugin writes a package of a %s whose test passes',
  (kind) => {
    const folder = join(project, `swift-plugin-new-${kind}`);
    const made = run('npx', ['swift', 'create-plugin', `swift-plugin-new-${kind}`, '--kind', kind]);
    expect(made).toContain(`${folder}: a ${kind}`);
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(project, 'node_modules/swift-ts'), join(folder, 'node_modules/swift-ts'), 'junction');
    symlinkSync(join(ROOT, 'node_modules/typescript'), join(folder, 'node_modules/typescript'), 'junction');
    const bin = [join(ROOT, 'node_modules/.bin'), join(project, 'node_modules/.bin')].join(delimiter);
    const { status, stdout, stderr } = spawnSync('npm', ['test'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
    });
    expect([status, stderr, stdout]).toEqual([0, '', expect.stringContaining('# pass 1')]);
    expect(run('npx', ['swift', 'list', `${kind}s`, 'new-', '--plugins', folder])).toContain(`new-${kind}`);
    expect(refused('create-plugin', `swift-plugin-new-${kind}`)).toContain('exists already');
  },
);

test('a new package has a name, and is of a kind that there is', () => {
  expect(refused('create-plugin')).toContain('create which package?');
  expect(refused('create-plugin', 'Mine')).toContain("'Mine' is no name of a package");
  expect(refused('create-plugin', 'mine', '--kind', 'tunr')).toContain("Did you mean 'tuner'?");
});

test("the package's registry.json is what swift registry writes", () => {
  const installed = join(project, 'node_modules/swift-plugin-example');
  const shipped = readFileSync(join(installed, 'registry.json'), 'utf8');
  run('npx', ['swift', 'registry'], installed);
  expect(readFileSync(join(installed, 'registry.json'), 'utf8')).toBe(shipped);
  expect(readdirSync(installed)).toContain('dist');
});
