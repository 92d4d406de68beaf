/** A checkpoint folder in Hugging Face's layout: one file of safetensors or of PyTorch, or shards with an index. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { SwiftError } from '../errors.js';
import { writeFileAtomic } from './atomic-write.js';
import { badFile, errnoOf, unreadable } from './files.js';
import { openSafetensors } from './safetensors/index.js';
import { bytesOf, writeSafetensors, type TensorToWrite } from './safetensors/write.js';
import { missing, type WeightFile } from './tensor-source.js';
import { openTorchFile } from './torch/file.js';

/** 5 GB, Hugging Face's own shard size. */
const MAX_SHARD_BYTES = 5_000_000_000;

/** A folder's weights, as if they were one file. */
export type Checkpoint = WeightFile;

export interface CheckpointName {
  /** File name without `.safetensors`: `model` (the default), or `adapter_model` for an adapter. */
  readonly stem?: string;
}

export interface WriteCheckpointOptions extends CheckpointName {
  /** Largest shard in bytes; a single larger tensor gets a shard of its own. 5e9 by default. */
  readonly maxShardBytes?: number;
  /** Header metadata of every file; `{format: 'pt'}` by default. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

interface WeightFormat {
  /** `model.safetensors`, `pytorch_model.bin`; the index of shards has `.index.json` added. */
  readonly file: string;
  readonly open: (path: string) => Promise<WeightFile>;
}

/** The formats in the order in which Transformers takes them. */
function formatsOf(stem: string): readonly WeightFormat[] {
  const pickled = stem === 'model' ? 'pytorch_model' : stem;
  return [
    { file: `${stem}.safetensors`, open: openSafetensors },
    { file: `${pickled}.bin`, open: openTorchFile },
  ];
}

/** @throws SwiftError FILE_NOT_FOUND, BAD_FILE, BAD_CHECKPOINT when the folder holds no weights */
export async function openCheckpoint(
  folder: string,
  { stem = 'model' }: CheckpointName = {},
): Promise<Checkpoint> {
  const files = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const formats = formatsOf(stem);
  for (const { file, open } of formats) {
    // The single file goes first, as in Hugging Face's own loader.
    if (files.includes(file)) {
      const opened = await open(join(folder, file));
      return checkpointOver(folder, [opened], new Map(opened.names().map((name) => [name, opened])));
    }
    const index = `${file}.index.json`;
    if (files.includes(index)) return openShards(folder, index, open);
  }
  throw noWeights(folder, formats, files);
}

async function openShards(folder: string, index: string, open: WeightFormat['open']): Promise<Checkpoint> {
  const path = join(folder, index);
  const weightMap = await readIndex(path);
  const opened = new Map<string, WeightFile>();
  try {
    const owners = new Map<string, WeightFile>();
    for (const [name, shard] of Object.entries(weightMap)) {
      if (basename(shard) !== shard) throw badFile(path, `names a shard outside its folder: '${shard}'`);
      const file = opened.get(shard) ?? (await openShard(join(folder, shard), index, open));
      opened.set(shard, file);
      if (!file.has(name)) {
        const message = `${path} says that tensor '${name}' is in ${shard}, but it is not.`;
        throw new SwiftError('BAD_CHECKPOINT', message, { cure: 'Fetch or write the checkpoint again.' });
      }
      owners.set(name, file);
    }
    return checkpointOver(folder, [...opened.values()], owners);
  } catch (error) {
    await Promise.all([...opened.values()].map((file) => file.close()));
    throw error;
  }
}

async function openShard(path: string, index: string, open: WeightFormat['open']): Promise<WeightFile> {
  try {
    return await open(path);
  } catch (error) {
    if (!(error instanceof SwiftError) || error.code !== 'FILE_NOT_FOUND') throw error;
    throw new SwiftError('BAD_CHECKPOINT', `${path} is missing, but ${index} lists it.`, {
      cure: 'The download or copy is incomplete. Fetch the checkpoint again.',
      cause: error,
    });
  }
}

async function readIndex(path: string): Promise<Record<string, string>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (errnoOf(error) !== undefined) throw unreadable(path, error);
    throw badFile(path, `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const checked = indexSchema.safeParse(json);
  if (!checked.success) throw badFile(path, "has no 'weight_map' from tensor names to file names");
  return checked.data.weight_map;
}

function checkpointOver(
  folder: string,
  files: readonly WeightFile[],
  owners: ReadonlyMap<string, WeightFile>,
): Checkpoint {
  const owner = (name: string) => owners.get(name) ?? missing(folder, name, owners.keys());
  return {
    path: folder,
    names: () => [...owners.keys()],
    has: (name) => owners.has(name),
    info: (name) => owner(name).info(name),
    read: async (name) => owner(name).read(name),
    readFloat32: async (name, room) => owner(name).readFloat32(name, room),
    place: (name) => owner(name).place?.(name),
    async close() {
      await Promise.all(files.map((file) => file.close()));
    },
  };
}

function noWeights(folder: string, formats: readonly WeightFormat[], files: readonly string[]): SwiftError {
  const wanted = formats.flatMap(({ file }) => [file, `${file}.index.json`]).join(', ');
  return new SwiftError('BAD_CHECKPOINT', `${folder} holds no weights: none of ${wanted}.`, {
    cure: `Found: ${files.length === 0 ? 'nothing' : files.slice(0, 12).join(', ')}.`,
  });
}

/**
 * Writes `model.safetensors`, or `model-00001-of-0000N.safetensors` shards and their index when the data exceeds
 * `maxShardBytes`. Tensors fill the shards in the order given. Returns the names of the files written.
 * @throws SwiftError FILE_NOT_WRITABLE, SHAPE_MISMATCH, UNSUPPORTED_DTYPE
 */
export async function writeCheckpoint(
  folder: string,
  tensors: Iterable<TensorToWrite>,
  { maxShardBytes = MAX_SHARD_BYTES, stem = 'model', metadata }: WriteCheckpointOptions = {},
): Promise<string[]> {
  const shards = splitIntoShards(tensors, maxShardBytes);
  const count = String(shards.length).padStart(5, '0');
  const fileOf = (i: number) =>
    shards.length === 1
      ? `${stem}.safetensors`
      : `${stem}-${String(i + 1).padStart(5, '0')}-of-${count}.safetensors`;
  const weightMap: Record<string, string> = {};
  let totalBytes = 0;
  for (const [i, shard] of shards.entries()) {
    for (const tensor of shard) {
      weightMap[tensor.name] = fileOf(i);
      totalBytes += bytesOf(tensor);
    }
    await writeSafetensors(join(folder, fileOf(i)), shard, metadata);
  }
  const written = shards.map((_, i) => fileOf(i));
  if (shards.length === 1) return written;
  const index = { metadata: { total_size: totalBytes }, weight_map: weightMap };
  const indexFile = `${stem}.safetensors.index.json`;
  await writeFileAtomic(join(folder, indexFile), `${JSON.stringify(index, null, 2)}\n`);
  return [...written, indexFile];
}

function splitIntoShards(tensors: Iterable<TensorToWrite>, maxShardBytes: number): TensorToWrite[][] {
  const shards: TensorToWrite[][] = [[]];
  let filled = 0;
  for (const tensor of tensors) {
    const bytes = bytesOf(tensor);
    if (filled > 0 && filled + bytes > maxShardBytes) {
      shards.push([]);
      filled = 0;
    }
    shards[shards.length - 1].push(tensor);
    filled += bytes;
  }
  return shards;
}
