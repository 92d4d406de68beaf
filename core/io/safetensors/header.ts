/**
 * The header of a safetensors file, checked as strictly as the format's own reader does.
 * https://github.com/huggingface/safetensors#format
 */
import { z } from 'zod';
import { SwiftError } from '../../errors.js';
import { elementsOf, FILE_DTYPES, isFileDtype, sizeOf } from '../dtypes.js';
import { badFile } from '../files.js';
import type { Extent } from '../read-widened.js';

/** The format's own limit, in bytes. */
export const MAX_HEADER_BYTES = 100_000_000;

/** One tensor of a file: type, row-major shape, and where its bytes are. */
export type SafetensorsEntry = Extent;

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
}

const size = z.number().int().nonnegative();
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});

/**
 * @param text the JSON header
 * @param file its path, for messages
 * @param data where the tensor data starts and where the file ends, in bytes
 * @throws SwiftError BAD_FILE naming file and tensor; UNSUPPORTED_DTYPE
 */
export function parseHeader(
  text: string,
  file: string,
  data: { readonly start: number; readonly end: number },
): SafetensorsHeader {
  const json = parseObject(text, file);
  const twice = repeatedKey(text);
  if (twice !== undefined) throw badFile(file, `has two entries named '${twice}' in its header`);
  const { __metadata__: metadata = {}, ...entries } = json;
  const tensors = new Map<string, SafetensorsEntry>();
  for (const [name, value] of Object.entries(entries)) {
    tensors.set(name, parseEntry(value, { file, name, data }));
  }
  checkLayout(tensors, file, data);
  const checked = z.record(z.string(), z.string()).safeParse(metadata);
  if (!checked.success) throw badFile(file, 'has a __metadata__ entry that is not a map of texts');
  return { metadata: checked.data, tensors };
}

function parseObject(text: string, file: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badFile(file, `is not a safetensors file: its header is not JSON (${reason})`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw badFile(file, 'is not a safetensors file: its header is not a JSON object');
  }
  return json as Record<string, unknown>;
}

interface Place {
  readonly file: string;
  readonly name: string;
  readonly data: { readonly start: number; readonly end: number };
}

function parseEntry(value: unknown, { file, name, data }: Place): SafetensorsEntry {
  const checked = entrySchema.safeParse(value);
  if (!checked.success) {
    const { path, message } = checked.error.issues[0];
    throw badFile(file, `has a faulty entry for tensor '${name}': ${path.join('.')}: ${message}`);
  }
  const { dtype, shape, data_offsets: range } = checked.data;
  if (!isFileDtype(dtype)) {
    throw new SwiftError('UNSUPPORTED_DTYPE', `${file}: tensor '${name}' has the unknown type '${dtype}'.`, {
      cure: `Types that can be read: ${FILE_DTYPES.join(', ')}.`,
    });
  }
  const [begin, end] = range;
  if (begin > end || data.start + end > data.end) {
    const room = data.end - data.start;
    throw badFile(
      file,
      `ends too early for tensor '${name}': it lies at bytes ${begin} to ${end} of ${room} bytes of data`,
      ['The file is incomplete, as an interrupted copy or download leaves it. Fetch it again.'],
    );
  }
  const expected = elementsOf(shape) * sizeOf(dtype);
  if (end - begin !== expected) {
    const made = `${dtype} [${shape.join(', ')}] takes ${expected} bytes`;
    throw badFile(file, `gives tensor '${name}' ${end - begin} bytes, but ${made}`);
  }
  return { dtype, shape, offset: data.start + begin, bytes: expected };
}

/** The format wants the data covered exactly once: no overlap, no hole, nothing behind the last tensor. */
function checkLayout(
  tensors: ReadonlyMap<string, SafetensorsEntry>,
  file: string,
  { start, end }: { readonly start: number; readonly end: number },
): void {
  const byPlace = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.bytes - b.bytes);
  let covered = start;
  let previous = 'the header';
  for (const [name, { offset, bytes }] of byPlace) {
    if (offset < covered) throw badFile(file, `has overlapping tensors: '${previous}' and '${name}'`);
    if (offset > covered) {
      throw badFile(file, `has ${offset - covered} bytes that belong to no tensor before '${name}'`);
    }
    covered = offset + bytes;
    previous = name;
  }
  if (covered !== end) throw badFile(file, `has ${end - covered} bytes after its last tensor`);
}

/** `JSON.parse` keeps the last of two equal keys without a word, so the top level is walked once more. */
function repeatedKey(text: string): string | undefined {
  const seen = new Set<string>();
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;
  let depth = 0;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    const first = token[0][0];
    if (first === '{' || first === '[') depth++;
    else if (first === '}' || first === ']') depth--;
    else if (depth === 1 && token[1] !== undefined) {
      const key = JSON.parse(token[0].slice(0, -token[1].length)) as string;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}
