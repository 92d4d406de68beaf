/** Tokenizers of checkpoints: from Hugging Face files or GGUF metadata, and back into files. */
export type { TokenizerDefinition } from './definition.js';
export { tokenizerFromGguf } from './gguf.js';
export { loadTokenizer } from './load.js';
export { withPlaceholders } from './placeholders.js';
export { definitionOf, saveTokenizer } from './save.js';
export { withAddedTokens, withSpecialTokens } from './special-tokens.js';
export { createTokenStream } from './stream.js';
export type { TokenStream } from './stream.js';
