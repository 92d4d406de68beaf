/** The committed parity cases, and their models loaded the way a run loads them. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Backend } from '../core/contracts/backend.js';
import type { Hub } from '../core/contracts/hub.js';
import { createContainer } from '../core/di.js';
import { openSafetensors } from '../core/io/safetensors/index.js';
import { loadModel, type LoadedModel } from '../core/model/load-model.js';
import type { TaskHeads } from '../core/model/task-heads.js';
import type { WeightOptions } from '../core/model/weight-plan.js';
import { Catalog } from '../core/registry/catalog.js';
import { Plugins } from '../core/registry/plugins.js';

const FIXTURES = fileURLToPath(new URL('../tests/fixtures/', import.meta.url));

/** Folder of a parity fixture, by its path below tests/fixtures/parity. */
export function fixture(...path: string[]): string {
  return join(FIXTURES, 'parity', ...path);
}

/** `oracle.json`: the inputs of a case, and what Transformers made of them. */
export interface Oracle {
  readonly title: string;
  /** Registered id to load it under; absent: found by its architecture. */
  readonly model_type?: string;
  /** Weight of the loss that balances experts, within `loss` and the gradients. */
  readonly router_aux_loss_coef?: number;
  readonly versions: Readonly<Record<string, string>>;
  /** What computed it, where that is not Transformers: `independent implementation`. */
  readonly oracle?: string;
  readonly input_ids: readonly (readonly number[])[];
  readonly labels: readonly (readonly number[])[];
  readonly loss: number;
  readonly prompt: readonly number[];
  readonly generated: readonly number[];
}

export interface ParityCase {
  readonly id: string;
  readonly folder: string;
  /** `architectures[0]` of its config.json. */
  readonly architecture: string;
  readonly oracle: Oracle;
}

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

export function architectureOf(folder: string): string {
  return readJson<{ architectures: readonly string[] }>(join(folder, 'config.json')).architectures[0];
}

/** Cases of models that see: multimodal-case.ts loads them. */
export const multimodalIds = (): string[] => foldersOf('multimodal');

const foldersOf = (kind: string): string[] =>
  readdirSync(fixture(kind)).filter((name) => !name.includes('.'));

export function parityCase(id: string): ParityCase {
  const folder = fixture('models', id);
  return {
    id,
    folder,
    architecture: architectureOf(folder),
    oracle: readJson<Oracle>(join(folder, 'oracle.json')),
  };
}

export function parityCases(): ParityCase[] {
  return readdirSync(fixture('models')).sort().map(parityCase);
}

/** Every architecture that has a case: what registry.json calls proven. */
export function provenArchitectures(): string[] {
  const text = parityCases().map(({ architecture }) => architecture);
  const others = ['multimodal', 'sequences'].flatMap((kind) =>
    foldersOf(kind).map((id) => architectureOf(fixture(kind, id))),
  );
  return [...new Set([...text, ...others])];
}

export type Tensors = ReadonlyMap<string, Float32Array>;

/** Every tensor of a safetensors file, as float32. */
export async function readTensors(path: string): Promise<Tensors> {
  const file = await openSafetensors(path);
  try {
    const tensors = new Map<string, Float32Array>();
    for (const name of file.names()) tensors.set(name, await file.readFloat32(name));
    return tensors;
  } finally {
    await file.close();
  }
}

export function plugins(): Plugins {
  return new Plugins(Catalog.discover(), createContainer());
}

export async function backendOf(id: string): Promise<Backend> {
  return (await plugins().resolve('backend', id)).instance;
}

/** What loading a case takes of it. */
export interface LoadedCase {
  readonly folder: string;
  readonly oracle: Pick<Oracle, 'model_type'>;
}

export interface LoadCaseOptions {
  /** Folder with the weights and config.json, where it is not the case's own. */
  readonly folder?: string;
  /** How its weights are held. */
  readonly weights?: WeightOptions;
  /** Heads that a task wants. */
  readonly heads?: TaskHeads;
  /** Takes what the loader tells the user. */
  readonly messages?: string[];
}

/** Leaves the borrowed tokenizer the tokens that the case's embedding has rows for; added ones come last. */
export function cutTokenizer(folder: string): void {
  interface Json {
    added_tokens: { id: number }[];
    model: { vocab: Record<string, number>; merges: (string | [string, string])[] };
  }
  interface Config {
    vocab_size?: number;
    /** ChatGLM's name. */
    padded_vocab_size?: number;
  }
  const { vocab_size, padded_vocab_size } = readJson<Config>(join(folder, 'config.json'));
  const rows = vocab_size ?? padded_vocab_size!;
  const path = join(folder, 'tokenizer.json');
  const json = readJson<Json>(path);
  const kept = rows - json.added_tokens.length;
  const vocab = Object.fromEntries(Object.entries(json.model.vocab).filter(([, id]) => id < kept));
  const merges = json.model.merges.filter((merge) => {
    const parts = typeof merge === 'string' ? merge.split(' ') : merge;
    return [...parts, parts.join('')].every((token) => token in vocab);
  });
  const added_tokens = json.added_tokens.map((token, i) => ({ ...token, id: kept + i }));
  writeFileSync(path, JSON.stringify({ ...json, added_tokens, model: { ...json.model, vocab, merges } }));
}

/** Loads a case as `swift` does: registered id -> repository -> snapshot -> config -> module tree -> weights. */
export async function loadCase(
  { folder: own, oracle: { model_type } }: LoadedCase,
  { folder = own, weights, heads, messages = [] }: LoadCaseOptions = {},
): Promise<LoadedModel> {
  const snapshot = mkdtempSync(join(tmpdir(), 'swift-parity-'));
  try {
    // Only the weights are under test: every case borrows one tokenizer.
    cpSync(join(FIXTURES, 'tokenizers', 'tiny'), snapshot, { recursive: true });
    cpSync(folder, snapshot, { recursive: true });
    cutTokenizer(snapshot);
    const services = plugins();
    const hub: Hub = {
      snapshot({ repo }) {
        const { hf } = services.catalog.find('model', model_type!);
        if (repo !== hf) throw new Error(`'${model_type}' asked for ${repo}, not for ${hf}`);
        return Promise.resolve(snapshot);
      },
    };
    const tell = (message: string): void => void messages.push(message);
    return await loadModel(
      {
        ...weights,
        heads,
        model_type,
        model_id_or_path: model_type === undefined ? snapshot : undefined,
        template_type: 'default',
        use_hf: true,
      },
      { plugins: services, hub, log: { info: tell, warn: tell } },
    );
  } finally {
    rmSync(snapshot, { recursive: true });
  }
}
