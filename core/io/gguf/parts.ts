/** A GGUF model in several files, as hubs split large ones: `name-00001-of-00003.gguf` and its kin, as if they were one. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SwiftError } from '../../errors.js';
import { badFile } from '../files.js';
import { openGgufFile, type GgufFile } from './file.js';
import { missing } from '../tensor-source.js';

const NAME = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/;

/** @param path of the file, or of any of its parts @throws SwiftError FILE_NOT_FOUND, BAD_FILE, BAD_CHECKPOINT */
export async function openGgufParts(path: string): Promise<GgufFile> {
  const file = await openGgufFile(path);
  const count = file.metadata['split.count'];
  if (typeof count !== 'number' || count <= 1) return file;
  await file.close();
  const opened: GgufFile[] = [];
  try {
    for (const part of partPaths(path, count)) opened.push(await openGgufFile(part));
    return joined(opened);
  } catch (error) {
    await Promise.all(opened.map((part) => part.close()));
    throw error;
  }
}

/** @throws SwiftError BAD_CHECKPOINT when some are not there */
function partPaths(path: string, count: number): string[] {
  const [, stem, , stated] = NAME.exec(basename(path)) ?? [];
  const whole = `${path} is one of ${count} files of a model`;
  if (stem === undefined || Number(stated) !== count) {
    throw new SwiftError('BAD_CHECKPOINT', `${whole}, but its name does not say which`, {
      cure: `Give the files their names back: model-00001-of-${padded(count)}.gguf and so on.`,
    });
  }
  const names = Array.from({ length: count }, (_, i) => `${stem}-${padded(i + 1)}-of-${padded(count)}.gguf`);
  const absent = names.filter((name) => !existsSync(join(dirname(path), name)));
  if (absent.length > 0) {
    throw new SwiftError('BAD_CHECKPOINT', `${whole}, and not beside it: ${absent.join(', ')}`, {
      cure: 'Fetch all files of the model into one folder, and name any of them.',
    });
  }
  return names.map((name) => join(dirname(path), name));
}

function padded(number: number): string {
  return String(number).padStart(5, '0');
}

/** The first file says what the model is; each has some of its tensors. @throws SwiftError BAD_FILE */
function joined(files: readonly GgufFile[]): GgufFile {
  const [{ path, metadata }] = files;
  const owners = new Map<string, GgufFile>();
  files.forEach((file, i) => {
    if (file.metadata['split.no'] !== i || file.metadata['split.count'] !== files.length)
      throw badFile(file.path, `does not say that it is part ${i + 1} of ${files.length}`);
    for (const name of file.names()) {
      const other = owners.get(name);
      if (other) throw badFile(file.path, `has the tensor '${name}', as ${basename(other.path)} has`);
      owners.set(name, file);
    }
  });
  const stated = metadata['split.tensors.count'];
  if (typeof stated === 'number' && stated !== owners.size)
    throw badFile(path, `says that the model has ${stated} tensors, but its files have ${owners.size}`);
  const owner = (name: string): GgufFile => owners.get(name) ?? missing(path, name, owners.keys());
  return {
    path,
    metadata,
    names: () => [...owners.keys()],
    has: (name) => owners.has(name),
    info: (name) => owner(name).info(name),
    readFloat32: async (name) => owner(name).readFloat32(name),
    readRow: async (name, index) => owner(name).readRow(name, index),
    async close() {
      await Promise.all(files.map((file) => file.close()));
    },
  };
}
