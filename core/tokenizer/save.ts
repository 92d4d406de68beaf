import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import type { TokenizerDefinition } from './definition.js';
import { withAddedTokens } from './special-tokens.js';
import { makeFolder } from '../io/make-folder.js';

const FILES = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'chat_template.jinja',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
];

/**
 * Writes a tokenizer into a checkpoint folder. Files that were read from a folder are copied byte for byte;
 * a tokenizer built from GGUF metadata is written as an equivalent tokenizer.json and tokenizer_config.json.
 *
 * @returns the names of the files written.
 */
export async function saveTokenizer(tokenizer: Tokenizer, folder: string): Promise<string[]> {
  const definition = definitionOf(tokenizer);
  makeFolder(folder);
  if (definition.folder !== undefined) return copyFiles(definition.folder, folder, definition);
  const files: Record<string, string> = {
    'tokenizer.json': JSON.stringify(definition.tokenizer),
    'tokenizer_config.json': `${JSON.stringify(definition.config, null, 2)}\n`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return Object.keys(files);
}

async function copyFiles(from: string, to: string, definition: TokenizerDefinition): Promise<string[]> {
  if (resolve(from) === resolve(to)) return [];
  const copied: string[] = [];
  for (const name of FILES) {
    try {
      await copyFile(join(from, name), join(to, name));
      if (definition.added) await addTokens(join(to, name), definition);
      copied.push(name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return copied;
}

async function addTokens(path: string, definition: TokenizerDefinition): Promise<void> {
  const text = await readFile(path, 'utf8');
  const said = withAddedTokens(basename(path), text, definition);
  if (said !== text) await writeFile(path, said);
}

export function definitionOf(tokenizer: Tokenizer): TokenizerDefinition {
  if ('definition' in tokenizer) return tokenizer.definition as TokenizerDefinition;
  throw new SwiftError('BAD_PLUGIN', 'This tokenizer does not carry the files it was made of.', {
    cure: 'Give it a `definition` of type TokenizerDefinition, so that it can be saved with a checkpoint.',
    exitCode: 1,
  });
}
