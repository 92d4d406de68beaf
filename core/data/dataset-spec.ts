import { SwiftError } from '../errors.js';

/** One entry of `--dataset`. */
export interface DatasetSpec {
  /** What the user wrote. */
  readonly text: string;
  /** The hub the entry names itself; otherwise the run's default. */
  readonly hub?: 'hf' | 'ms';
  /** A registered id, a repository `owner/name`, or a path. */
  readonly id: string;
  /** True when `id` is written as a path: `./x`, `/x`, `~/x`, `C:\x`, or with the ending of a data file. */
  readonly isPath: boolean;
  /** `id` and what follows its colon: a file may be called so. */
  readonly whole: string;
  /** Empty when none is named. */
  readonly subsets: readonly string[];
  /** Rows to take; all when absent. */
  readonly rows?: number;
}

const FORM = '[HF::|MS::]id_or_path[:subset[/subset]][#rows]';
const DATA_FILE = /\.(jsonl|ndjson|json|csv|tsv|parquet|txt)(\.gz)?$/i;

/**
 * Reads `[HF::|MS::]id_or_path[:subset[/subset]][#rows]`, e.g. `alpaca-zh#500` or `MS::swift/sharegpt:common-zh/common-en`.
 *
 * @throws SwiftError BAD_ARGUMENT for an empty id, an empty subset, or rows that are not a whole number above 0.
 */
export function parseDatasetSpec(text: string): DatasetSpec {
  const refuse = (fault: string): SwiftError =>
    new SwiftError('BAD_ARGUMENT', `--dataset '${text}': ${fault}.`, { cure: `The form is ${FORM}.` });
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw new SwiftError('BAD_ARGUMENT', `--dataset '${text}': addresses are not read`, {
      cure: 'Download the file and name it, or name its repository: owner/name.',
    });
  }
  const hub = /^(HF|MS)::/i.exec(text)?.[1].toLowerCase() as 'hf' | 'ms' | undefined;
  let rest = hub === undefined ? text : text.slice(4);
  let rows: number | undefined;
  const hash = rest.lastIndexOf('#');
  if (hash >= 0 && !DATA_FILE.test(rest)) {
    const count = rest.slice(hash + 1);
    rows = Number(count);
    if (!/^\d+$/.test(count) || rows < 1)
      throw refuse(`'${count}' is not a number of rows; write a whole number above 0`);
    rest = rest.slice(0, hash);
  }
  const drive = /^[A-Za-z]:[\\/]/.test(rest) ? 2 : 0;
  const colon = rest.indexOf(':', drive);
  const id = colon < 0 ? rest : rest.slice(0, colon);
  const subsets = colon < 0 ? [] : rest.slice(colon + 1).split('/');
  if (id.trim() === '') throw refuse('there is no dataset before the rest');
  if (subsets.some((subset) => subset === '')) throw refuse("a subset is empty; several are written 'a/b'");
  const isPath =
    hub === undefined && (drive > 0 || /^(\.{0,2}\/|\.{1,2}\\|~\/|\.{1,2}$)/.test(id) || DATA_FILE.test(id));
  return {
    text,
    ...(hub === undefined ? {} : { hub }),
    id,
    isPath,
    whole: rest,
    subsets,
    ...(rows === undefined ? {} : { rows }),
  };
}
