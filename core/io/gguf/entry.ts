/** What model plugins say of their GGUF files: `swift-ts/gguf`. */
export * from './architecture.js';
export { notRead, type GgufFacts } from './facts.js';
export * from './undo.js';
