/** Command lines over quantized checkpoints of the local hub. */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeHubContent } from '../../local-hub/content.js';
import { startHub } from '../../local-hub/server.js';
import { cutTokenizer, fixture } from '../../parity/cases.js';
import { pathAfter, QUICKSTART, runSwift, scratch, swift } from './swift.js';

// Drawn, for the likeliest token of a model that has hardly learned ends the answer.
const DRAWN = ['--temperature', '1', '--seed', '1', '--max_new_tokens', '16'];
const STEPS = ['--learning_rate', '1e-3', '--batch_size', '4', '--gradient_accumulation_steps', '1'];

describe('from the hub', () => {
  const root = scratch();
  let hub: Awaited<ReturnType<typeof startHub>>;
  beforeAll(async () => {
    await writeHubContent(root);
    hub = await startHub({ root });
  });
  afterAll(() => hub.close());

  test.each([
    ['qwen2-7b-instruct-gptq-int4', /weights: .*21 gptq int4/],
    ['qwen2-7b-instruct-awq', /weights: .*21 awq int4/],
  ])('%s trains an adapter, answers with it, and whole once merged', async (id, held) => {
    const cwd = scratch();
    const env = { HF_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
    const run = async (...argv: readonly string[]): Promise<{ out: string; err: string }> => {
      const { code, out, err } = await runSwift(argv, env, cwd);
      expect(err).not.toContain('error');
      expect(code).toBe(0);
      return { out, err };
    };
    const trained = await run('sft', '--model_type', id, '--dataset', 'alpaca-en#64', ...STEPS);
    expect(trained.err).toMatch(held);
    const losses = [...trained.err.matchAll(/^step .* loss (\d+\.\d+)/gm)].map(([, loss]) => Number(loss));
    expect(losses.at(-1)).toBeLessThan(losses[0]);
    const checkpoint = pathAfter('last_model_checkpoint', trained.out);
    const ask = ['--query', 'Name three colors.', ...DRAWN];
    const answer = await run('infer', '--ckpt_dir', checkpoint, ...ask);
    expect(answer.out.trim()).not.toBe('');

    const merged = await run('export', '--ckpt_dir', checkpoint, '--merge_lora', 'true');
    expect(merged.err).toMatch(
      /the base is quantized \((gptq|awq)\): the adapter is merged into its widened/,
    );
    const folder = pathAfter('merged model', merged.out);
    const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object;
    expect(config).not.toHaveProperty('quantization_config');
    expect(config).toHaveProperty('torch_dtype', 'float16');
    const whole = await run('infer', '--ckpt_dir', folder, ...ask);
    expect(whole.out.trim()).not.toBe('');
    expect(whole.err).not.toMatch(/int4/);
  });
});

describe('what cannot be done is refused at the door', () => {
  const cwd = scratch();
  const folder = join(cwd, 'coded');
  beforeAll(() => {
    cpSync(fixture('..', 'tokenizers', 'tiny'), folder, { recursive: true });
    for (const file of ['config.json', 'model.safetensors'])
      cpSync(join(fixture('codecs', 'gptq-int4'), file), join(folder, file));
    cutTokenizer(folder);
  });
  const refused = (argv: readonly string[]): string => {
    const { status, stderr } = swift(argv, { cwd });
    expect(status).toBe(2);
    return stderr;
  };

  test('full training, and bits beside those it has', () => {
    const sft = ['sft', '--model', folder, '--dataset', QUICKSTART];
    expect(refused([...sft, '--sft_type', 'full'])).toMatch(
      /--sft_type full: .*coded is quantized \(gptq\), and codes cannot train\n.*--sft_type lora/,
    );
    expect(refused([...sft, '--quant_bits', '4'])).toMatch(
      /--quant_bits 4: .*coded is quantized already \(gptq\)/,
    );
    expect(existsSync(join(cwd, 'output'))).toBe(false);
  });

  test.each([
    [{ quant_method: 'hqq' }, /no codec reads quant_method 'hqq'/],
    [{ quant_method: 'gptq', bits: 5 }, /bits is 5, expected 2, 3, 4 or 8/],
    [{ quant_method: 'gptq', bits: 4, checkpoint_format: 'marlin' }, /checkpoint_format is "marlin"/],
    [{ quant_method: 'awq', version: 'gemv' }, /version is "gemv", expected 'gemm'/],
    [{ quant_method: 'gptqq' }, /Did you mean 'gptq'\?/],
  ])('%j', (stated, message) => {
    const other = join(scratch(), 'other');
    cpSync(folder, other, { recursive: true });
    const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object;
    writeFileSync(join(other, 'config.json'), JSON.stringify({ ...config, quantization_config: stated }));
    const said = refused(['infer', '--model', other, '--query', 'hi']);
    expect(said).toMatch(/UNSUPPORTED_MODEL/);
    expect(said).toMatch(message);
  });
});
