export * from './audio-projector.js';
export { ChunkTower, HalvingProjector, chunkFeatures, type HalvingSize } from './chunk-tower.js';
export * from './chunked-tower.js';
export * from './conformer-block.js';
export * from './conformer-tower.js';
export { DashengEncoder, DashengProjector, DashengTower, type DashengSize } from './dasheng-tower.js';
export * from './sound-stem.js';
export * from './whisper-encoder.js';
export * from './whisper-tower.js';
