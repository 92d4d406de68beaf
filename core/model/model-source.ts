import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Hub } from '../contracts/hub.js';
import type { ImageSettings, ModelConfig } from '../contracts/model-loader.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import { openCheckpoint } from '../io/checkpoint.js';
import { openGguf, type GgufTable } from '../io/gguf/index.js';
import { parsePythonJson } from '../io/json-text.js';
import type { TensorSource } from '../io/tensor-source.js';
import { loadTokenizer, tokenizerFromGguf } from '../tokenizer/index.js';
import { readImageSettings } from './image-settings.js';
import { checkConfig } from './check-config.js';
import type { NewTokens } from './new-tokens.js';
import { readCarriedFiles, type CarriedFiles } from './carried-files.js';

/** Where a model's config, weights and tokenizer come from, whatever the format. */
export interface ModelSource {
  /** The folder or file on this machine. */
  readonly path: string;
  readonly config: ModelConfig;
  /** config.json as it is written; absent where there is none. */
  readonly configText?: string;
  /** What its files say that nothing here makes use of. */
  readonly unread?: readonly string[];
  /** Tokens that these files would lack if they were not patched. */
  readonly newTokens?: NewTokens;
  /** preprocessor_config.json, or what processor_config.json says of pictures; empty where there is neither. */
  imageSettings(): ImageSettings;
  /** What a tuned model keeps unchanged beside its weights. */
  carriedFiles(): CarriedFiles;
  openWeights(): Promise<TensorSource>;
  tokenizer(): Promise<Tokenizer>;
}

/**
 * Files of a repository that say what a model is: fetched first, since most of what can be wrong shows in them. Code that
 * config.json names comes along for a tuned model's folder, which others load with it; nothing here runs it.
 */
const BESIDE_WEIGHTS = /(^|\/)[^/]*\.(json|jinja|model|txt|py|tiktoken)$/;
const SAFETENSORS = /(^|\/)[^/]*\.safetensors$/;
/** Weights of a repository without safetensors. */
const PICKLED = /^pytorch_model(-\d+-of-\d+)?\.bin$/;

/** `owner/name`, or `owner/name:folder` where a repository holds several models in folders, as SWIFT writes it. */
const REPOSITORY = /^(?<repo>\w[\w.-]*\/[\w.-]+)(?::(?<inside>\w[\w.-]*(?:\/\w[\w.-]*)*))?$/;

/** A local checkpoint folder or .gguf file, else a snapshot of the repository from the hub, or of a folder in it. */
export async function openModelSource(
  source: string,
  { hub, revision, gguf }: { readonly hub: Hub; readonly revision?: string; readonly gguf: GgufTable },
): Promise<ModelSource> {
  if (source.endsWith('.gguf')) return ggufSource(source, gguf);
  const isFolder = existsSync(source) && statSync(source).isDirectory();
  if (existsSync(source) && !isFolder) {
    throw new SwiftError('BAD_ARGUMENT', `--model: '${source}' is a file, and no .gguf file`, {
      cure: 'Give the folder that holds config.json and weights, or a .gguf file; data goes with --dataset.',
    });
  }
  if (isFolder) return folderSource(source);
  const named = REPOSITORY.exec(source)?.groups;
  if (!named) {
    throw new SwiftError('FILE_NOT_FOUND', `there is no model folder or file '${source}'`, {
      cure: 'Give a folder with config.json, a .gguf file, or a repository id like owner/name.',
    });
  }
  const { repo, inside = '' } = named;
  const prefix = inside && `${inside}/`;
  const fetchFiles = async (files: RegExp): Promise<string> => {
    const accept = (path: string): boolean =>
      path.startsWith(prefix) && files.test(path.slice(prefix.length));
    return join(await hub.snapshot({ repo, type: 'model', revision, accept }), inside);
  };
  const folder = await fetchFiles(BESIDE_WEIGHTS);
  return {
    ...folderSource(folder),
    async openWeights() {
      const fetchAlso = async (files: RegExp): Promise<void> => {
        if ((await fetchFiles(files)) !== folder) throw changedMeanwhile(source);
      };
      await fetchAlso(SAFETENSORS);
      const isThere = readdirSync(folder).some((name) => name.endsWith('.safetensors'));
      // As Transformers does: pickled weights are fetched only where there are no others.
      if (!isThere) await fetchAlso(PICKLED);
      return openCheckpoint(folder);
    },
  };
}

function changedMeanwhile(repo: string): SwiftError {
  return new SwiftError('HUB_UNREACHABLE', `the repository '${repo}' changed while it was fetched`, {
    cure: 'Run again, or name a commit: --model_revision <commit>.',
    exitCode: 1,
  });
}

function folderSource(path: string): ModelSource {
  const file = join(path, 'config.json');
  if (!existsSync(file)) {
    throw new SwiftError('BAD_CHECKPOINT', `${path} has no config.json`, {
      cure: existsSync(join(path, 'adapter_config.json'))
        ? 'It holds an adapter: infer and export take it with --ckpt_dir, sft goes on from it with --resume_from_checkpoint.'
        : 'A model folder holds config.json, weights (*.safetensors or *.bin) and tokenizer.json.',
    });
  }
  const configText = readFileSync(file, 'utf8');
  return {
    path,
    config: parseConfig(configText, file),
    configText,
    imageSettings: () => readImageSettings(path),
    carriedFiles: () => readCarriedFiles(path),
    openWeights: () => openCheckpoint(path),
    tokenizer: () => loadTokenizer(path),
  };
}

function parseConfig(text: string, file: string): ModelConfig {
  let config: unknown;
  try {
    config = parsePythonJson(text);
  } catch (cause) {
    throw new SwiftError('BAD_FILE', `${file} is not valid JSON: ${(cause as Error).message}`, {
      cure: 'Download the model again.',
      cause,
    });
  }
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) {
    return checkConfig(config as ModelConfig, file);
  }
  throw new SwiftError('BAD_FILE', `${file} is no JSON object`, { cure: 'Download the model again.' });
}

async function ggufSource(path: string, table: GgufTable): Promise<ModelSource> {
  const file = await openGguf(path, table);
  await file.close();
  return {
    path,
    config: file.config as ModelConfig,
    unread: file.unread,
    imageSettings: () => ({}),
    carriedFiles: () => new Map(),
    openWeights: () => openGguf(path, table),
    tokenizer: async () => tokenizerFromGguf(file.metadata),
  };
}
