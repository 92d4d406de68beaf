import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageSettings } from '../contracts/model-loader.js';
import { badFile } from '../io/files.js';
import { parsePythonJson } from '../io/json-text.js';

/**
 * What a checkpoint says of media: preprocessor_config.json, or, as Transformers 5 writes it, the part of
 * processor_config.json about pictures, beside which those about sounds and videos stay. Empty where it says nothing.
 * @throws SwiftError BAD_FILE
 */
export function readImageSettings(folder: string): ImageSettings {
  const own = readObject(join(folder, 'preprocessor_config.json'));
  if (own) return own;
  const parts = readObject(join(folder, 'processor_config.json')) ?? {};
  const { image_processor, feature_extractor, video_processor } = parts;
  const first = [image_processor, feature_extractor].find(isObject);
  return first ? { feature_extractor, video_processor, ...first } : {};
}

function readObject(file: string): Record<string, unknown> | undefined {
  if (!existsSync(file)) return undefined;
  let value: unknown;
  try {
    value = parsePythonJson(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw badFile(file, `is not valid JSON: ${(cause as Error).message}`, ['Download the model again.']);
  }
  if (!isObject(value)) throw badFile(file, 'is no JSON object', ['Download the model again.']);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
