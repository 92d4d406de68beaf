/** Media to what towers take. Uses no Node API. */
export * from './anyres-images.js';
export * from './canvas-images.js';
export * from './clip-images.js';
export * from './interpolated-images.js';
export * from './split-images.js';
export * from './tile-images.js';
export * from './normalize.js';
export * from './normalized-images.js';
export * from './longest-patches.js';
export * from './padded-images.js';
export * from './patch-images.js';
export type { FilterName } from './resize.js';
export * from './frame-samplers.js';
export * from './frame-videos.js';
export * from './log-mel.js';
export * from './whisper-sounds.js';
export * from './patch-videos.js';
