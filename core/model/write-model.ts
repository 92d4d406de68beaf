import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelConfig } from '../contracts/model-loader.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { writeCheckpoint } from '../io/checkpoint.js';
import type { CausalLM } from '../nn/index.js';
import { weightValues } from './weight-values.js';
import { saveTokenizer } from '../tokenizer/index.js';

export interface ModelFolder {
  readonly model: CausalLM;
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
}

/** Writes a model as Hugging Face does: safetensors (float32), config, generation config, tokenizer. */
export async function writeModelFolder(
  folder: string,
  { model, config, tokenizer }: ModelFolder,
): Promise<void> {
  const tensors = [...model.namedParameters()].map(([name, parameter]) => ({
    name,
    dtype: 'F32' as const,
    shape: parameter.shape,
    data: weightValues(parameter),
  }));
  await writeCheckpoint(folder, tensors);
  const tied = model.tied.length > 0;
  await writeJson(join(folder, 'config.json'), {
    ...config,
    tie_word_embeddings: tied,
    torch_dtype: 'float32',
  });
  const { bos_token_id, eos_token_id, pad_token_id } = tokenizer;
  await writeJson(join(folder, 'generation_config.json'), { bos_token_id, eos_token_id, pad_token_id });
  await saveTokenizer(tokenizer, folder);
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
