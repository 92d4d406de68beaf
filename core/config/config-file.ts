import { existsSync, readFileSync, statSync } from 'node:fs';
import { LineCounter, parseDocument, isMap, isNode, isScalar, type Document, type Pair } from 'yaml';
import { SwiftError } from '../errors.js';
import type { GivenValue } from './resolve.js';

export interface ConfigFile {
  readonly values: Map<string, GivenValue>;
  /** Environment variables of the file's `ENV` map. */
  readonly env: Readonly<Record<string, string>>;
}

/** Reads a YAML or JSON file of arguments; each value knows its line. @throws SwiftError FILE_NOT_FOUND, BAD_FILE */
export function readConfigFile(path: string): ConfigFile {
  if (!existsSync(path)) {
    throw new SwiftError('FILE_NOT_FOUND', `config file '${path}' does not exist`, {
      cure: 'The first word after the command is a YAML or JSON file; flags begin with --.',
    });
  }
  if (!statSync(path).isFile() || /\.(jsonl|csv|tsv|parquet|txt|gguf)(\.gz)?$/i.test(path)) {
    throw new SwiftError('BAD_FILE', `'${path}' is no config file`, {
      cure: 'The first word after the command is a YAML or JSON file of arguments; data goes with --dataset, a model with --model.',
    });
  }
  const lines = new LineCounter();
  const document = parseDocument(read(path), { lineCounter: lines });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault) throw new SwiftError('BAD_FILE', `${path}: ${fault.message.trim()}`);
  if (document.contents !== null && !isMap(document.contents)) {
    throw new SwiftError(
      'BAD_FILE',
      `${path}: expected a map of arguments, e.g. 'model_type: qwen2-0.5b-instruct'`,
    );
  }
  const values = new Map<string, GivenValue>();
  let env: Record<string, string> = {};
  for (const pair of (document.contents?.items ?? []) as Pair[]) {
    const name = (isScalar(pair.key) ? String(pair.key.value) : String(pair.key)).replaceAll('-', '_');
    const offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
    const line = `${path}:${lines.linePos(offset).line}`;
    const plain = plainValue(pair.value, document, line);
    if (values.has(name)) {
      throw new SwiftError('BAD_FILE', `${line}: '${name}' is given twice`, {
        cure: 'Dashes and underscores in names are alike. Keep one of them.',
      });
    }
    if (name === 'ENV') env = environment(plain, line);
    else values.set(name, { value: plain, place: `${line}: ${name}` });
  }
  return { values, env };
}

/** A value without YAML's own ways of saying it. @throws SwiftError BAD_FILE for aliases that name nothing, or too much */
function plainValue(value: unknown, document: Document, line: string): unknown {
  try {
    const plain: unknown = isNode(value) ? value.toJS(document, { maxAliasCount: 100 }) : value;
    JSON.stringify(plain); // an alias may hold itself
    return plain;
  } catch (cause) {
    throw new SwiftError('BAD_FILE', `${line}: ${(cause as Error).message.split('\n')[0]}`, {
      cure: "A text that begins with * or & is written in quotes: '*.jsonl'.",
      cause,
    });
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SwiftError('BAD_FILE', `config file '${path}' cannot be read: ${String(cause)}`, { cause });
  }
}

function environment(value: unknown, line: string): Record<string, string> {
  const entries = value !== null && typeof value === 'object' ? Object.entries(value as object) : [];
  const isMap = value !== null && typeof value === 'object' && !Array.isArray(value);
  if (!isMap || entries.some(([, item]) => item === null || typeof item === 'object')) {
    throw new SwiftError('BAD_FILE', `${line}: ENV is expected to map names of variables to texts`);
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, String(item)]));
}
