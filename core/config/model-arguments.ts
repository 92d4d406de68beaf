import { MODEL_DTYPES } from '../model/model-dtypes.js';
import { bool, choice, int, optionalInt, optionalString, string, strings } from './argument.js';

/** Which model, from where. */
export const modelArguments = {
  model_type: optionalString({ help: 'registered model id; see swift list models' }),
  model_id_or_path: optionalString({
    help: 'repository id (owner/name:folder for a folder in it), local folder or .gguf file of the model',
    derived: "the registered model's repository",
    aliases: ['model'],
  }),
  model_revision: optionalString({ help: 'branch, tag or commit of the repository' }),
  template_type: string({
    default: 'AUTO',
    help: "chat template id; AUTO takes the model's, chat_template the one in its tokenizer",
    aliases: ['template'],
  }),
  agent_template: optionalString({
    help: 'format in which tools are said and calls are read; see swift list agents',
    derived: "the template's own",
    aliases: ['tools_prompt'],
  }),
  system: optionalString({ help: "system prompt, instead of the template's" }),
  max_pixels: optionalInt({
    help: "larger images are shrunk to so many pixels before the model's own processor sees them",
    min: 1,
  }),
  dtype: choice(MODEL_DTYPES, {
    default: 'AUTO',
    help: "format of the weights in memory, arithmetic is fp32; AUTO trains on the checkpoint's own and widens for inference",
    aliases: ['torch_dtype'],
    choiceAliases: { float32: 'fp32', float16: 'fp16', bfloat16: 'bf16' },
  }),
  quant_bits: int({
    default: 0,
    min: 0,
    help: "bits of the blocks' linear layers: 4 or 8; 0 leaves them as they are",
    aliases: ['quantization_bit'],
  }),
  quant_method: string({
    default: 'bnb',
    help: 'how they are quantized; see swift list quantizers',
    chooses: 'quantizer',
  }),
  use_hf: bool({
    default: true,
    help: 'take repositories from Hugging Face; false takes them from ModelScope (also: USE_HF=0)',
  }),
  backend: string({
    default: 'onnxruntime',
    help: 'what computes; see swift list backends',
    chooses: 'backend',
  }),
  plugins: strings({
    default: [],
    help: 'plugins to load: files, folders or names of packages; installed packages with the keyword swift-plugin load by themselves',
    aliases: ['external_plugins', 'custom_register_path'],
  }),
  seed: int({ default: 42, min: 0, help: 'seed of everything random' }),
} as const;
