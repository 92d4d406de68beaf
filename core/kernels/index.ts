export * from './hot-loops.js';
export * from './quantize-loops.js';
export * from './resize-loops.js';
export { allocate, hasVectorLoops } from './memory.js';
