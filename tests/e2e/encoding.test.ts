import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratch, swift, TINY } from './swift.js';

const cwd = scratch();
const env = { XDG_CACHE_HOME: join(cwd, 'cache') };
const CACHE = join(cwd, 'cache/swift-ts/encoded');

/** Enough text for the cache, most of it in rows that are dropped at a glance; of some a field is not used. */
beforeAll(() => {
  const word = (i: number): string => ((i * 2654435761) % 2 ** 32).toString(36);
  const text = (from: number, words: number): string =>
    Array.from({ length: words }, (_, i) => word(from + i)).join(' ');
  const rows = Array.from({ length: 1200 }, (_, i) => ({
    query: text(i, 10),
    response: i % 150 === 3 ? 'word '.repeat(120_000) : text(7 * i, 30),
    ...(i % 100 === 7 && { rejected_response: text(i, 5) }),
  }));
  writeFileSync(join(cwd, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
});

const FLAGS: Readonly<Record<string, string>> = {
  '--model': TINY,
  '--dataset': 'rows.jsonl',
  '--max_length': '1024',
  '--max_steps': '4',
  '--batch_size': '2',
  '--gradient_accumulation_steps': '1',
  '--save_steps': '2',
  '--dataset_test_ratio': '0.001',
  '--add_output_dir_suffix': 'false',
  '--load_from_cache_file': 'false',
};

function run(folder: string, flags: Readonly<Record<string, string>> = {}) {
  const all = { ...FLAGS, '--output_dir': folder, ...flags };
  return swift(['sft', ...Object.entries(all).flat()], { cwd, env });
}

const adapter = (folder: string): Buffer =>
  readFileSync(join(cwd, folder, 'checkpoint-4/adapter_model.safetensors'));
/** What the log says of rows. */
const reports = (stderr: string): readonly string[] => stderr.match(/(training|validation) data: .*/g) ?? [];

describe('rows in memory', () => {
  const alone = { stderr: '' };
  beforeAll(() => {
    const { status, stderr } = run('alone', { '--dataset_num_proc': '1' });
    expect(status, stderr).toBe(0);
    alone.stderr = stderr;
    expect(reports(stderr)[0]).toMatch(/longer than max_length\).*rejected_response \(\d+\)/);
    expect(existsSync(CACHE)).toBe(false);
  }, 60_000);

  test('give the same adapter and reports from threads, and from the cache', () => {
    const kept = { '--load_from_cache_file': 'true' };
    const runs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      threads: { '--preprocess_num_proc': '3' },
      writes: { '--dataset_num_proc': '2', ...kept },
      reads: kept,
    };
    for (const [folder, flags] of Object.entries(runs)) {
      const { status, stderr } = run(folder, flags);
      expect(status, stderr).toBe(0);
      expect(adapter(folder)).toEqual(adapter('alone'));
      expect(reports(stderr)).toEqual(reports(alone.stderr));
      expect(stderr.includes('rows were encoded by an earlier run')).toBe(folder === 'reads');
    }
    expect(readdirSync(CACHE).every((name) => /^[0-9a-f]{64}\.rows$/.test(name))).toBe(true);
  });

  test('an entry that is damaged is removed and said, and its rows are encoded again', () => {
    const [name] = readdirSync(CACHE);
    const bytes = readFileSync(join(CACHE, name));
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(join(CACHE, name), bytes);
    const { status, stderr } = run('damaged', { '--load_from_cache_file': 'true' });
    expect(status, stderr).toBe(0);
    expect(stderr).toContain(`encoded rows in ${join(CACHE, name)} are damaged`);
    expect(adapter('damaged')).toEqual(adapter('alone'));
    expect(reports(stderr)).toEqual(reports(alone.stderr));
  });

  test('other arguments are other samples', () => {
    const files = readdirSync(CACHE).length;
    const flags = { '--load_from_cache_file': 'true', '--max_length': '2048', '--max_steps': '1' };
    const { status, stderr } = run('longer', flags);
    expect(status, stderr).toBe(0);
    expect(stderr).not.toContain('encoded by an earlier run');
    expect(readdirSync(CACHE).length).toBeGreaterThan(files);
  });
});

