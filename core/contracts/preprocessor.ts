import type { RawRow, StandardRow } from './row.js';

/** Turns one raw row of a dataset into a standard row. Pure: the same row gives the same answer. */
export interface Preprocessor {
  /** Undefined drops the row; the pipeline counts and reports dropped rows. */
  toRow(raw: RawRow, context: PreprocessContext): StandardRow | undefined;
  /** The rows that one row of a file holds, where that is not itself; each goes to `toRow`. */
  parts?(raw: RawRow): readonly RawRow[];
  /** Whether a row of a file goes on with those before it. What belongs together goes to `toRow` as one row, whose field `rows` is their list. */
  continues?(raw: RawRow): boolean;
}

export interface PreprocessContext {
  /** `--model_name zh en` and `--model_author zh en`, for self-cognition sets. */
  readonly model_name?: readonly string[];
  readonly model_author?: readonly string[];
  /** The one of the dataset's `views` that the user named. */
  readonly view?: string;
  /** The rows are asked, not learned: an answer may be missing. */
  readonly questions?: boolean;
  /** The row goes along as it was read, for rewards to look at. */
  readonly columns?: boolean;
  /** Is told of a field that says nothing here, by a name that is the same in every row; the report counts them. */
  readonly unused?: (field: string) => void;
  /** The file of a path in one of the dataset's `media`; undefined where there is none. */
  readonly media?: (name: string, path: string) => string | undefined;
  /** Is told why a row is dropped that is not without an answer: `without its image`. */
  readonly dropped?: (why: string) => void;
}

/** Files that rows only name: images, sound, videos. */
export interface MediaFiles {
  /** What `PreprocessContext.media` finds them by. */
  readonly name: string;
  /** Their repository, where it is not the dataset's own. */
  readonly hf?: string;
  readonly ms?: string;
  /** Paths in it, `*` for any part of a name, `{subset}` for the subset that is read. Archives (zip, tar, tar.gz) are unpacked, into one folder. */
  readonly files: readonly string[];
  /** Subsets whose rows name them; all when absent. */
  readonly subsets?: readonly string[];
}

export interface DatasetMeta {
  readonly id: string;
  readonly summary: string;
  readonly hf?: string;
  readonly ms?: string;
  /** Configurations of the repository to read; the first (or only) one when absent. */
  readonly subsets?: readonly string[];
  /** Further ways to make rows of the same files, named as subsets are; each with the subset that it reads, '' for the usual one. */
  readonly views?: Readonly<Record<string, string>>;
  /** Split that training reads, or several; `train` when absent. */
  readonly split?: string | readonly string[];
  /** Endings of the files that hold the rows, where these are not the usual ones: `tar` of WebDataset, whose fields are bytes. */
  readonly formats?: readonly string[];
  /** Files that the rows name, fetched with them. */
  readonly media?: readonly MediaFiles[];
  /** Rows that ship with the package: a path below `assets`, or a file URL; read when the user names no hub. */
  readonly bundled?: string;
  /** What it is about; `swift list datasets <tag>` finds it. */
  readonly tags?: readonly string[];
}
