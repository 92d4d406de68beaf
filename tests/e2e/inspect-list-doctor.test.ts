import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { commandArguments } from '../../core/config/commands.js';
import { PLUGIN_KINDS } from '../../core/registry/kinds.js';
import { ROOT, scratch, swift, TINY } from './swift.js';

describe('inspect', () => {
  const cwd = scratch();
  const row = {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'One?' },
      { role: 'assistant', content: 'Yes, one.' },
      { role: 'user', content: 'Two?' },
      { role: 'assistant', content: 'Two too.' },
    ],
  };
  writeFileSync(
    join(cwd, 'chat.jsonl'),
    `${JSON.stringify({ query: 'a', response: 'b' })}\n${JSON.stringify(row)}\n`,
  );
  const INSPECT = ['inspect', '--model', TINY, '--dataset', 'chat.jsonl'];

  test('marks exactly the answers with their stop tokens', () => {
    const { status, stdout } = swift([...INSPECT, '--row', '1'], { cwd });
    expect(status).toBe(0);
    const [text] = stdout.split('\n\ntemplate ');
    const marked = [...text.matchAll(/⟦(.*?)⟧/gs)].map(([, inside]) => inside);
    expect(marked).toEqual(['Yes, one.<|im_end|>', 'Two too.<|im_end|>']);
    const plain = text.replaceAll(/[⟦⟧]/g, '');
    for (const { content } of row.messages) expect(plain).toContain(content);
    const [, ids] = /^input_ids (.*)$/m.exec(stdout)!;
    const [, labels] = /^labels +(.*)$/m.exec(stdout)!;
    const [inputs, targets] = [ids, labels].map((list) => JSON.parse(list) as number[]);
    const learned = targets.filter((label) => label >= 0);
    expect(targets).toHaveLength(inputs.length);
    targets.forEach((label, i) => expect([-100, inputs[i]]).toContain(label));
    expect(stdout).toContain(`${inputs.length} tokens, ${learned.length} supervised`);
  });

  test('a model that is not built here is inspected all the same', () => {
    cpSync(TINY, join(cwd, 'quantized'), { recursive: true });
    const config = JSON.parse(readFileSync(join(TINY, 'config.json'), 'utf8')) as object;
    const quantized = { ...config, quantization_config: { quant_method: 'awq' } };
    writeFileSync(join(cwd, 'quantized', 'config.json'), JSON.stringify(quantized));
    const argv = ['inspect', '--model', 'quantized', '--dataset', 'chat.jsonl'];
    expect(swift(argv, { cwd }).stdout).toBe(swift(INSPECT, { cwd }).stdout);
  });

  test('tokens that weigh more are marked with how much, and counted', () => {
    const answer = 'Thought: look\nAction: find\nObservation: it';
    writeFileSync(join(cwd, 'agent.jsonl'), JSON.stringify({ query: 'q', response: answer }));
    const argv = ['inspect', '--model', TINY, '--dataset', 'agent.jsonl', '--loss_scale', 'react'];
    const { stdout } = swift(argv, { cwd });
    expect(stdout).toContain('⟦Thought: look\n⟧⟦Action: find\nObservation:⟧×2 it⟦<|im_end|>⟧');
    const [, weights] = /^loss_scale (.*)$/m.exec(stdout)!;
    const twice = (JSON.parse(weights) as number[]).filter((weight) => weight === 2).length;
    expect(stdout).toContain(`weight 2: ${twice} tokens`);
  });

  test('everything is marked for pre-training; a row that is not there is refused', () => {
    const all = swift([...INSPECT, '--supervise', 'all'], { cwd });
    expect(all.stdout).toMatch(/^⟦[^⟦⟧]*⟧\n\ntemplate /);
    const beyond = swift([...INSPECT, '--row', '9'], { cwd });
    expect(beyond.stderr).toContain('--row 9: the data hold 2 samples');
    expect(beyond.status).toBe(2);
  });
});

