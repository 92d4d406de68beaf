import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expectTypeOf, test } from 'vitest';
import { Tuning } from '../../core/adapter/tuning.js';
import {
  Chat,
  inferDataset,
  LoraConfig,
  Model,
  MsDataset,
  openChat,
  openModel,
  Seq2SeqTrainer,
  services,
  Swift,
  train,
  type TunableModel,
} from 'swift-ts';
import { QUICKSTART, scratch, TINY } from './swift.js';

const GREEDY = { max_new_tokens: 20, temperature: 0, seed: 1 };

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
    const chat = await Chat.open(one, GREEDY);
    texts.push((await chat.answer(question)).text);
    await chat.release();
  }
  expect(texts[1]).toBe(texts[0]);
  expect(texts[2]).toBe(texts[0]);
});

test('batches of different lengths answer as single questions do', async () => {
  const chat = await Chat.open(await Model.fromPretrained(TINY), GREEDY);
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
  const idle = { ...model, tuning: Tuning.of({ apply: () => undefined }) };
  await expect(
    new Seq2SeqTrainer({ model: idle, args: { output_dir: scratch() }, train_dataset: ROWS }).train(),
  ).rejects.toThrow('the tuner trains 0 values');
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

const ROWS = [
  { query: 'What is your name?', response: 'My name is Robin.' },
  { query: 'Who are you?', response: 'I am Robin.' },
];

async function prepared(options: Parameters<typeof LoraConfig>[0] = {}): Promise<TunableModel> {
  return Swift.prepareModel(await Model.fromPretrained(TINY), { default: LoraConfig(options) });
}

test.each([
  [{ learning_rate: -1 }, "learning_rate: '-1' is not above 0"],
  [{ batch_size: 0 }, "batch_size: '0' is not at least 1"],
  [{ lr_scheduler_type: 'cosin' }, "lr_scheduler_type: 'cosin' is not one of"],
  [{ learnin_rate: 1 }, "learnin_rate: swift sft has no argument 'learnin_rate'"],
  [{ deepspeed: 'zero2' }, "'deepspeed' exists in SWIFT but is not built here yet"],
  [{ quant_bits: 8 }, 'a trainer does not take quant_bits'],
  [{ offload_weights: true }, 'a trainer does not take offload_weights'],
  [{ lora_rank: 4 }, 'a trainer does not take lora_rank'],
  [
    { offload_activations: true, gradient_checkpointing: true },
    /^offload_activations and gradient_checkpointing are/,
  ],
  [{ resume_from_checkpoint: './nowhere' }, /^resume_from_checkpoint: there is no folder/],
])('an option of a trainer is followed or refused: %j', async (args, said) => {
  const output_dir = scratch();
  const trainer = new Seq2SeqTrainer({
    model: await prepared(),
    args: { output_dir, max_steps: 1, ...args } as never,
    train_dataset: ROWS,
  });
  await expect(trainer.train()).rejects.toThrow(said);
  expect(readdirSync(output_dir)).toEqual([]);
});

test('what a trainer was told is in args.json and in its checkpoint: tuner, system prompt, bad rows', async () => {
  const model = await prepared({ r: 4, lora_alpha: 8 });
  const args = {
    output_dir: scratch(),
    max_steps: 1,
    system: 'Be Robin.',
    check_dataset_strategy: 'discard',
  } as const;
  const trainer = new Seq2SeqTrainer({ model, args, train_dataset: [...ROWS, { foo: 'bar' }] });
  const { folder, last_model_checkpoint } = await trainer.train();
  const written = JSON.parse(readFileSync(join(folder, 'args.json'), 'utf8')) as object;
  expect(written).toMatchObject({ sft_type: 'lora', lora_rank: 4, lora_alpha: 8, system: 'Be Robin.' });
  const opened = await openModel({ ckpt_dir: last_model_checkpoint });
  expect(opened.system).toBe('Be Robin.');
  // An adapter that is trained further is told of as what it is.
  const further = await Swift.fromPretrained(await Model.fromPretrained(TINY), last_model_checkpoint!);
  const again = new Seq2SeqTrainer({
    model: further,
    args: { output_dir: scratch(), max_steps: 1 },
    train_dataset: ROWS,
  });
  const next = JSON.parse(readFileSync(join((await again.train()).folder, 'args.json'), 'utf8')) as object;
  expect(next).toMatchObject({ sft_type: 'lora', lora_rank: 4, lora_alpha: 8 });
  await expect(
    new Seq2SeqTrainer({ model, args: { output_dir: scratch() }, train_dataset: [{ foo: 'bar' }] }).train(),
  ).rejects.toThrow(/^rows:1: /);
});

test('a trainer goes on from a checkpoint, bit for bit', async () => {
  const run = async (args: object): Promise<{ adapter: Buffer; checkpoints: string[]; folder: string }> => {
    const trainer = new Seq2SeqTrainer({
      model: await prepared(),
      args: { batch_size: 1, gradient_accumulation_steps: 1, save_steps: 2, num_train_epochs: 2, ...args },
      train_dataset: ROWS,
    });
    const { folder, last_model_checkpoint: last } = await trainer.train();
    return {
      folder,
      checkpoints: readdirSync(folder),
      adapter: readFileSync(join(last!, 'adapter_model.safetensors')),
    };
  };
  const whole = await run({ output_dir: scratch() });
  const resumed = await run({
    output_dir: scratch(),
    resume_from_checkpoint: join(whole.folder, 'checkpoint-2'),
  });
  expect(resumed.checkpoints).not.toContain('checkpoint-2');
  expect(resumed.adapter.equals(whole.adapter)).toBe(true);
});

test('two at once: answers take turns, a model trains once', async () => {
  const model = await prepared();
  const questions = ['Who are you?', 'What is the capital of France?', 'What sound does a cow make?'];
  const ask = (chat: Chat, content: string) => chat.answer([{ role: 'user', content }]);
  const options = { max_new_tokens: 12, temperature: 1, seed: 7 };
  const [alone, busy] = [await Chat.open(model, options), await Chat.open(model, options)];
  const one: string[] = [];
  for (const question of questions) one.push((await ask(alone, question)).text);
  const together = await Promise.all(questions.map((question) => ask(busy, question)));
  expect(together.map(({ text }) => text)).toEqual(one);
  await Promise.all([alone.release(), busy.release()]);

  const train = () =>
    new Seq2SeqTrainer({ model, args: { output_dir: scratch(), max_steps: 2 }, train_dataset: ROWS }).train();
  const results = await Promise.allSettled([train(), train()]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const [failed] = results.filter((result) => result.status === 'rejected');
  expect(String(failed.reason)).toContain('this model is being trained already');
});

test('drawn answers do not depend on what they are answered beside', async () => {
  const model = await Model.fromPretrained(TINY);
  const options = { max_new_tokens: 12, temperature: 1, top_p: 1, seed: 3 };
  const conversations = ['Hello', 'Who are you?', 'Sing!'].map((content) => [
    { role: 'user', content } as const,
  ]);
  const batched = await Chat.open(model, options);
  const single = await Chat.open(model, options);
  const together = await batched.answerAll(conversations);
  for (const [i, conversation] of conversations.entries())
    expect((await single.answer(conversation)).text).toBe(together[i].text);
  await Promise.all([batched.release(), single.release()]);
});

test('train and openChat take what differs from defaults', async () => {
  const { folder, last_model_checkpoint } = await train('sft', {
    model_id_or_path: TINY,
    dataset: [QUICKSTART],
    max_steps: 1,
    output_dir: scratch(),
  });
  expect(readdirSync(folder)).toContain('args.json');
  const { chat, isBase } = await openChat({
    ckpt_dir: last_model_checkpoint,
    max_new_tokens: 4,
    temperature: 0,
  });
  expect(isBase).toBe(false);
  expect((await chat.answer([{ role: 'user', content: 'Hello' }])).ids.length).toBeLessThanOrEqual(4);
  await chat.release();
  await expect(train('sft', { model_id_or_path: TINY })).rejects.toMatchObject({
    message: 'no dataset is given',
    cure: [expect.not.stringContaining('--dataset ') as string],
  });
  await expect(Chat.open(await Model.fromPretrained(TINY), { temprature: 1 } as object)).rejects.toThrow(
    'temprature',
  );
});

test.each([
  ['Model.fromPretrained', () => Model.fromPretrained(TINY, { dtyp: 'bf16' } as object), "no option 'dtyp'"],
  ['openModel', () => openModel({ model_id_or_path: TINY, dtyp: 'x' } as object), "no option 'dtyp'"],
  [
    'services',
    () => Promise.resolve().then(() => services({ backnd: 'reference' } as object)),
    "no option 'backnd'",
  ],
  [
    'Seq2SeqTrainer',
    async () =>
      new Seq2SeqTrainer({
        model: await prepared(),
        train_dataset: ROWS,
        evaldataset: ROWS,
      } as never).train(),
    "no option 'evaldataset'",
  ],
  [
    'train hooks',
    async () =>
      new Seq2SeqTrainer({ model: await prepared(), train_dataset: ROWS }).train({ onlog: 1 } as never),
    "no option 'onlog'",
  ],
  [
    'rows that are a promise',
    async () =>
      new Seq2SeqTrainer({
        model: await prepared(),
        train_dataset: MsDataset.load(QUICKSTART) as never,
      }).train(),
    'train_dataset is no list',
  ],
  [
    'two adapters of one name',
    async () => Swift.prepareModel(await prepared(), { default: LoraConfig() }),
    "has an adapter 'default' already",
  ],
  [
    'no tuner',
    async () => Swift.prepareModel(await Model.fromPretrained(TINY), { d: { r: 8 } } as never),
    'no tuner configuration',
  ],
])('%s: what is mistaken is named', async (_, mistake, said) => {
  await expect(mistake()).rejects.toThrow(said);
});

test('what is asked is checked as rows are', async () => {
  const chat = await Chat.open(await Model.fromPretrained(TINY));
  const asked = (...messages: unknown[]) => chat.answer(messages as never);
  await expect(asked({ role: 'usr', content: 'Hi' })).rejects.toMatchObject({ code: 'BAD_ROW' });
  await expect(asked({ role: 'user' })).rejects.toMatchObject({ code: 'BAD_ROW' });
  await expect(asked()).rejects.toThrow("'messages' is empty");
  await expect(chat.answer('Hi' as never)).rejects.toMatchObject({ code: 'BAD_ROW' });
  const parts = [{ type: 'text', text: 'Hi' }];
  expect(chat.prompt([{ role: 'user', content: parts } as never])).toEqual(
    chat.prompt([{ role: 'user', content: 'Hi' }]),
  );
  const loaded = await MsDataset.load(`${QUICKSTART}#2`);
  await expect(
    inferDataset(chat, loaded, { batchSize: 0, output: join(scratch(), 'answers.jsonl') }),
  ).rejects.toThrow('is not a whole number above 0');
  await chat.release();
});

test("a trainer's run goes on by train() with the same rows", async () => {
  const trainer = new Seq2SeqTrainer({
    model: await prepared(),
    args: { output_dir: scratch(), max_steps: 2, save_steps: 1, batch_size: 4 },
    train_dataset: await MsDataset.load(QUICKSTART),
  });
  const { folder } = await trainer.train();
  const again = { resume_from_checkpoint: join(folder, 'checkpoint-1'), output_dir: scratch() };
  const { state } = await train('sft', { ...again, dataset: [QUICKSTART] });
  expect(state.global_step).toBe(2);
  await expect(train('sft', { ...again, dataset: [`${QUICKSTART}#9`] })).rejects.toThrow(
    'training data is not',
  );
});
