/** The README.md of a dataset, whose head says which files are the data: `configs`, as hubs and `datasets` read them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { badFile, errnoOf } from '../files.js';
import { filesOfSplit } from './split-files.js';
import { reasonOf } from './originated-row.js';

/** One way to read a dataset. */
export interface CardConfig {
  readonly name: string;
  readonly isDefault: boolean;
  /** The files of a split among all paths of the repository; undefined when the card names no files for it. */
  files(paths: readonly string[], split: string): readonly string[] | undefined;
}

const MOST_CHARACTERS = 2_000_000;

/** The configurations of a folder's README.md; empty when it names none. @throws SwiftError BAD_FILE */
export async function readCard(folder: string): Promise<readonly CardConfig[]> {
  const path = join(folder, 'README.md');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return [];
    throw error;
  }
  const head = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(
    text.slice(0, MOST_CHARACTERS),
  )?.[1];
  if (head === undefined) return [];
  let card: unknown;
  try {
    card = parse(head, { logLevel: 'error' });
  } catch (error) {
    throw badFile(path, `does not begin with YAML: ${reasonOf(error).split('\n')[0]}`);
  }
  const configs = (card as { configs?: unknown } | null)?.configs;
  if (configs === undefined || configs === null) return [];
  if (!Array.isArray(configs)) throw badFile(path, "has 'configs' that are no list");
  return configs.map((config, i) => configOf(config, `configs[${i}]`, path));
}

interface SplitFiles {
  readonly split: string | undefined;
  readonly patterns: readonly RegExp[];
}

function configOf(value: unknown, place: string, path: string): CardConfig {
  const wrong = (field: string, expected: string): Error =>
    badFile(path, `has '${place}${field}' that is not ${expected}`);
  if (typeof value !== 'object' || value === null) throw wrong('', 'an object');
  const {
    config_name = 'default',
    data_files,
    data_dir = '',
    default: isDefault,
  } = value as Record<string, unknown>;
  if (typeof config_name !== 'string') throw wrong('.config_name', 'a text');
  if (typeof data_dir !== 'string') throw wrong('.data_dir', 'a text');
  const base = data_dir === '' || data_dir.endsWith('/') ? data_dir : `${data_dir}/`;
  const patternsOf = (given: unknown): RegExp[] => {
    const list = Array.isArray(given) ? given : [given];
    if (!list.every((each): each is string => typeof each === 'string')) {
      throw wrong('.data_files', 'a path, a list of them, or a list of {split, path}');
    }
    return list.map((pattern) => globPattern(base + pattern));
  };
  const bySplit = splitFiles(data_files, patternsOf);
  const inside = globPattern(`${base}**`);
  return {
    name: config_name,
    isDefault: isDefault === true || config_name === 'default',
    files(paths, split) {
      if (bySplit === undefined) {
        return filesOfSplit(
          paths.filter((each) => inside.test(each)),
          split,
        );
      }
      const found = bySplit.find((each) => (each.split ?? 'train') === split);
      return found && paths.filter((each) => found.patterns.some((pattern) => pattern.test(each)));
    },
  };
}

/** `data_files` as one path, a list of paths, a list of `{split, path}`, or an object of paths by split. */
function splitFiles(given: unknown, patternsOf: (given: unknown) => RegExp[]): SplitFiles[] | undefined {
  if (given === undefined || given === null) return undefined;
  if (Array.isArray(given) && given.some((each) => typeof each === 'object' && each !== null)) {
    return (given as ({ split?: unknown; path?: unknown } | null)[]).map((each) => ({
      split: String(each?.split ?? 'train'),
      patterns: patternsOf(each?.path),
    }));
  }
  if (typeof given === 'object' && !Array.isArray(given)) {
    return Object.entries(given).map(([split, files]) => ({ split, patterns: patternsOf(files) }));
  }
  return [{ split: undefined, patterns: patternsOf(given) }];
}

/** `data/*.jsonl`, `**`, `part-[0-9]`, `{a,b}`. */
function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/^\.\//, '')
    .replace(/\*\*\/|\*\*|\*|\?|\[[^\]/]+\]|\{[^{}]*\}|[\\^$.+()[\]{}|]/g, (part) => {
      if (part === '**/') return '(?:.*/)?';
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      if (part.length > 2 && part.startsWith('[')) {
        const inner = part.slice(1, -1).replace(/[\\^[]/g, '\\$&');
        return `[${inner.replace(/^(?:!|\\\^)/, '^')}]`;
      }
      if (part.length > 2 && part.startsWith('{')) {
        const choices = part.slice(1, -1).split(',');
        return `(?:${choices.map((choice) => choice.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})`;
      }
      return `\\${part}`;
    });
  return new RegExp(`^${source}$`, 'u');
}
