/** Whichever door asks for a run, it is the same job. */
import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '../../../core/config/command-line.js';
import {
  LoraConfig,
  Model,
  MsDataset,
  resolveJob,
  Seq2SeqTrainer,
  services,
  Swift,
  type Job,
  type TrainArguments,
} from '../../../core/sdk/index.js';
import { resolveTraining } from '../../../core/sdk/resolve-training.js';
import { QUICKSTART, TINY } from '../../e2e/swift.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'swift-')));
const rows = join(folder, 'rows.jsonl');
writeFileSync(rows, '{"query":"a","response":"b"}\n'.repeat(8));

async function ofCommand(...flags: readonly string[]): Promise<Job> {
  const held = flags.includes('--val_dataset') ? [] : ['--dataset_test_ratio', '0'];
  const argv = ['--model', TINY, '--dataset', `${QUICKSTART}#16`, ...held, ...flags];
  const args: TrainArguments = commandLine('sft', argv);
  return (await resolveTraining('sft', args, services())).job;
}

test.each<{
  readonly name: string;
  readonly flags: readonly string[];
  readonly load?: Parameters<typeof Model.fromPretrained>[1];
  readonly tuner?: Parameters<typeof LoraConfig>[0] | 'full';
  readonly args?: ConstructorParameters<typeof Seq2SeqTrainer>[0]['args'];
  readonly held?: readonly string[];
}>([
  { name: 'defaults', flags: [] },
  {
    name: 'an adapter told much, another optimizer setting, packing',
    flags: [
      ...['--lora_rank', '4', '--lora_alpha', '16', '--lora_dropout', '0', '--use_rslora', 'true'],
      ...[
        '--target_modules',
        'ALL',
        '--modules_to_save',
        'norm',
        '--weight_decay',
        '0.2',
        '--packing',
        'true',
      ],
      ...['--max_length', '128', '--learning_rate', '3e-4', '--batch_size', '2', '--max_steps', '7'],
      ...[
        '--save_steps',
        '3',
        '--report_to',
        'none',
        '--add_output_dir_suffix',
        'false',
        '--system',
        'Be brief.',
      ],
    ],
    tuner: {
      r: 4,
      lora_alpha: 16,
      lora_dropout: 0,
      use_rslora: true,
      target_modules: 'ALL',
      modules_to_save: ['norm'],
    },
    args: {
      weight_decay: 0.2,
      packing: true,
      max_length: 128,
      learning_rate: 3e-4,
      batch_size: 2,
      max_steps: 7,
      save_steps: 3,
      report_to: ['none'],
      add_output_dir_suffix: false,
      system: 'Be brief.',
    },
  },
  {
    name: 'quantized and patched, evaluated on other rows',
    flags: [
      ...[
        '--quant_bits',
        '4',
        '--quant_group_size',
        '32',
        '--rope_scaling',
        'linear',
        '--max_model_len',
        '2048',
      ],
      ...['--val_dataset', rows, '--gradient_checkpointing', 'true'],
    ],
    load: { quant_bits: 4, quant_group_size: 32, rope_scaling: 'linear', max_model_len: 2048 },
    args: { gradient_checkpointing: true },
    held: [rows],
  },
  {
    name: 'full tuning',
    flags: ['--sft_type', 'full', '--freeze_parameters_ratio', '0.5', '--dtype', 'fp32'],
    load: { dtype: 'fp32' },
    tuner: 'full',
  },
])('$name', async ({ flags, load = {}, tuner = {}, args = {}, held }) => {
  const config =
    tuner === 'full' ? { tuner: 'full', options: { freeze_parameters_ratio: 0.5 } } : LoraConfig(tuner);
  const model = await Swift.prepareModel(await Model.fromPretrained(TINY, load), { default: config });
  const trainer = new Seq2SeqTrainer({
    model,
    args,
    train_dataset: await MsDataset.load(`${QUICKSTART}#16`),
    ...(held && { eval_dataset: await MsDataset.load(held) }),
  });
  const ofProgram = await trainer.job();
  const ofWords = await ofCommand(...flags);
  expect(Object.keys(ofProgram)).toEqual(Object.keys(ofWords));
  for (const field of Object.keys(ofWords) as (keyof Job)[])
    expect(ofProgram[field], field).toEqual(ofWords[field]);
});

test('resolveJob takes what the command takes', async () => {
  const options = { model_id_or_path: TINY, dataset: [`${QUICKSTART}#16`], dataset_test_ratio: 0 };
  expect(await resolveJob('sft', { ...options, lora_rank: 4 })).toEqual(await ofCommand('--lora_rank', '4'));
});

test('nothing can change a job, and it is the same after JSON', async () => {
  const job = await ofCommand();
  expect(JSON.parse(JSON.stringify(job))).toEqual(job);
  expect(() => (job.data.train as unknown[]).push(1)).toThrow(TypeError);
  expect(() => ((job.schedule as { batch_size: number }).batch_size = 3)).toThrow(TypeError);
});

test('rows that a program brings have no files', async () => {
  const model = await Swift.prepareModel(await Model.fromPretrained(TINY), { only: LoraConfig() });
  const trainer = new Seq2SeqTrainer({ model, train_dataset: [{ query: 'a', response: 'b' }] });
  const job = await trainer.job();
  expect(job.data.train).toEqual([{ name: 'rows', files: [], bytes: 0 }]);
  expect(job.adapters.map(({ name, id }) => [name, id])).toEqual([['only', 'lora']]);
});
