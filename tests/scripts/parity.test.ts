import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ROOT } from '../e2e/swift.js';

function parity(...words: string[]) {
  const options = ['-C', 'swift-source', '--import', 'tsx', 'scripts/parity.ts', ...words];
  return spawnSync(process.execPath, options, { cwd: ROOT, encoding: 'utf8' });
}

test('one case as JSON, with what it was compared to and what is allowed', () => {
  const { status, stdout } = parity('qwen2', '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    {
      id: 'qwen2',
      title: 'Qwen2',
      architecture: 'Qwen2ForCausalLM',
      oracle: expect.stringMatching(/^Transformers \d/) as string,
      distances: {
        logits: expect.any(Number) as number,
        padded: expect.any(Number) as number,
        loss: expect.any(Number) as number,
        gradients: expect.any(Number) as number,
        generated: 20,
        asked: 20,
      },
      tolerance: { logits: 1e-4, loss: 1e-5, gradients: 1e-4 },
      within: true,
    },
  ]);
});

test('as a table; an unknown case names the nearest', () => {
  const { status, stdout } = parity('yi');
  expect(stdout).toMatch(/^CASE +ARCHITECTURE .*\nyi +LlamaForCausalLM .* 20\/20 +yes +Transformers /);
  expect(status).toBe(0);
  const unknown = parity('gemma3_txt');
  expect(unknown.stderr).toContain("Did you mean 'gemma3_text'?");
  expect(unknown.status).toBe(2);
});
