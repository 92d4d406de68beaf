import { readAdapter } from '../../../core/adapter/adapter-files.js';
import { Tuning } from '../../../core/adapter/tuning.js';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Optimizer } from '../../../core/contracts/optimizer.js';
import type { Tuner } from '../../../core/contracts/tuner.js';
import { weightValues } from '../../../core/model/weight-values.js';
import { loadModel, type LoadedModel } from '../../../core/model/load-model.js';
import { services } from '../../../core/sdk/default-services.js';
import {
  checkCheckpointFolder,
  checkpointSteps,
  pruneCheckpoints,
  readArgs,
  readTrainingState,
  writeCheckpointFolder,
  type CheckpointContents,
} from '../../../core/train/checkpoint.js';
import { writeSafetensors } from '../../../core/io/safetensors/write.js';
import { freshState } from '../../../core/train/state.js';
import { TINY } from '../../e2e/swift.js';
import { temporaryFolder } from '../io/temporary-folder.js';

const ADAPTER = { name: 'base_model.model.x.lora_A.weight', shape: [1, 2], data: Float32Array.of(1, 2) };
const tuner: Tuner = {
  apply: () => undefined,
  adapter: () => ({ config: { peft_type: 'LORA' }, tensors: [ADAPTER] }),
};

function optimizerOf(state: () => Map<string, Float32Array>): Optimizer {
  return { slots: 0, step: () => undefined, state, load: () => undefined };
}

const INPUTS = { data: 'd', samples: 1, base: 'b' };

let loaded: LoadedModel;
beforeAll(async () => {
  loaded = await loadModel({ model_id_or_path: TINY, use_hf: true }, services());
});

function contents(changes: Partial<CheckpointContents> = {}): CheckpointContents {
  const { model, tokenizer, config, origin } = loaded;
  const training = {
    optimizer: optimizerOf(() => new Map([['m.x', Float32Array.of(3, 4)]])),
    state: { ...freshState(10), global_step: 7 },
    inputs: INPUTS,
  };
  const args = { seed: 1, model_type: 'llama' };
  const rest = { tokenizer, config, origin, baseModel: 'owner/base', args, training };
  return { model, tuning: Tuning.of(tuner), ...rest, ...changes };
}

describe('writing', () => {
  test('an adapter, its arguments and its state come back', async () => {
    const folder = join(temporaryFolder(), 'checkpoint-7');
    await writeCheckpointFolder(folder, contents());
    expect(readdirSync(folder).sort()).toEqual([
      ...['adapter_config.json', 'adapter_model.safetensors', 'args.json', 'fingerprints.json'],
      ...['optimizer.safetensors', 'tokenizer.json', 'tokenizer_config.json', 'trainer_state.json'],
    ]);
    expect(await readAdapter(folder)).toEqual({ config: { peft_type: 'LORA' }, tensors: [ADAPTER] });
    expect(readArgs(folder)).toEqual({ seed: 1, model_type: 'llama' });
    const { state, optimizer } = await readTrainingState(folder);
    expect(state.global_step).toBe(7);
    expect(optimizer).toEqual(new Map([['m.x', Float32Array.of(3, 4)]]));
  });

  test('a full model is a folder that loads; without training state when only the model is wanted', async () => {
    const folder = join(temporaryFolder(), 'full');
    await writeCheckpointFolder(
      folder,
      contents({ tuning: Tuning.of({ apply: () => undefined }), training: undefined }),
    );
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(['config.json', 'model.safetensors', 'tokenizer.json']),
    );
    expect(readdirSync(folder)).not.toContain('trainer_state.json');
    const again = await loadModel({ model_id_or_path: folder, use_hf: true }, services());
    const [[name, parameter]] = loaded.model.namedParameters();
    const written = new Map(again.model.namedParameters()).get(name)!;
    expect(weightValues(written)).toEqual(weightValues(parameter));
    await expect(readTrainingState(folder)).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
  });

  test('an error while writing leaves nothing, and an earlier checkpoint whole', async () => {
    const run = temporaryFolder();
    await writeCheckpointFolder(join(run, 'checkpoint-7'), contents());
    const before = readFileSync(join(run, 'checkpoint-7', 'adapter_model.safetensors'));
    const optimizer = optimizerOf(() => {
      throw new Error('out of memory');
    });
    const broken = contents({ training: { optimizer, state: freshState(1), inputs: INPUTS } });
    await expect(writeCheckpointFolder(join(run, 'checkpoint-8'), broken)).rejects.toThrow('out of memory');
    await expect(writeCheckpointFolder(join(run, 'checkpoint-7'), broken)).rejects.toThrow('out of memory');
    expect(readdirSync(run)).toEqual(['checkpoint-7']);
    expect(readFileSync(join(run, 'checkpoint-7', 'adapter_model.safetensors')).equals(before)).toBe(true);
    expect((await readTrainingState(join(run, 'checkpoint-7'))).state.global_step).toBe(7);
  });
});

