/** An adapter on disk: PEFT's `adapter_config.json` and `adapter_model.safetensors` (or `.bin`), one adapter a folder. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdapterFiles } from '../contracts/tuner.js';
import { SwiftError } from '../errors.js';
import { openCheckpoint } from '../io/checkpoint.js';
import { readJsonObject } from '../io/json-file.js';
import { makeFolder } from '../io/make-folder.js';
import { requireFinite } from '../io/non-finite.js';
import { writeSafetensors } from '../io/safetensors/write.js';
import type { TaskHeads } from '../model/task-heads.js';
import { DEFAULT_ADAPTER } from '../nn/index.js';

const CONFIG = 'adapter_config.json';
const WEIGHTS = 'adapter_model.safetensors';

export const DAMAGED =
  'The file is damaged, or was saved by a run that had diverged: take an earlier checkpoint.';

/** Whether a folder holds an adapter, or several in folders of their names. */
export function holdsAdapter(folder: string): boolean {
  return adapterFolders(folder).size > 0;
}

/** Where a checkpoint's adapters lie, by name: in the folder itself, or, where there are several, below it as PEFT has them. */
export function adapterFolders(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (existsSync(join(folder, CONFIG))) found.set(DEFAULT_ADAPTER, folder);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return found;
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
    if (!name.startsWith('checkpoint-') && existsSync(join(folder, name, CONFIG)))
      found.set(name, join(folder, name));
  return found;
}

/** Writes adapters into a checkpoint: a single one, or that called `default`, into the folder itself, others below it. */
export async function writeAdapters(
  folder: string,
  adapters: ReadonlyMap<string, AdapterFiles>,
): Promise<void> {
  for (const [name, { config, tensors }] of adapters) {
    const at = adapters.size === 1 || name === DEFAULT_ADAPTER ? folder : join(folder, name);
    makeFolder(at);
    await writeFile(join(at, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
    await writeSafetensors(
      join(at, WEIGHTS),
      tensors.map((tensor) => ({ ...tensor, dtype: 'F32' as const })),
      { format: 'pt' },
    );
  }
}

/** @param folder of one adapter. @throws SwiftError FILE_NOT_FOUND, BAD_FILE, BAD_CHECKPOINT */
export async function readAdapter(folder: string): Promise<AdapterFiles> {
  const config = readAdapterConfig(folder);
  const file = await openCheckpoint(folder, { stem: 'adapter_model' });
  try {
    const tensors = [];
    for (const name of file.names()) {
      const { dtype, shape } = file.info(name);
      if (!['F32', 'F16', 'BF16'].includes(dtype))
        throw new SwiftError('BAD_CHECKPOINT', `${folder}: '${name}' holds ${dtype}, expected floats`, {
          cure: DAMAGED,
        });
      const data = await file.readFloat32(name);
      requireFinite(data, `${folder}: '${name}'`, DAMAGED);
      tensors.push({ name, shape, data });
    }
    return { config, tensors };
  } finally {
    await file.close();
  }
}

/** @throws SwiftError FILE_NOT_FOUND, BAD_FILE */
export function readAdapterConfig(folder: string): Readonly<Record<string, unknown>> {
  return readJsonObject(join(folder, CONFIG));
}

/** The last layer of a head of scores, as Transformers and the publishers of reward models call it. */
const SCORES = /\.(score(\.2)?|classifier(\.out_proj)?|v_head)\.weight$/;

/** Heads that adapters bring along, and the base has not. @throws SwiftError BAD_FILE */
export async function headsOfAdapters(folder: string): Promise<TaskHeads> {
  for (const at of adapterFolders(folder).values()) {
    const file = await openCheckpoint(at, { stem: 'adapter_model' });
    try {
      const names = file.names();
      const score = names.find((name) => SCORES.test(name));
      const value = names.some((name) => name.endsWith('.value.weight'));
      if (score !== undefined) return { score: file.info(score).shape[0] };
      if (value) return { value };
    } finally {
      await file.close();
    }
  }
  return {};
}
