import { expect, test } from 'vitest';
import { RewardModel } from '../../../core/sdk/reward-models.js';
import { Scorer } from '../../../core/sdk/scorer.js';
import { stepRewards } from '../../../core/sdk/step-rewards.js';
import { services } from '../../../core/sdk/default-services.js';
import { backendOf } from '../../../parity/cases.js';
import { loadSequenceCase, sequenceCase } from '../../../parity/sequences.js';

test('the share of the second score', () => {
  expect(stepRewards(Float32Array.of(0, 0, 1, 3))).toEqual([0.5, 1 / (1 + Math.exp(-2))]);
});

test('each step is judged, and an answer is worth its worst step', async () => {
  const loaded = await loadSequenceCase(sequenceCase('qwen2_steps'));
  const { template, tokenizer, model } = loaded;
  const [mark] = tokenizer.encode('!');
  model.mark_ids = new Map([['<extra_0>', mark]]);
  const question = { role: 'user', content: 'hi' } as const;
  const text = 'a! b! c!';
  const row = { messages: [question, { role: 'assistant', content: text } as const] };
  const encoded = template.encode(row, tokenizer, { supervise: 'all' });
  const steps = encoded.kind === 'sample' ? encoded.sample.input_ids.filter((id) => id === mark).length : 0;
  expect(steps).toBeGreaterThan(0);

  const scorer = await Scorer.open({ loaded, services: services() });
  const [{ response }] = await scorer.judge([row]);
  await scorer.release();
  expect(response).toHaveLength(steps);

  const reward = new RewardModel(loaded, await backendOf('onnxruntime'));
  const asked = { messages: [question] } as never;
  expect(await reward.score([{ asked, text } as never])).toEqual([Math.min(...(response as number[]))]);
  await expect(reward.score([{ asked, text: 'none' } as never])).rejects.toThrow(
    /an answer has no <extra_0>/,
  );
  await reward.release();
});
