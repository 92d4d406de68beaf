/** Which codec reads a checkpoint: by what its config says of quantization. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WeightCodec } from '../contracts/codec.js';
import type { ModelConfig } from '../contracts/model-loader.js';
import { didYouMean, SwiftError } from '../errors.js';
import { badFile } from '../io/files.js';
import { parsePythonJson } from '../io/json-text.js';
import { ConfigError, ConfigReader, type Config } from '../nn/index.js';
import type { Listed } from '../registry/catalog.js';
import type { Plugins } from '../registry/plugins.js';

/** The codec of a checkpoint, opened with its config. */
export interface ChosenCodec {
  readonly id: string;
  readonly weights: WeightCodec;
}

/** @throws SwiftError UNSUPPORTED_MODEL for a quantization that no codec reads; undefined where there is none */
export async function findCodec(
  { config, path }: { readonly config: ModelConfig; readonly path: string },
  plugins: Plugins,
): Promise<ChosenCodec | undefined> {
  const codecs = plugins.catalog.list('codec');
  const found = statedIn(config, path, codecs) ?? besideConfig(path, codecs);
  if (!found) return undefined;
  const { entry, stated, file } = found;
  const { instance } = await plugins.resolve('codec', entry.id);
  try {
    return { id: entry.id, weights: instance.open(new ConfigReader(stated)) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new SwiftError('UNSUPPORTED_MODEL', `${file}: ${error.message}`, {
      cure: `The codec '${entry.id}' reads no other. Use another quantized checkpoint of the model, or the whole one.`,
      cause: error,
    });
  }
}

interface Found {
  readonly entry: Listed;
  readonly stated: Config;
  /** What it was read from, for messages. */
  readonly file: string;
}

function statedIn(config: ModelConfig, path: string, codecs: readonly Listed[]): Found | undefined {
  const { quantization_config: stated = null } = config;
  if (stated === null) return undefined;
  if (typeof stated !== 'object' || Array.isArray(stated))
    throw badFile(join(path, 'config.json'), "has 'quantization_config' that is no object", [
      'Download the model again.',
    ]);
  const { quant_method: method } = stated as { readonly quant_method?: unknown };
  // What names no method says nothing of the tensors; those of a quantized one would belong to no part of the model.
  if (method === undefined) return undefined;
  const entry = codecs.find(({ quant_methods = [] }) => quant_methods.includes(String(method)));
  if (entry) return { entry, stated: stated as Config, file: `${path}: quantization_config` };
  const known = codecs.flatMap(({ quant_methods = [] }) => quant_methods);
  throw new SwiftError(
    'UNSUPPORTED_MODEL',
    `${path}: its weights are quantized, and no codec reads quant_method '${String(method)}'`,
    {
      cure: [
        ...didYouMean(String(method), known),
        `Methods that are read: ${known.join(', ')}. A plugin can add another (docs/adding/codec.md).`,
        'Or use the whole checkpoint, with --quant_bits 4 where memory is short.',
      ],
    },
  );
}

function besideConfig(path: string, codecs: readonly Listed[]): Found | undefined {
  for (const entry of codecs) {
    const file = join(path, entry.config_file ?? '');
    if (entry.config_file === undefined || !existsSync(file)) continue;
    return { entry, stated: parse(file), file };
  }
  return undefined;
}

function parse(file: string): Config {
  try {
    const stated = parsePythonJson(readFileSync(file, 'utf8'));
    if (typeof stated === 'object' && stated !== null && !Array.isArray(stated)) return stated as Config;
  } catch {
    // Said below.
  }
  throw badFile(file, 'is no JSON object', ['Download the model again.']);
}
