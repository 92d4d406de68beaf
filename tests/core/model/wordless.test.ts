import { expect, test } from 'vitest';
import type { Objective } from '../../../core/contracts/trainer.js';
import { NativeBackend } from '../../../core/infer/native-backend.js';
import { checkReadable } from '../../../core/model/wordless.js';
import { optimizedBy } from '../../../core/train/optimized.js';
import { backendOf, loadCase, parityCase, plugins } from '../../../parity/cases.js';
import { loadSequenceCase, sequenceCase } from '../../../parity/sequences.js';

const services = plugins();
const TASKS = /--task_type embedding, reranker or seq_cls/;

async function objectiveOf(id: string, options: object = {}): Promise<Objective | undefined> {
  return optimizedBy((await services.resolve('trainer', id)).instance, { ...options }).objective;
}

test('an encoder is asked for no text, and told what it is asked for', async () => {
  const loaded = await loadSequenceCase(sequenceCase('bert_vectors'));
  const backend = await backendOf('onnxruntime');
  const options = { seed: 1, stop_words: [], batch_size: 1, max_length: -1 } as never;
  expect(() => new NativeBackend(loaded, backend, options)).toThrow(/no head of words/);
  expect(() => checkReadable(loaded.model, undefined)).toThrow(
    expect.objectContaining({ cure: [expect.stringMatching(TASKS) as string] }),
  );
});

test('trainers of words refuse a model without them', async () => {
  const { model } = await loadSequenceCase(sequenceCase('qwen3_vectors'));
  const dpo = await objectiveOf('dpo', { beta: 0.1, label_smoothing: 0, loss_type: ['sigmoid'] }).catch(
    () => undefined,
  );
  expect(() => checkReadable(model, dpo)).toThrow(/no head of words/);
  checkReadable(model, await objectiveOf('embedding', { loss_type: 'cosine_similarity' }));
  checkReadable(model, await objectiveOf('rm', { center_rewards_coefficient: 0 }));
});

test('a model that scores steps judges, and is not trained to score', async () => {
  const { model } = await loadSequenceCase(sequenceCase('qwen2_steps'));
  const rm = await objectiveOf('rm', { center_rewards_coefficient: 0 });
  expect(() => checkReadable(model, rm)).toThrow(/scores steps, at each <extra_0>/);
});

test('a model with words does all', async () => {
  const { model } = await loadCase(parityCase('qwen2'));
  checkReadable(model, undefined);
  checkReadable(model, await objectiveOf('rm', { center_rewards_coefficient: 0 }));
});

test('what heads of masked words a checkpoint has is said', async () => {
  const messages: string[] = [];
  await loadSequenceCase(sequenceCase('modern_bert_words'), { messages });
  expect(messages.join('\n')).toMatch(/4 tensors are of no use here, e\.g\. (head|decoder)/);
});
