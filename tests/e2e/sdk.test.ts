import { readdirSync } from 'node:fs';
import { expect, expectTypeOf, test } from 'vitest';
import {
  Chat,
  LoraConfig,
  Model,
  MsDataset,
  openModel,
  Seq2SeqTrainer,
  services,
  Swift,
  type TunableModel,
} from 'swift-ts';
import { QUICKSTART, scratch, TINY } from './swift.js';

const GREEDY = {
  ...{
    max_new_tokens: 20,
    do_sample: false,
    temperature: 0,
    top_k: null,
    top_p: null,
    repetition_penalty: null,
  },
  ...{ stop_words: [], max_length: -1, seed: 1 },
};

test('Listing 1 of the paper: prepare, train, load again, and the answers agree', async () => {
  let model = await Model.fromPretrained(TINY);
  model = await Swift.prepareModel(model, {
    first_tuner: LoraConfig({ r: 8, target_modules: 'all-linear' }),
  });
  const trainer = new Seq2SeqTrainer({
    model,
    args: {
      learning_rate: 5e-3,
      output_dir: scratch(),
      batch_size: 8,
      gradient_accumulation_steps: 1,
      num_train_epochs: 2,
    },
    train_dataset: await MsDataset.load(QUICKSTART),
    eval_dataset: [{ query: 'What is your name?', response: 'My name is Robin.' }],
  });
  const losses: number[] = [];
  const result = await trainer.train({ onLog: ({ loss }) => typeof loss === 'number' && losses.push(loss) });
  expect(losses.at(-1)!).toBeLessThan(losses[0]);
  expect(result.best_metric).toBeGreaterThan(0);
  expect(readdirSync(result.last_model_checkpoint!)).toContain('adapter_model.safetensors');

  const again = await Swift.fromPretrained(await Model.fromPretrained(TINY), result.last_model_checkpoint!);
  const opened = await openModel(
    { ckpt_dir: result.last_model_checkpoint, load_args_from_ckpt_dir: true, use_hf: true },
    services(),
  );
  const question = [{ role: 'user', content: 'Who are you?' }] as const;
  const texts = [];
  for (const one of [model, again, opened]) {
    const chat = await Chat.open(one, undefined, GREEDY);
    texts.push((await chat.answer(question)).text);
    await chat.release();
  }
  expect(texts[1]).toBe(texts[0]);
  expect(texts[2]).toBe(texts[0]);
});

test('batches of different lengths answer as single questions do', async () => {
  const chat = await Chat.open(await Model.fromPretrained(TINY), undefined, GREEDY);
  const questions = ['Hello', 'What is the capital of France?', 'What sound does a cow make?'];
  const conversations = questions.map((content) => [{ role: 'user', content } as const]);
  const together = await chat.answerAll(conversations);
  for (const [i, conversation] of conversations.entries()) {
    expect((await chat.answer(conversation)).ids).toEqual(together[i].ids);
  }
  await chat.release();
});

test('mistakes are SwiftErrors with a cure', async () => {
  const model = await Model.fromPretrained(TINY);
  expectTypeOf(model).toEqualTypeOf<TunableModel>();
  await expect(
    new Seq2SeqTrainer({ model, train_dataset: [{ query: 'a', response: 'b' }] }).train(),
  ).rejects.toThrow('no tuner');
  await expect(Model.fromPretrained('qwen2-0.5b-instrct/x/y')).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  });
});

test('8-bit arithmetic is refused for weights that were loaded for float32', async () => {
  const train = async (load: Parameters<typeof Model.fromPretrained>[1]) => {
    let model = await Model.fromPretrained(TINY, load);
    model = await Swift.prepareModel(model, { default: LoraConfig() });
    const args = { output_dir: scratch(), compute_precision: 'int8', max_steps: 1 } as const;
    const train_dataset = [{ query: 'What is your name?', response: 'My name is Robin.' }];
    return new Seq2SeqTrainer({ model, args, train_dataset }).train();
  };
  const int4 = { quant_bits: 4, quant_method: 'rtn', quant_group_size: 32 };
  await expect(train(int4)).rejects.toThrow('no linear layer is held in int8');
  await expect(train({ quant_bits: 8 })).rejects.toThrow('codes above 64');
  expect((await train({ quant_bits: 8, compute_precision: 'int8' })).state.global_step).toBe(1);
});
