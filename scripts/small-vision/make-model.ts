/** A SmolVLM (Marafioti et al., 2025, arXiv 2504.05299) of a trained language model and a tower that knows nothing yet. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SeededRandom } from '../../core/data/index.js';
import { openCheckpoint, writeCheckpoint } from '../../core/io/checkpoint.js';
import { loadModel } from '../../core/model/load-model.js';
import { weightValues } from '../../core/model/weight-values.js';
import type { Parameter } from '../../core/nn/index.js';
import { services } from '../../core/sdk/default-services.js';
import { saveTokenizer } from '../../core/tokenizer/index.js';
import { SIDE } from './scenes.js';

const SEED = 1;

/** 10 × 10 patches, of which each four become one of 25 features. */
const VISION = {
  model_type: 'smolvlm_vision',
  hidden_size: 192,
  intermediate_size: 768,
  num_hidden_layers: 2,
  num_attention_heads: 6,
  image_size: SIDE,
  patch_size: 10,
};
const MERGE = 2;

/** Pictures of the tower's own size, of one tile each. */
const PICTURES = {
  image_processor_type: 'Idefics3ImageProcessor',
  do_convert_rgb: true,
  do_image_splitting: false,
  do_resize: true,
  size: { longest_edge: SIDE },
  max_image_size: { longest_edge: SIDE },
  resample: 1,
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  image_mean: [0.5, 0.5, 0.5],
  image_std: [0.5, 0.5, 0.5],
  do_pad: true,
};

/** What stands for a picture in a text. */
const IMAGE = '<image>';
const TOKENS = [IMAGE, '<fake_token_around_image>', '<global-img>'];

/** ChatML without the system prompt that SmolLM2's own template begins with: it would be a third of each row. */
const CHAT_TEMPLATE =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** Where tensors of the parts lie in the whole. */
const TEXT = /^model\.text_model\./;
const TOWER = /^model\.vision_model\./;

/**
 * @param decoder a Llama with ChatML: a GGUF file or a folder
 * @param taught folder of a model whose tower is taken over; it is fresh when absent
 */
export async function makeModel(decoder: string, folder: string, taught?: string): Promise<void> {
  const own = services();
  const { model, config, tokenizer } = await loadModel(
    {
      model_id_or_path: decoder,
      template_type: 'chatml',
      use_hf: true,
      dtype: 'fp32',
      new_special_tokens: TOKENS,
    },
    own,
  );
  const whole = {
    architectures: ['SmolVLMForConditionalGeneration'],
    model_type: 'smolvlm',
    image_token_id: tokenizer.tokenToId(IMAGE),
    scale_factor: MERGE,
    tie_word_embeddings: model.tied.length > 0,
    text_config: config,
    vision_config: VISION,
  };
  const { instance: family } = await own.plugins.resolve('model', 'smolvlm-256m-instruct');
  const known = new Map(
    [...model.namedParameters()].map(([name, parameter]) => [name, weightValues(parameter)]),
  );
  for (const [name, values] of taught ? await towerOf(taught) : []) known.set(name, values);
  const random = SeededRandom.seeded(SEED);
  const tensors = [...family.build(whole).namedParameters()].map(([name, parameter]) => {
    const { shape } = parameter;
    const data = known.get(name.replace(TEXT, 'model.')) ?? fresh(name, parameter, random);
    // What trains stays in float32.
    return { name, dtype: TEXT.test(name) ? 'BF16' : 'F32', shape, data } as const;
  });
  await mkdir(folder, { recursive: true });
  await writeCheckpoint(folder, tensors);
  await writeJson(folder, 'config.json', whole);
  await writeJson(folder, 'preprocessor_config.json', PICTURES);
  const { bos_token_id, eos_token_id, pad_token_id } = tokenizer;
  await writeJson(folder, 'generation_config.json', { bos_token_id, eos_token_id, pad_token_id });
  await saveTokenizer(tokenizer, folder);
  const said = JSON.parse(await readFile(join(folder, 'tokenizer_config.json'), 'utf8')) as object;
  await writeJson(folder, 'tokenizer_config.json', { ...said, chat_template: CHAT_TEMPLATE });
}

async function towerOf(folder: string): Promise<ReadonlyMap<string, Float32Array>> {
  const source = await openCheckpoint(folder);
  const values = new Map<string, Float32Array>();
  for (const name of source.names().filter((one) => TOWER.test(one)))
    values.set(name, await source.readFloat32(name));
  await source.close();
  return values;
}

/**
 * Values to begin with: layers keep the size of what they are given (LeCun et al., 1998), and blocks add nothing yet (Zhang et
 * al., 2019, arXiv 1901.09321), so that what a patch shows and where it is reaches the language model from the first step on.
 */
function fresh(name: string, { shape, size }: Parameter, random: SeededRandom): Float32Array {
  const values = new Float32Array(size);
  if (name.endsWith('.bias') || /(out_proj|fc2)\.weight$/.test(name)) return values;
  if (name.includes('norm')) return values.fill(1);
  if (name.endsWith('position_embedding.weight')) return places(values, shape[1]);
  const deviation = 1 / Math.sqrt(size / shape[0]);
  for (let i = 0; i < size; i++) values[i] = deviation * random.normal();
  return values;
}

/** Sines and cosines of the column and the row of each patch (He et al., 2022, arXiv 2111.06377). */
function places(values: Float32Array, width: number): Float32Array {
  const side = Math.sqrt(values.length / width);
  const frequencies = width / 4;
  for (let patch = 0; patch < side * side; patch++) {
    [patch % side, Math.floor(patch / side)].forEach((place, axis) => {
      for (let i = 0; i < frequencies; i++) {
        const angle = place / side ** (i / frequencies);
        const at = patch * width + axis * 2 * frequencies + i;
        values[at] = Math.sin(angle);
        values[at + frequencies] = Math.cos(angle);
      }
    });
  }
  return values;
}

const writeJson = (folder: string, name: string, value: object): Promise<void> =>
  writeFile(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