describe('list', () => {
  test.each(PLUGIN_KINDS.filter((kind) => !['patcher', 'quantizer'].includes(kind)))('%ss', (kind) => {
    const { status, stdout, stderr } = swift(['list', `${kind}s`]);
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    if (kind === 'model') expect(lines.shift()).toMatch(/^ID +SIZE +FAMILY /);
    const [count] = stderr.trim().split('; ');
    expect(count).toBe(`${lines.length} ${kind}${lines.length === 1 ? '' : 's'}`);
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      ...new Set(lines.map((line) => line.split(' ')[0])),
    ]);
  });

  test('datasets by what they are about', () => {
    expect(swift(['list', 'datasets', 'dpo']).stdout).toContain('stack-exchange-paired ');
    const found = JSON.parse(swift(['list', 'datasets', 'self-cognition', '--json']).stdout) as object[];
    expect(found).toEqual([expect.objectContaining({ tags: ['chat', 'self-cognition'] })]);
  });

  test('a filter, an unknown kind, no kind', () => {
    const { stdout } = swift(['list', 'models', 'qwen2-0.5b-instruct']);
    const ids = stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(' ')[0]);
    expect(ids).toContain('qwen2-0_5b-instruct');
    expect(ids.every((id) => id.startsWith('qwen2-0_5b'))).toBe(true);
    expect(swift(['list', 'models', 'Qwen/Qwen2-0.5B-Instruct']).stdout).toBe(stdout);
    expect(swift(['list', 'models', 'nosuch'])).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '0 models\n',
    });
    const unknown = swift(['list', 'modles']);
    expect(unknown.stderr).toContain("Did you mean 'models'?");
    expect(unknown.status).toBe(2);
    expect(swift(['list'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Kinds: ') as string,
    });
  });

  test('models by family, modality and size; as JSON', () => {
    const listed = (...flags: string[]) => {
      const { status, stdout } = swift(['list', 'models', ...flags, '--json']);
      expect(status).toBe(0);
      return JSON.parse(stdout) as { id: string; family: string; size?: string }[];
    };
    const small = listed('--family', 'qwen2', '--size', '<=0.5b');
    expect(small.map(({ id }) => id)).toContain('qwen2-0_5b-instruct');
    expect(new Set(small.map(({ family, size }) => `${family} ${size}`))).toEqual(new Set(['qwen2 0.5B']));
    expect(listed('--modality', 'audio', '--family', 'qwen2')).toEqual([]);
    expect(listed('--modality', 'text', '--family', 'llava1_5_hf')).toEqual([]);
    expect(listed('--modality', 'image', '--family', 'llava1_5_hf')).not.toEqual([]);
    expect(swift(['list', 'models', 'minimind', '--size', '7b'])).toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/^0 models; 2 more have a name that does not tell/) as string,
    });
    expect(listed('--size=7b').every(({ size }) => size === '7B')).toBe(true);
    const [one] = listed('Qwen/Qwen2-0.5B-Instruct').filter(({ id }) => id === 'qwen2-0_5b-instruct');
    expect(one).toEqual({
      id: 'qwen2-0_5b-instruct',
      hf: 'Qwen/Qwen2-0.5B-Instruct',
      ms: 'qwen/Qwen2-0.5B-Instruct',
      family: 'qwen2',
      architectures: ['Qwen2ForCausalLM'],
      template: 'qwen',
      modalities: ['text'],
      size: '0.5B',
      parity: 'proven',
      package: 'swift-ts',
    });
  });

  test.each([
    [['models', '--famly', 'qwen2'], "Did you mean 'family'?"],
    [['models', '--family', 'qwne2'], "Did you mean 'qwen2'?"],
    [['models', '--modality', 'txt'], "Did you mean 'text'?"],
    [['models', '--size', 'small'], 'Expected e.g. 7b'],
    [['models', '--json', 'qwen'], 'goes before the flags'],
    [['tuners', '--family', 'qwen'], "takes no '--family'"],
    [['models', 'qwen', 'llama'], "takes no 'llama'"],
  ])('list %s is refused', (words, shown) => {
    const { status, stderr } = swift(['list', ...words]);
    expect(stderr).toContain(shown);
    expect(status).toBe(2);
  });

  test('start-up imports no plugin, no zod and no backend', () => {
    const loaded = modulesOf(['list', 'models']);
    expect(loaded.filter((url) => /dist\/core\/cli\/list\.js$/.test(url))).toHaveLength(1);
    expect(
      loaded.filter((url) => /\/plugins\/|zod|onnxruntime|tsyringe|huggingface|\/core\/sdk\//.test(url)),
    ).toEqual([]);
    // registry.json alone says what plugins take.
    const flags = modulesOf(['sft', '--help', '--sft_type', 'full']);
    expect(
      flags.filter((url) => /\/plugins\/|zod|yaml|onnxruntime|tsyringe|huggingface|\/core\/sdk\//.test(url)),
    ).toEqual([]);
    const help = modulesOf(['--help']);
    expect(help.filter((url) => !url.startsWith('node:')).length).toBeLessThanOrEqual(4);
  });
});

