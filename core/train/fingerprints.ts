/**
 * What a run computes from, told apart by fingerprints in its checkpoints: a run that goes on from other data, another base
 * model or a damaged file would compute something else in silence.
 */
import { counted } from '../counted.js';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Sample } from '../contracts/template.js';
import type { RowStream } from '../data/row-stream.js';
import { sequencesOf } from '../data/sequences.js';
import { SwiftError } from '../errors.js';
import { fingerprintFile, fingerprintFiles } from '../io/fingerprint.js';

/** Beside the checkpoint's own files. */
const FILE = 'fingerprints.json';

/** What a run was given. */
export interface RunInputs {
  /** SHA-256 over the encoded samples, in order; of a stream, over its files. */
  readonly data: string;
  /** Absent for a stream. */
  readonly samples?: number;
  /** Of the base model's weight files; absent when the checkpoint holds the weights themselves. */
  readonly base?: string;
  /** Of the reference model's, or the teacher's; absent where there is none, or it is the base. */
  readonly reference?: string;
}

/**
 * @param data encoded samples, or a stream
 * @param models folders or files of the base model, when the run leaves it as it is, and of another reference model or a teacher
 */
export async function fingerprintInputs(
  data: { readonly samples: readonly Sample[] } | Pick<RowStream, 'sources'>,
  models: { readonly base?: string; readonly reference?: string },
): Promise<RunInputs> {
  const of = async (path?: string) => (path === undefined ? undefined : await fingerprintModel(path));
  const base = await of(models.base);
  const reference = await of(models.reference);
  if ('sources' in data) return { data: await streamHash(data.sources), base, reference };
  return { data: samplesHash(data.samples), samples: data.samples.length, base, reference };
}

function samplesHash(samples: readonly Sample[]): string {
  const hash = createHash('sha256');
  const all = samples.flatMap((sample) => [...sequencesOf(sample), ...(sample.given ? [sample.given] : [])]);
  for (const { input_ids, labels, loss_scale, label, margin, channel, media, asked } of all) {
    hash.update(`${input_ids.length}\n`);
    hash.update(new Int32Array(input_ids)).update(new Int32Array(labels));
    if (media) hash.update(media.digest);
    if (loss_scale) hash.update(new Float64Array(loss_scale));
    if (asked) hash.update(JSON.stringify([asked.expected, asked.columns], withBigInts));
    if (label !== undefined) hash.update(String(label));
    if (margin !== undefined) hash.update(String(margin));
    if (channel !== undefined) hash.update(channel);
  }
  return hash.digest('hex');
}

const withBigInts = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

/** The files of a stream in their order, with how many rows are taken. */
async function streamHash(sources: RowStream['sources']): Promise<string> {
  const hash = createHash('sha256');
  for (const { paths, rows } of sources) {
    hash.update(`${rows ?? 'all'} of ${paths.length}\n`);
    for (const path of paths) hash.update(`${await fingerprintFile(path)}\n`);
  }
  return hash.digest('hex');
}

/** Of the weight files of a model. @param path its folder or file */
export const fingerprintModel = (path: string): Promise<string> => fingerprintFiles(weightFiles(path));

/** The files that hold a model's weights. */
function weightFiles(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .filter((name) => /\.(safetensors|bin)$/.test(name) && !/^(adapter|optimizer|master)/.test(name))
    .map((name) => join(path, name));
}

/** Writes the fingerprints of a checkpoint that is otherwise complete. */
export async function writeFingerprints(folder: string, inputs: RunInputs): Promise<void> {
  const files: Record<string, string> = {};
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  for (const name of names.sort())
    files[name.split(sep).join('/')] = await fingerprintFile(join(folder, name));
  await writeFile(join(folder, FILE), `${JSON.stringify({ ...inputs, files }, null, 2)}\n`);
}

/** What a checkpoint says of itself; undefined for one of an earlier version, or made elsewhere. */
interface Written extends RunInputs {
  readonly files: Readonly<Record<string, string>>;
}

function readFingerprints(folder: string): Written | undefined {
  const path = join(folder, FILE);
  if (!existsSync(path)) return undefined;
  try {
    const { data, samples, base, reference, files } = JSON.parse(readFileSync(path, 'utf8')) as Written;
    return { data, samples, base, reference, files: { ...files } };
  } catch (cause) {
    throw new SwiftError('BAD_CHECKPOINT', `${path} is not valid JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Files of a checkpoint that a run may change, or that say nothing of what it computes. */
const FREE = /^(args\.json|README\.md)$/;

/** Files of a checkpoint that are no longer what they were when it was written; one sentence each. */
export async function changedFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, fingerprint] of Object.entries(readFingerprints(folder)?.files ?? {})) {
    const path = join(folder, name);
    if (FREE.test(name)) continue;
    if (!existsSync(path)) found.push(`${path} is missing`);
    else if ((await fingerprintFile(path)) !== fingerprint)
      found.push(`${path} is not what it was when it was written: it is changed or damaged`);
  }
  return found;
}

/** How a checkpoint's inputs differ from what the run is given now; one sentence each. */
export function otherInputs(folder: string, now: RunInputs): readonly string[] {
  const written = readFingerprints(folder);
  const found: string[] = [];
  if (written !== undefined && written.data !== now.data) {
    const counts =
      written.samples === now.samples || written.samples === undefined
        ? ''
        : ` (${counted(written.samples, 'sample')} then, ${now.samples} now)`;
    found.push(`the training data is not what the checkpoint was trained on${counts}`);
  }
  if (written?.base !== undefined && now.base !== undefined && written.base !== now.base)
    found.push('the base model is not the one the checkpoint was trained on: its weight files differ');
  if (written !== undefined && written.reference !== now.reference)
    found.push('the reference model or teacher is not the one the checkpoint was trained with');
  return found;
}

/** Whether a checkpoint tells what it was computed from; those of earlier versions do not. */
export function hasFingerprints(folder: string): boolean {
  return existsSync(join(folder, FILE));
}
