/** The package as npm makes it, in a project of its own: what it carries, that it runs, that its types resolve. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT, scratch, TINY } from './swift.js';

const app = scratch();
const MODULES = join(app, 'node_modules');
let files: string[] = [];

beforeAll(() => {
  // Built already: `prepack` does it elsewhere.
  const argv = ['pack', '--json', '--ignore-scripts', '--pack-destination', app];
  const said = execFileSync('npm', argv, { cwd: ROOT, encoding: 'utf8' });
  const [{ filename, files: listed }] = JSON.parse(said) as [{ filename: string; files: { path: string }[] }];
  files = listed.map(({ path }) => path);
  mkdirSync(MODULES);
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter((one) => !one.startsWith('swift-')))
    symlinkSync(join(ROOT, 'node_modules', name), join(MODULES, name), 'junction');
  execFileSync('tar', ['xzf', filename], { cwd: app });
  renameSync(join(app, 'package'), join(MODULES, 'swift-ts'));
});

function asProject(type: 'commonjs' | 'module'): void {
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type }));
}

test('what it carries', () => {
  const strange = files.filter(
    (path) => !/^(bin|dist\/(core|plugins)|assets|docs|examples)\/|^[\w.]+$/.test(path),
  );
  expect(strange).toEqual([]);
  expect(files.filter((path) => /\.map$|tsbuildinfo|\/bench\/|\.test\./.test(path))).toEqual([]);
  for (const path of ['bin/swift.js', 'registry.json', 'README.md', 'LICENSE', 'dist/core/sdk/index.d.ts'])
    expect(files).toContain(path);
  const { exports, bin, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, string | Record<string, string>>;
    bin: Record<string, string>;
    scripts: Record<string, string>;
  };
  expect(scripts.prepack).toContain('build');
  expect(Object.keys(bin)).toEqual(['swift', 'swift-ts']);
  const targets = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [target] : [target.types, target.default],
  );
  for (const target of targets) expect(existsSync(join(MODULES, 'swift-ts', target))).toBe(true);
});

test('what its pages link to is in it', () => {
  const shipped = new Set(files);
  const missing = files
    .filter((path) => path.endsWith('.md'))
    .flatMap((page) =>
      [...readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\(([^)#\s]+)/g)]
        .map(([, link]) => link)
        .filter((link) => !/^https?:/.test(link))
        .map((link) => posix.join(dirname(page), link))
        .filter((path) => !shipped.has(path) && !files.some((file) => file.startsWith(`${path}/`)))
        .map((path) => `${page}: ${path}`),
    );
  expect(missing).toEqual([]);
  expect(shipped).toContain('docs/errors.md');
});

test('its command runs', () => {
  const { stdout } = spawnSync(process.execPath, [join(MODULES, 'swift-ts/bin/swift.js'), 'list', 'tuners'], {
    cwd: app,
    encoding: 'utf8',
  });
  expect(stdout).toMatch(/^lora /m);
});

const PROGRAM = `
import { LoraConfig, Model, Seq2SeqTrainer, Swift } from 'swift-ts';
async function main(): Promise<void> {
  const model = await Model.fromPretrained(${JSON.stringify(TINY)});
  const tuned = await Swift.prepareModel(model, { default: LoraConfig({ r: 4, target_modules: ['q_proj'] }) });
  const args = { max_steps: 1, output_dir: 'out' };
  const trainer = new Seq2SeqTrainer({ model: tuned, args, train_dataset: [{ query: 'a', response: 'b' }] });
  console.log((await trainer.train()).state.global_step);
}
void main();
`;

describe('a program', () => {
  test.each(['commonjs', 'module'] as const)('of a %s project trains, transpiled as it runs', (type) => {
    asProject(type);
    writeFileSync(join(app, 'program.ts'), PROGRAM);
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'program.ts'], {
      cwd: app,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout).toBe('1\n');
  });

  test.each([
    ['node16', 'module'],
    ['nodenext', 'module'],
    ['nodenext', 'commonjs'],
    ['bundler', 'module'],
  ] as const)('finds its types under %s, %s', (moduleResolution, type) => {
    asProject(type);
    writeFileSync(join(app, 'typed.ts'), PROGRAM);
    const options = [
      ...['--noEmit', '--strict', '--target', 'es2022', '--types', 'node', '--skipLibCheck', 'false'],
      ...['--moduleResolution', moduleResolution],
      ...['--module', moduleResolution === 'bundler' ? 'esnext' : moduleResolution],
    ];
    const tsc = join(MODULES, 'typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, ...options, 'typed.ts'], {
      cwd: app,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });
});
