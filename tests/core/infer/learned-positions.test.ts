import { expect, test } from 'vitest';
import { SeededRandom } from '../../../core/data/random.js';
import { Scheduler } from '../../../core/infer/scheduler.js';
import { GenerateEngine } from '../../../core/runtime/generate-engine.js';
import { backendOf, loadCase, parityCase } from '../../../parity/cases.js';

const GREEDY = {
  sampling: { do_sample: false, temperature: 0, top_p: 1, repetition_penalty: 1 },
  max_new_tokens: 40,
  stopIds: [],
  stopWords: [],
};

test('an answer ends where the model has no more positions', async () => {
  const { model, tokenizer } = await loadCase(parityCase('gpt2'));
  expect(model.mostPositions).toBe(128);
  const engine = new GenerateEngine(await backendOf('onnxruntime'), model);
  const fault = () => Promise.reject(new Error('no number'));
  const ids = Array.from({ length: 119 }, (_, i) => 3 + (i % 60));
  const request = { ...GREEDY, ids, random: SeededRandom.seeded(1) };
  const answer = await new Scheduler(engine, tokenizer, 1, fault).answer(request);
  // 119 + 9 tokens are read, and the last of them still says what follows.
  expect(answer.ids).toHaveLength(10);
  expect(answer.finish_reason).toBe('length');
  await engine.release();
});
