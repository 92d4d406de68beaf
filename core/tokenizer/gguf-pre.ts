/** How text is cut into words before byte-level BPE, by `tokenizer.ggml.pre`. */

const CONTRACTIONS = "'s|'t|'re|'ve|'m|'ll|'d";
const GPT2 = `${CONTRACTIONS}| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+`;
const SPACES = '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';

/** The pattern of Llama 3 and its relatives; they differ in how many digits make a word. */
const modern = (digits: string): string =>
  `(?i:${CONTRACTIONS})|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${SPACES}`;

/** A new word begins where small letters give way to capital ones (GPT-4o, Tekken). @param end what may close a word */
const cased = (end: string, digits: string): string => {
  const [upper, lower] = ['[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]', '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]'];
  const first = '[^\\r\\n\\p{L}\\p{N}]?';
  const rest = `${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${SPACES}`;
  return `${first}${upper}*${lower}+${end}|${first}${upper}+${lower}*${end}|${rest}`;
};

interface PreTokenization {
  /** Applied one after the other; each isolates its matches. */
  readonly patterns: readonly string[];
  /** A word that is a token stays whole even where merges would not build it. */
  readonly ignoreMerges?: boolean;
  readonly nfc?: boolean;
}

const LLAMA3: PreTokenization = { patterns: [modern('\\p{N}{1,3}')], ignoreMerges: true };
const THREE_DIGITS: PreTokenization = { patterns: [modern('\\p{N}{1,3}')] };
const QWEN2: PreTokenization = { patterns: [modern('\\p{N}')], nfc: true };
const ONE_DIGIT: PreTokenization = { patterns: [modern('\\p{N}')] };
const DIGIT_WISE: PreTokenization = { patterns: ['\\p{N}', GPT2] };
const NEOX: PreTokenization = { patterns: [GPT2], nfc: true };

/** DeepSeek-V3: numbers, then Chinese and Japanese, then a mark of ASCII with the letters behind it. */
const DEEPSEEK3: PreTokenization = {
  patterns: [
    '\\p{N}{1,3}',
    '[\\u4E00-\\u9FA5\\u3040-\\u309F\\u30A0-\\u30FF]+',
    `[!"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_\`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|${SPACES}`,
  ],
};

/** Names are llama.cpp's; several models share one pattern. */
export const PRE_TOKENIZATIONS: Readonly<Record<string, PreTokenization>> = {
  'gpt-2': { patterns: [GPT2] },
  'phi-2': { patterns: [GPT2] },
  olmo: NEOX,
  mpt: NEOX,
  'llama-bpe': LLAMA3,
  llama3: LLAMA3,
  'llama-v3': LLAMA3,
  falcon3: LLAMA3,
  dbrx: THREE_DIGITS,
  'smaug-bpe': THREE_DIGITS,
  glm4: THREE_DIGITS,
  'chatglm-bpe': THREE_DIGITS,
  qwen2: QWEN2,
  'deepseek-r1-qwen': QWEN2,
  megrez: QWEN2,
  hunyuan: ONE_DIGIT,
  stablelm2: ONE_DIGIT,
  'seed-coder': {
    patterns: [
      `(?i:${CONTRACTIONS})|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|${SPACES}`,
    ],
  },
  smollm: DIGIT_WISE,
  starcoder: DIGIT_WISE,
  refact: DIGIT_WISE,
  'command-r': DIGIT_WISE,
  codeshell: DIGIT_WISE,
  'deepseek-coder': {
    patterns: [
      '[\\r\\n]',
      '\\s?\\p{L}+',
      '\\s?\\p{P}+',
      '[\\u4E00-\\u9FA5\\u0800-\\u4E00\\uAC00-\\uD7FF]+',
      '\\p{N}',
    ],
  },
  'deepseek-v3': DEEPSEEK3,
  'hunyuan-dense': DEEPSEEK3,
  falcon: { patterns: ['[\\p{P}$+<=>^~|`]+', GPT2, '[0-9][0-9][0-9]'] },
  bloom: { patterns: [' ?[^(\\s|.,!?…。，、।۔،)]+'] },
  tekken: { patterns: [cased('', '\\p{N}')], ignoreMerges: true },
  'gpt-4o': { patterns: [cased(`(?i:${CONTRACTIONS})?`, '\\p{N}{1,3}')], ignoreMerges: true },
};
