import type { TensorSource } from '../io/tensor-source.js';
import type { CausalLM } from '../nn/index.js';

export interface BaseNamed {
  readonly source: TensorSource;
  /** What its files call a tensor, by its name in the whole model, where that differs. */
  readonly bare: ReadonlyMap<string, string>;
}

/**
 * A checkpoint under the names of the whole model. Some were saved from the part that holds the blocks, without its own
 * name in front: `h.0.attn.c_attn.weight` for `transformer.h.0.attn.c_attn.weight` (GPT-2 and BLOOM as first published).
 */
export function withBaseNames(model: CausalLM, source: TensorSource): BaseNamed {
  const names = new Set([...model.namedParameters()].map(([name]) => name));
  const behind = [...(model.vector?.namedParameters() ?? [])].map(([name]) => name);
  const first = [...names].find((name) => !behind.includes(name))!;
  const base = first.slice(0, first.indexOf('.') + 1);
  const inner = [...names].filter((name) => name.startsWith(base));
  const bare = (name: string): string => name.slice(base.length);
  if (inner.some((name) => source.has(name)) || !inner.some((name) => source.has(bare(name))))
    return { source, bare: new Map() };
  const stored = (name: string): string => (name.startsWith(base) ? bare(name) : name);
  const aliases = model.tied.map(([alias]) => alias);
  const named: TensorSource = {
    names: () =>
      source.names().map((name) => (names.has(name) || aliases.includes(name) ? name : `${base}${name}`)),
    has: (name) => source.has(stored(name)),
    info: (name) => source.info(stored(name)),
    readFloat32: (name, room) => source.readFloat32(stored(name), room),
    read: source.read && ((name) => source.read!(stored(name))),
    place: source.place && ((name) => source.place!(stored(name))),
    close: () => source.close(),
  };
  return { source: named, bare: new Map(inner.map((name) => [name, bare(name)])) };
}
