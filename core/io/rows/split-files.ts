/** Which files of a dataset are of which split or subset, by whole words of their paths, as `datasets` tells them apart. */

const SPLITS: Readonly<Record<string, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['validation', 'valid', 'dev', 'val'],
  test: ['test', 'testing', 'eval', 'evaluation'],
};

/** Whether a name stands in a path as a whole: `en` in `common-en/0.jsonl`, not in `content-zh/0.jsonl`. */
export function hasWord(path: string, name: string): boolean {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?:^|[-._ 0-9/])${escaped}(?:[-._ 0-9/]|$)`, 'i').test(path);
}

/** The split that a path names, in its file's name before its folders'; undefined when it names none. */
function splitOf(path: string): string | undefined {
  for (const part of path.split('/').reverse()) {
    for (const [split, words] of Object.entries(SPLITS)) {
      if (words.some((word) => hasWord(part, word))) return split;
    }
  }
  return undefined;
}

/**
 * The files of one split. Where some name `train`, those are the training files; where none does, all that name no
 * other split. A split of another name is found by that name.
 */
export function filesOfSplit(paths: readonly string[], split: string): string[] {
  const wanted = Object.keys(SPLITS).find((name) => name === split);
  if (wanted === undefined) return paths.filter((path) => hasWord(path, split));
  const named = paths.filter((path) => splitOf(path) === wanted);
  return named.length > 0 || wanted !== 'train' ? named : paths.filter((path) => splitOf(path) === undefined);
}

/** The files of a subset: those in a folder or of a name that is the subset's, or else that have it as a word. */
export function filesOfSubset(paths: readonly string[], subset: string): string[] {
  const exact = paths.filter((path) =>
    path.split('/').some((part) => part === subset || part.startsWith(`${subset}.`)),
  );
  return exact.length > 0 ? exact : paths.filter((path) => hasWord(path, subset));
}
