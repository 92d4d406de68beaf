import { provide, type Class } from '../di.js';
import { SwiftError } from '../errors.js';
import { nameClass } from '../plugin-id.js';
import { KINDS, type ContractOf, type MetaOf, type PluginKind } from './kinds.js';

/** What a decorator leaves behind: no instance, no look at other plugins. */
export interface Registration<K extends PluginKind = PluginKind> {
  readonly kind: K;
  readonly id: string;
  readonly meta: MetaOf<K>;
  readonly target: Class<ContractOf<K>>;
}

/** On `globalThis`, so that two installed copies of this package share one registry. */
const KEY = Symbol.for('swift-ts.registrations');
const holder = globalThis as unknown as Record<symbol, Map<string, Registration> | undefined>;
const registrations: Map<string, Registration> = (holder[KEY] ??= new Map());

/** @throws SwiftError DUPLICATE_PLUGIN naming both claimants */
function collect(registration: Registration): void {
  const key = `${registration.kind}/${registration.id}`;
  const held = registrations.get(key);
  if (held) {
    throw new SwiftError(
      'DUPLICATE_PLUGIN',
      `${registration.kind} '${registration.id}' is registered by ${held.target.name} and again by ${registration.target.name}`,
      { cure: 'Give one of them another id, or uninstall one of the packages.' },
    );
  }
  registrations.set(key, registration);
}

export function findRegistration(kind: PluginKind, id: string): Registration | undefined {
  return registrations.get(`${kind}/${id}`);
}

export function allRegistrations(): Registration[] {
  return [...registrations.values()];
}

type PluginDecorator<K extends PluginKind> = (meta: MetaOf<K>) => (target: Class<ContractOf<K>>) => void;

function decorator<K extends PluginKind>(kind: K): PluginDecorator<K> {
  const { ids = ({ id }: { id: string }): string[] => [id] } = KINDS[kind] as {
    readonly ids?: (meta: never) => readonly string[];
  };
  return (meta) => (target) => {
    provide(target);
    for (const id of ids(meta as never)) {
      collect({ kind, id, meta, target } as unknown as Registration);
      nameClass(target, id);
    }
  };
}

/** Registers a model family under each of its variants' ids. */
export const model = decorator('model');
export const template = decorator('template');
export const dataset = decorator('dataset');
export const tuner = decorator('tuner');
export const trainer = decorator('trainer');
export const reward = decorator('reward');
export const optimizer = decorator('optimizer');
export const backend = decorator('backend');
export const engine = decorator('engine');
export const patcher = decorator('patcher');
export const quantizer = decorator('quantizer');
export const codec = decorator('codec');
export const evaluator = decorator('evaluator');
export const lossScale = decorator('loss-scale');
export const agent = decorator('agent');
