import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { QUICKSTART, ROOT, scratch, TINY } from './e2e/swift.js';

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md'],
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** Code blocks of a page in one language. */
function blocks(page: string, language: string): string[] {
  const found = read(page).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'));
  return [...found].map(([, code]) => code);
}

test.each(PAGES)('%s: links lead to files that exist', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link.replace(/#.*$/, ''));
  const local = links.filter((link) => link !== '' && !/^[a-z]+:/.test(link));
  expect(local.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
});

test.each(PAGES)('%s: every row of a table has the cells of its headings', (page) => {
  const rows = read(page).split('\n');
  const cells = (row: string): number =>
    row
      .replaceAll('\\|', '')
      .replaceAll(/`[^`]*`/g, '')
      .split('|').length;
  const isRow = (row: string | undefined): boolean => row?.startsWith('|') === true;
  const ragged = rows.filter(
    (row, i) => isRow(row) && isRow(rows[i - 1]) && cells(row) !== cells(rows[i - 1]),
  );
  expect(ragged).toEqual([]);
});

test('the README counts the checkpoints that load', async () => {
  const { Catalog } = await import('../core/registry/catalog.js');
  const { ownSource } = await import('../core/registry/manifest.js');
  const catalog = new Catalog([ownSource()]);
  const models = catalog.list('model');
  const loading = models.filter((model) => catalog.loads(model)).length;
  expect(read('README.md')).toContain(`${loading} checkpoints of ${catalog.knownFamilies.length} families`);
  expect(read('README.md')).toContain(`${models.length - loading} ids of quantized files`);
});

test('tests that docs/acceptance.md names exist', () => {
  const named = [...read('docs/acceptance.md').matchAll(/\btests\/[\w./-]*\w/g)].map(([path]) => path);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('commands of the README exist, flags and scripts alike', async () => {
  const { commandArguments } = await import('../core/config/commands.js');
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const text = blocks('README.md', 'bash').join('\n').replaceAll('\\\n', ' ');
  for (const [, name] of text.matchAll(/npm run ([\w:]+)/g)) expect(scripts).toHaveProperty([name]);
  const lines = [...text.matchAll(/^swift (\w+) +(.*)$/gm)];
  expect(lines.length).toBeGreaterThan(2);
  for (const [, command, rest] of lines) {
    const known = commandArguments[command as keyof typeof commandArguments];
    for (const [, flag] of rest.matchAll(/--(\w+)/g)) expect(known).toHaveProperty(flag);
  }
});

/** Where each whole file of the guides goes. */
const WHOLE_FILES: Readonly<Record<string, string>> = {
  'docs/adding/agent.md': 'plugins/agents/mine.ts',
  'docs/adding/codec.md': 'plugins/codecs/w8.ts',
  'docs/adding/dataset.md': 'plugins/datasets/colors.ts',
  'docs/adding/engine.md': 'plugins/engines/night.ts',
  'docs/adding/evaluator.md': 'plugins/evaluators/piqa.ts',
  'docs/adding/loss-scale.md': 'plugins/loss-scales/steps.ts',
  'docs/adding/model.md': 'plugins/models/mine.ts',
  'docs/adding/op.md': 'core/graph/ops/square.ts',
  'docs/adding/optimizer.md': 'plugins/optimizers/momentum.ts',
  'docs/adding/patcher.md': 'plugins/patchers/window.ts',
  'docs/adding/quantizer.md': 'plugins/quantizers/shift.ts',
  'docs/adding/reward.md': 'plugins/rewards/brief.ts',
  'docs/adding/trainer.md': 'plugins/trainers/hinge.ts',
  'docs/adding/tuner.md': 'plugins/tuners/top.ts',
  'README.md': 'tests/readme.ts',
};

test('whole files in the guides and the README compile where they go', () => {
  const files = new Map(
    Object.entries(WHOLE_FILES).map(([page, path]) => {
      const whole = blocks(page, 'ts').filter((code) => code.startsWith('import ') && !code.includes('…'));
      expect(whole, page).toHaveLength(1);
      return [join(ROOT, path), whole[0]] as [string, string];
    }),
  );
  files.set(join(ROOT, 'tests/readme-asking.ts'), blocks('README.md', 'ts')[1]);
  const [backend] = blocks('docs/adding/backend.md', 'ts');
  files.set(join(ROOT, 'plugins/backends/mine/index.ts'), backend.replace('…', 'throw lowered;'));
  files.set(
    join(ROOT, 'plugins/backends/mine/kernels.ts'),
    'export const kernels = new Map<string, unknown>();',
  );
  expect(diagnose(files)).toEqual([]);
});

/** What the compiler says of files that are not on the disk, under this project's options. */
function diagnose(files: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent({ ...(config as object), include: [] }, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const [onDisk, readDisk] = [host.fileExists.bind(host), host.readFile.bind(host)];
  host.fileExists = (path) => files.has(path) || onDisk(path);
  host.readFile = (path) => files.get(path) ?? readDisk(path);
  host.directoryExists = () => true;
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${relative(ROOT, path)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
}

test("the README's code trains the bundled model, and asks it", () => {
  const cwd = scratch();
  const sdk = pathToFileURL(join(ROOT, 'dist/core/sdk/index.js')).href;
  const code = blocks('README.md', 'ts')[0]
    .replace("'swift-ts'", `'${sdk}'`)
    .replace("'qwen2-0.5b-instruct'", `'${TINY}'`)
    .replace("'alpaca-en#500'", `'${QUICKSTART}#8'`)
    .replace("output_dir: 'output'", "output_dir: 'output', max_steps: 1");
  expect(code).toContain(TINY);
  expect(code).toContain(QUICKSTART);
  expect(code).toContain('max_steps');
  writeFileSync(join(cwd, 'readme.mjs'), code);
  const { status, stderr } = spawnSync(process.execPath, ['readme.mjs'], { cwd, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const [run] = readdirSync(join(cwd, 'output', 'swift-tiny'));
  expect(readdirSync(join(cwd, 'output', 'swift-tiny', run))).toContain('checkpoint-1');

  const asking = blocks('README.md', 'ts')[1]
    .replace("'swift-ts'", `'${sdk}'`)
    .replace('output/…/checkpoint-38', `output/swift-tiny/${run}/checkpoint-1`);
  expect(asking).toContain('checkpoint-1');
  writeFileSync(join(cwd, 'asking.mjs'), asking);
  const asked = spawnSync(process.execPath, ['asking.mjs'], { cwd, encoding: 'utf8' });
  expect(asked).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/\w/) as string });
});
