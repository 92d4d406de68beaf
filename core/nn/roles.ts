/** Which part of a multimodal model a module is of: what sees, what fits that to the language model, and the language model. */
import type { CausalLM } from './causal-lm.js';

export const ROLES = ['vit', 'aligner', 'llm'] as const;
export type Role = (typeof ROLES)[number];

/** The role of what lies below a path. */
export type RolePrefix = readonly [path: string, role: Role];

/** @param name of a module or parameter; the longest path that it lies below decides, and `llm` where there is none */
export function roleOf({ roles }: Pick<CausalLM, 'roles'>, name: string): Role {
  let found: RolePrefix | undefined;
  for (const prefix of roles) {
    const isBelow = name === prefix[0] || name.startsWith(`${prefix[0]}.`);
    if (isBelow && prefix[0].length > (found?.[0].length ?? -1)) found = prefix;
  }
  return found?.[1] ?? 'llm';
}
