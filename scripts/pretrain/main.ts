/**
 * Makes the bundled model from nothing: `npm run pretrain`. Writes a corpus, a tokenizer and random weights, trains
 * them with this project's own `swift pt`, and stores the result as bfloat16 in assets/models/swift-tiny.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SeededRandom } from '../../core/data/index.js';
import { openCheckpoint, writeCheckpoint } from '../../core/io/checkpoint.js';
import { ConfigReader, Decoder, decoderTraits } from '../../core/nn/index.js';
import { makeCorpus } from './corpus.js';
import { trainBpe, WORD_PATTERN } from './bpe.js';

const SEED = 20;
const DOCUMENTS = 24_000;
const SPECIAL = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];
const VOCABULARY = 1024;
const CHAT_TEMPLATE =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

const CONFIG = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: 128,
  intermediate_size: 384,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  hidden_act: 'silu',
  rms_norm_eps: 1e-5,
  rope_theta: 10000,
  max_position_embeddings: 512,
  vocab_size: VOCABULARY,
  tie_word_embeddings: true,
  bos_token_id: 0,
  eos_token_id: 2,
} as const;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const work = join(root, 'output', 'pretrain');
const target = join(root, 'assets', 'models', 'swift-tiny');

await rm(work, { recursive: true, force: true });
await mkdir(join(work, 'init'), { recursive: true });
const corpus = makeCorpus(DOCUMENTS, SeededRandom.seeded(SEED));
await writeFile(join(work, 'corpus.jsonl'), corpus.map((text) => `${JSON.stringify({ text })}\n`).join(''));
await writeTokenizer(join(work, 'init'), corpus);
await writeJson(join(work, 'init', 'config.json'), CONFIG);
await writeRandomWeights(join(work, 'init'));

const flags = {
  model: join(work, 'init'),
  dataset: join(work, 'corpus.jsonl'),
  output_dir: join(work, 'run'),
  add_output_dir_suffix: 'false',
  packing: 'true',
  max_length: '512',
  batch_size: '4',
  gradient_accumulation_steps: '1',
  learning_rate: '3e-3',
  weight_decay: '0.05',
  num_train_epochs: '3',
  save_strategy: 'no',
  logging_steps: '20',
  eval_steps: '200',
};
const argv = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
console.log(`swift pt ${argv.join(' ')}`);
const run = spawnSync(process.execPath, [join(root, 'bin/swift.js'), 'pt', ...argv], { stdio: 'inherit' });
if (run.status !== 0) process.exit(run.status ?? 1);
await store();

async function writeTokenizer(folder: string, documents: readonly string[]): Promise<void> {
  const { tokens, merges } = trainBpe(documents.map(withoutSpecial), VOCABULARY - SPECIAL.length);
  const vocab = Object.fromEntries([...SPECIAL, ...tokens].map((token, id) => [token, id]));
  const added_tokens = SPECIAL.map((content, id) => ({
    id,
    content,
    special: true,
    normalized: false,
    single_word: false,
    lstrip: false,
    rstrip: false,
  }));
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
  await writeJson(join(folder, 'tokenizer.json'), {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens,
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: WORD_PATTERN }, behavior: 'Isolated', invert: false },
        byteLevel,
      ],
    },
    post_processor: null,
    decoder: byteLevel,
    model: { type: 'BPE', vocab, merges: merges.map((pair) => pair.join(' ')) },
  });
  await writeJson(join(folder, 'tokenizer_config.json'), {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: SPECIAL[0],
    eos_token: SPECIAL[2],
    pad_token: SPECIAL[0],
    add_bos_token: false,
    model_max_length: CONFIG.max_position_embeddings,
    chat_template: CHAT_TEMPLATE,
  });
}

function withoutSpecial(document: string): string {
  return SPECIAL.reduce((text, token) => text.replaceAll(token, ''), document);
}

/** Normal weights of deviation 0.02, 1 for norms, as the Llama recipe has them. */
async function writeRandomWeights(folder: string): Promise<void> {
  const random = SeededRandom.seeded(SEED, 1);
  const model = new Decoder(decoderTraits(new ConfigReader(CONFIG)));
  const tensors = [...model.namedParameters()].map(([name, { shape, size }]) => ({
    name,
    dtype: 'F32' as const,
    shape,
    data: Float32Array.from({ length: size }, () => (name.includes('norm') ? 1 : 0.02 * random.normal())),
  }));
  await writeCheckpoint(folder, tensors);
}

/** Copies the last checkpoint to the assets, its weights rounded to bfloat16. */
async function store(): Promise<void> {
  const names = await readdir(join(work, 'run'));
  const from = join(
    work,
    'run',
    names.find((name) => name.startsWith('checkpoint-'))!,
  );
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const source = await openCheckpoint(from);
  const tensors = [];
  for (const name of source.names()) {
    tensors.push({
      name,
      dtype: 'BF16' as const,
      shape: source.info(name).shape,
      data: await source.readFloat32(name),
    });
  }
  await source.close();
  await writeCheckpoint(target, tensors);
  for (const name of ['tokenizer.json', 'tokenizer_config.json', 'generation_config.json']) {
    await writeFile(join(target, name), await readFile(join(from, name)));
  }
  await writeJson(join(target, 'config.json'), { ...CONFIG, torch_dtype: 'bfloat16' });
  console.log(`stored ${target}`);
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 1)}\n`);
}
