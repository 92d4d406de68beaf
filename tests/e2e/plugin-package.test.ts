import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

test("the package's registry.json is what swift registry writes", () => {
  const installed = join(project, 'node_modules/swift-plugin-example');
  const shipped = readFileSync(join(installed, 'registry.json'), 'utf8');
  run('npx', ['swift', 'registry'], installed);
  expect(readFileSync(join(installed, 'registry.json'), 'utf8')).toBe(shipped);
  expect(readdirSync(installed)).toContain('dist');
});
