export * from './hot-loops.js';
export { allocate, hasVectorLoops } from './memory.js';