/** URLs of all modules that a command imports, as a loader hook sees them. */
function modulesOf(argv: readonly string[]): string[] {
  const folder = scratch();
  const seen = join(folder, 'seen.txt');
  writeFileSync(
    join(folder, 'hook.mjs'),
    `import { appendFileSync } from 'node:fs';
     export async function load(url, context, next) {
       appendFileSync(${JSON.stringify(seen)}, url + '\\n');
       return next(url, context);
     }`,
  );
  writeFileSync(
    join(folder, 'register.mjs'),
    `import { register } from 'node:module'; register('./hook.mjs', import.meta.url);`,
  );
  const hook = pathToFileURL(join(folder, 'register.mjs')).href;
  expect(swift(argv, { env: { NODE_OPTIONS: `--import ${hook}` } }).status).toBe(0);
  return readFileSync(seen, 'utf8').trim().split('\n');
}

describe('doctor, help, version', () => {
  test('doctor says what is here and what is not', () => {
    const { status, stdout } = swift(['doctor'], { env: { SWIFT_PEERS: join(ROOT, 'tests/extras') } });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^swift-ts \d+\.\d+\.\d+\S*, Node v\d+/);
    expect(stdout).toMatch(/^\d+ x .*GiB$/m);
    expect(stdout).toMatch(/^hub: Hugging Face, https:\/\/huggingface\.co$/m);
    expect(stdout).toMatch(/^ffmpeg, for sound and video: .*ffmpeg$/m);
    expect(stdout).toMatch(/^plugins of swift-ts: (\d+ [\w-]+, )*\d+ models, /m);
    expect(stdout).toMatch(
      /^backend onnxruntime: onnxruntime \S+ on CPU; [\d.]+ GFLOP\/s \(float32 matmul \d+\)$/m,
    );
    expect(stdout).toMatch(/^backend reference: .*; [\d.]+ GFLOP\/s \(float32 matmul \d+\)$/m);
    expect(stdout).toMatch(/^backend tfjs: .*: wasm, .*tfjs-node is not installed; [\d.]+ GFLOP\/s/m);
    const modelScope = { USE_HF: '0', MODELSCOPE_ENDPOINT: 'https://user:secret@hub.example' };
    const elsewhere = swift(['doctor'], {
      env: { ...modelScope, HF_HUB_OFFLINE: '1', SWIFT_TFJS: 'node-gpu' },
    });
    expect(elsewhere.stdout).toMatch(/^hub: ModelScope, https:\/\/\S*hub\.example/m);
    expect(elsewhere.stdout).not.toContain('secret');
    expect(elsewhere.stdout).toContain('HF_HUB_OFFLINE is set');
    expect(elsewhere.stdout).toMatch(
      /^backend tfjs: not available: .* is not installed. Install it: npm install @tensorflow\/tfjs-node-gpu/m,
    );
  });

  test.each(Object.keys(commandArguments))('%s --help lists every argument and alias', (command) => {
    const { status, stdout } = swift([command, '--help']);
    expect(status).toBe(0);
    const known = commandArguments[command as keyof typeof commandArguments];
    const flat = stdout.replaceAll(/\s+/g, ' ');
    for (const [name, { aliases, help }] of Object.entries(known)) {
      expect(flat).toContain(` --${name} `);
      for (const one of aliases) expect(flat).toContain(`--${one}`);
      expect(flat).toContain(` ${help} (`);
    }
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });

  test('--help lists the commands; --version is that of the package; nothing else is a command', () => {
    const { stdout } = swift(['--help']);
    for (const name of [...Object.keys(commandArguments), 'list', 'doctor', 'registry']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
    for (const name of ['list', 'doctor', 'registry'])
      expect(swift([name, '--help']).stdout).toContain('Usage: ');
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(swift(['--version']).stdout).toBe(`${version}\n`);
    const unknown = swift(['inspcet']);
    expect(unknown.stderr).toContain("Did you mean 'inspect'?");
    expect(unknown.status).toBe(2);
    expect(swift([]).stdout).toBe(stdout);
  });
});