describe('what is not finite', () => {
  const saved = (folder: string): string[] => readdirSync(folder);

  test('is never saved: trained weights, and what the optimizer keeps', async () => {
    const run = temporaryFolder();
    const [, parameter] = [...loaded.model.namedParameters()][0];
    const { weight } = parameter;
    parameter.data = new Float32Array(parameter.size).fill(NaN, 7, 8);
    parameter.trainable = true;
    const write = (changes: Partial<CheckpointContents>) =>
      writeCheckpointFolder(join(run, 'checkpoint-7'), contents(changes));
    await expect(write({})).rejects.toThrow(
      /'model\.embed_tokens\.weight', which would be saved: value 7 is NaN/,
    );
    parameter.trainable = false;
    await expect(write({ tuning: Tuning.of({ apply: () => undefined }) })).rejects.toMatchObject({
      code: 'NON_FINITE_WEIGHT',
    });
    parameter.hold(weight);
    const optimizer = optimizerOf(() => new Map([['m.x', Float32Array.of(1, Infinity)]]));
    await expect(write({ training: { optimizer, inputs: INPUTS, state: freshState(1) } })).rejects.toThrow(
      /'m\.x'.* is Infinity/,
    );
    expect(saved(run)).toEqual([]);
  });

  test('is refused where it is read: adapters and what the optimizer keeps', async () => {
    const folder = join(temporaryFolder(), 'checkpoint-7');
    await writeCheckpointFolder(folder, contents());
    const tensor = (name: string) => [
      { name, dtype: 'F32' as const, shape: [2], data: Float32Array.of(0, NaN) },
    ];
    await writeSafetensors(join(folder, 'adapter_model.safetensors'), tensor('x.lora_A'));
    await expect(readAdapter(folder)).rejects.toThrow(/'x\.lora_A': value 1 is NaN/);
    await writeSafetensors(join(folder, 'optimizer.safetensors'), tensor('m.y'));
    await expect(readTrainingState(folder)).rejects.toThrow(/'m\.y': value 1 is NaN/);
  });

  test('nor are values that the format asked for cannot hold', async () => {
    const model = await loadModel({ model_id_or_path: TINY, use_hf: true, dtype: 'fp16' }, services());
    const [, parameter] = [...model.model.namedParameters()][0];
    parameter.data = new Float32Array(parameter.size).fill(70_000, 3, 4);
    const { tokenizer, config, origin } = model;
    const full = contents({
      model: model.model,
      tokenizer,
      config,
      origin,
      tuning: Tuning.of({ apply: () => undefined }),
    });
    await expect(writeCheckpointFolder(join(temporaryFolder(), 'c'), full)).rejects.toThrow(
      /cannot be saved in float16: value 3 is 70000/,
    );
  });
});

describe('pruning', () => {
  const run = (...steps: number[]): string => {
    const folder = temporaryFolder();
    for (const name of [
      ...steps.map((step) => `checkpoint-${step}`),
      'checkpoint-x',
      '.checkpoint-4.tmp',
      'runs',
    ]) {
      mkdirSync(join(folder, name));
    }
    return folder;
  };

  test.each([
    [2, undefined, [20, 100]],
    [2, 3, [3, 100]],
    [1, 3, [3, 100]],
    [1, undefined, [100]],
    [3, 100, [9, 20, 100]],
    [2, 50, [20, 100]],
    [9, 3, [3, 9, 20, 100]],
  ])('limit %s with best %s leaves %j', async (limit, best, left) => {
    const folder = run(3, 9, 20, 100);
    const removed = await pruneCheckpoints(folder, limit, best);
    expect(await checkpointSteps(folder)).toEqual(left);
    expect([...removed, ...left].sort((a, b) => a - b)).toEqual([3, 9, 20, 100]);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['checkpoint-x', 'runs']));
  });
});

describe('reading what is not whole', () => {
  test('arguments: absent is undefined, broken is said', () => {
    const folder = temporaryFolder();
    expect(readArgs(folder)).toBeUndefined();
    writeFileSync(join(folder, 'args.json'), '{');
    expect(() => readArgs(folder)).toThrow(/args\.json is not valid JSON/);
  });

  test('a run folder, an empty folder and none are no checkpoints', async () => {
    const folder = temporaryFolder();
    const said = (path: string) => checkCheckpointFolder(path, '--ckpt_dir');
    await expect(said(folder)).rejects.toThrow(/--ckpt_dir: .* is no checkpoint/);
    mkdirSync(join(folder, 'checkpoint-12'));
    await expect(said(folder)).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      cure: [expect.stringContaining(join(folder, 'checkpoint-12'))],
    });
    await expect(said(join(folder, 'no'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(readAdapter(folder)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});
