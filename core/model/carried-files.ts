/** Files of a checkpoint that a tuned one keeps unchanged. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What generation, tokenizer, chat template, pictures and vectors are made of, and code that config.json names. Nothing of it is run here. */
const CARRIED =
  /^((generation_config|preprocessor_config|processor_config|video_preprocessor_config)\.json|tokenizer(_config)?\.json|special_tokens_map\.json|added_tokens\.json|chat_template\.(jinja|json)|vocab\.(json|txt)|merges\.txt|[^/]+\.(model|tiktoken|py)|additional_chat_templates\/[^/]+\.jinja|modules\.json|(config_)?sentence_[a-z_]+\.json|\d+_[A-Z]\w*\/config\.json)$/;

/** Where a checkpoint with several chat templates keeps the further ones. */
const TEMPLATES = 'additional_chat_templates';

/** Contents by path. They are kept from the start: a run may go on from a folder that is pruned while it runs. */
export type CarriedFiles = ReadonlyMap<string, Uint8Array>;

export function readCarriedFiles(folder: string): CarriedFiles {
  const below = join(folder, TEMPLATES);
  const templates = existsSync(below) ? readdirSync(below).map((name) => `${TEMPLATES}/${name}`) : [];
  const here = readdirSync(folder);
  const modules = here.map((name) => `${name}/config.json`).filter((name) => existsSync(join(folder, name)));
  const names = [...here, ...templates, ...modules].filter((name) => CARRIED.test(name)).sort();
  return new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
}

/** Those of them that say how images are made ready. */
export function imageSettingsIn(files: CarriedFiles): CarriedFiles {
  return new Map([...files].filter(([name]) => /^(pre)?processor_config\.json$/.test(name)));
}

export async function writeCarriedFiles(folder: string, files: CarriedFiles): Promise<void> {
  for (const [name, content] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
