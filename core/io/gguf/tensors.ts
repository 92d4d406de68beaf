/** Which tensors of a GGUF file make each of Hugging Face's, by its architecture's entry. */
import type { Changed, GgufArchitecture, Target } from './architecture.js';
import { DIVISORS, notRead, type GgufFacts } from './facts.js';
import type { GgufFile } from './file.js';
import type { Undo } from './undo.js';

export interface Made {
  /** Names in the file. */
  readonly sources: readonly string[];
  readonly undo?: Undo;
  /** Which of the matrices of a stack it is. */
  readonly expert?: number;
}

const isChanged = (target: Target): target is Changed => typeof target !== 'string';

/** By Hugging Face's name. @throws SwiftError UNSUPPORTED_MODEL for a tensor that the architecture has no name for */
export function ggufTensors(file: GgufFile, entry: GgufArchitecture, facts: GgufFacts): Map<string, Made> {
  const made = new Map<string, Made>();
  const foreign: string[] = [];
  for (const name of file.names()) {
    if (DIVISORS.includes(name)) continue;
    const found = find(name, entry);
    if (found === 'part of another') continue;
    if (found === undefined) foreign.push(name);
    else place(found, made, facts);
  }
  if (foreign.length === 0) return made;
  const shown = foreign.slice(0, 4).join(', ');
  throw notRead(facts, `has tensors that '${facts.name}' is not read with: ${shown}`);
}

interface Found extends Made {
  readonly to: string;
}

/** The entry of a tensor: `attn_q.bias` by that name, else by `attn_q`. */
function find(name: string, entry: GgufArchitecture): Found | 'part of another' | undefined {
  const [, layer, part] = /^(?:blk\.(\d+)\.)?(.+)$/.exec(name)!;
  const table = layer === undefined ? entry.outer : entry.layer;
  const bare = /^(.+)\.(weight|bias)$/.exec(part);
  const whole = [part, bare?.[1]].find((key) => key !== undefined && Object.hasOwn(table, key));
  const suffixOf = (key: string): string => (key === part || !bare ? '' : `.${bare[2]}`);
  if (whole === undefined) {
    const joins = Object.values(table).some(
      (target) => isChanged(target) && target.with?.some((other) => other === part || other === bare?.[1]),
    );
    return joins ? 'part of another' : undefined;
  }
  const target = table[whole];
  const suffix = suffixOf(whole);
  const own = layer === undefined ? '' : `blk.${layer}.`;
  const prefix = layer === undefined ? '' : `${entry.layers ?? 'model.layers'}.${layer}.`;
  const to = isChanged(target) ? target.to : target;
  const others = isChanged(target) ? (target.with ?? []) : [];
  return {
    to: `${prefix}${to}${suffix}`,
    sources: [name, ...others.map((other) => `${own}${other}${suffix}`)],
    undo: isChanged(target) ? target.undo : undefined,
  };
}

function place({ to, ...made }: Found, all: Map<string, Made>, facts: GgufFacts): void {
  if (!to.includes('{e}')) {
    all.set(to, made);
    return;
  }
  const [experts] = facts.shape(made.sources[0]);
  for (let expert = 0; expert < experts; expert++)
    all.set(to.replace('{e}', String(expert)), { ...made, expert });
}
