import type { TensorSource } from '../io/tensor-source.js';

/** How tensors were called in checkpoints before Transformers moved them, and what stands there now; the first that fits counts. */
export type FormerNames = readonly (readonly [former: RegExp, now: string])[];

export interface RenamedSource {
  readonly source: TensorSource;
  /** What a tensor is called in the files, by its name now, where that differs. */
  readonly stored: ReadonlyMap<string, string>;
}

/** A checkpoint under the names that its tensors have now, whichever it was saved with. */
export function withoutFormerNames(source: TensorSource, rules: FormerNames = []): RenamedSource {
  const stored = new Map<string, string>();
  for (const name of source.names()) {
    const now = nameNow(name, rules);
    if (now !== name) stored.set(now, name);
  }
  if (stored.size === 0) return { source, stored };
  const before = (name: string): string => stored.get(name) ?? name;
  const renamed: TensorSource = {
    names: () => source.names().map((name) => nameNow(name, rules)),
    has: (name) => source.has(before(name)),
    info: (name) => source.info(before(name)),
    readFloat32: (name, room) => source.readFloat32(before(name), room),
    read: source.read && ((name) => source.read!(before(name))),
    place: source.place && ((name) => source.place!(before(name))),
    close: () => source.close(),
  };
  return { source: renamed, stored };
}

function nameNow(name: string, rules: FormerNames): string {
  const [former, now] = rules.find(([pattern]) => pattern.test(name)) ?? [];
  return former === undefined ? name : name.replace(former, now!);
}
