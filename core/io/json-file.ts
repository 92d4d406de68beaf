/** JSON files that this project or its like wrote. */
import { existsSync, readFileSync } from 'node:fs';
import { SwiftError } from '../errors.js';

/** @throws SwiftError FILE_NOT_FOUND, BAD_FILE */
export function readJson(path: string): unknown {
  if (!existsSync(path)) {
    throw new SwiftError('FILE_NOT_FOUND', `${path} does not exist`, {
      cure: 'Give a checkpoint folder, e.g. output/…/checkpoint-100.',
    });
  }
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new SwiftError('BAD_FILE', `${path} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

/** @throws SwiftError FILE_NOT_FOUND, BAD_FILE */
export function readJsonObject(path: string): Record<string, unknown> {
  const value = readJson(path);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new SwiftError('BAD_FILE', `${path} is no JSON object`, {
    cure: 'The file is damaged: take another checkpoint.',
  });
}
