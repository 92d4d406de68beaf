/** How text is cut into words before byte-level BPE, by `tokenizer.ggml.pre`. */

const CONTRACTIONS = "'s|'t|'re|'ve|'m|'ll|'d";
const GPT2 = `${CONTRACTIONS}| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+`;

/** The pattern of Llama 3 and its relatives; they differ in how many digits make a word. */
const modern = (digits: string): string =>
  `(?i:${CONTRACTIONS})|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

interface PreTokenization {
  /** Applied one after the other; each isolates its matches. */
  readonly patterns: readonly string[];
  /** A word that is a token stays whole even where merges would not build it. */
  readonly ignoreMerges?: boolean;
  readonly nfc?: boolean;
}

const LLAMA3: PreTokenization = { patterns: [modern('\\p{N}{1,3}')], ignoreMerges: true };
const QWEN2: PreTokenization = { patterns: [modern('\\p{N}')], nfc: true };
const DIGIT_WISE: PreTokenization = { patterns: ['\\p{N}', GPT2] };

/** Names are llama.cpp's; several models share one pattern. */
export const PRE_TOKENIZATIONS: Readonly<Record<string, PreTokenization>> = {
  'gpt-2': { patterns: [GPT2] },
  'llama-bpe': LLAMA3,
  llama3: LLAMA3,
  'llama-v3': LLAMA3,
  qwen2: QWEN2,
  'deepseek-r1-qwen': QWEN2,
  megrez: QWEN2,
  smollm: DIGIT_WISE,
  starcoder: DIGIT_WISE,
  refact: DIGIT_WISE,
  'command-r': DIGIT_WISE,
  codeshell: DIGIT_WISE,
};