test('a stream trains the same adapter, also gone on from in the midst of a window', () => {
  const flags = { '--streaming': 'true', '--dataset_test_ratio': '0', '--shuffle_buffer_size': '700' };
  const all = [
    run('stream-1', { ...flags, '--dataset_num_proc': '1' }),
    run('stream-2', { ...flags, '--dataset_num_proc': '2' }),
    run('stream-on', {
      ...flags,
      '--dataset_num_proc': '2',
      '--resume_from_checkpoint': 'stream-1/checkpoint-2',
    }),
  ];
  for (const { status, stderr } of all) expect(status, stderr).toBe(0);
  expect(adapter('stream-2')).toEqual(adapter('stream-1'));
  expect(adapter('stream-on')).toEqual(adapter('stream-1'));
  expect(reports(all[1].stderr)).toEqual(reports(all[0].stderr));
});

describe('a template of a plugin', () => {
  /** JavaScript that runs as each row is encoded; `elsewhere` says whether that is in a thread of its own. */
  const template = (name: string, body: string): string => {
    const code = `
      import { writeFileSync } from 'node:fs';
      import { workerData } from 'node:worker_threads';
      import { SpecTemplate, template, SwiftError } from 'swift-ts/plugin';
      const elsewhere = workerData?.tokenizer !== undefined;
      const cell = new Int32Array(new SharedArrayBuffer(4));
      class Mine extends SpecTemplate {
        spec = { prefix: [], system_prefix: null, prompt: ['Q: {{QUERY}} A: '], chat_sep: null, suffix: [['eos_token_id']] };
        encode(row, tokenizer, options) {
          if (!elsewhere) Atomics.wait(cell, 0, 0, 3); // lets threads come before the last row
          ${body}
          return super.encode(row, tokenizer, options);
        }
      }
      template({ id: 'mine', summary: 'a test' })(Mine);`;
    writeFileSync(join(cwd, name), code);
    return `./${name}`;
  };

  test('is made again in the threads, from its file; what is wrong with a row is told as ever', () => {
    const plugin = template(
      'template.mjs',
      `if (elsewhere) writeFileSync('encoded-elsewhere', '');
       if (row.messages[1].content === 'wrong')
         throw new SwiftError('BAD_ROW', 'it is wrong', { cure: 'Mend it.' });`,
    );
    const flags = { '--plugins': plugin, '--template_type': 'mine', '--dataset_num_proc': '2' };
    for (const [folder, threads] of Object.entries({ 'mine-1': '1', 'mine-2': '2' })) {
      const { status, stderr } = run(folder, { ...flags, '--dataset_num_proc': threads });
      expect(status, stderr).toBe(0);
    }
    expect(adapter('mine-2')).toEqual(adapter('mine-1'));
    expect(existsSync(join(cwd, 'encoded-elsewhere'))).toBe(true);
    const rows = readFileSync(join(cwd, 'rows.jsonl'), 'utf8');
    writeFileSync(join(cwd, 'wrong.jsonl'), `${rows}\n{"query": "q", "response": "wrong"}\n`);
    appendFileSync(join(cwd, 'wrong.jsonl'), rows.split('\n').slice(4, 100).join('\n'));
    const wrong = { ...flags, '--dataset': 'wrong.jsonl', '--dataset_test_ratio': '0' };
    const stopped = run('stopped', wrong);
    expect(stopped.stderr).toContain('wrong.jsonl:1201: it is wrong\n  Mend it.');
    expect(stopped.status).toBe(2);
    const dropped = run('dropped', { ...wrong, '--check_dataset_strategy': 'discard' });
    expect(dropped.stderr).toMatch(/1 that cannot be encoded[^]*dropped: \S*wrong\.jsonl:1201: it is wrong/);
    expect(dropped.status).toBe(0);
  }, 180_000);

  test.each([
    ['ends it', 'process.exit(7)', /ENGINE_CRASHED\]: a thread that encodes rows ended with exit code 7/],
    ['fails', `throw new TypeError('boom')`, /ENGINE_CRASHED\]: .*TypeError: boom at file:.*crash\.mjs/],
  ])('that %s is one error, and the command ends', (_, body, said) => {
    const plugin = template('crash.mjs', `if (elsewhere) { ${body} }`);
    const flags = { '--plugins': plugin, '--template_type': 'mine', '--dataset_num_proc': '2' };
    const { status, stderr } = run('crash', flags);
    expect(stderr).toMatch(said);
    expect(status).toBe(1);
  });
});
