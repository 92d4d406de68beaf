export * from './audio-projector.js';
export { ChunkTower, HalvingProjector, chunkFeatures, type HalvingSize } from './chunk-tower.js';
export { DashengEncoder, DashengProjector, DashengTower, type DashengSize } from './dasheng-tower.js';
export { OPENAI_WHISPER, WhisperEncoder, type WhisperNames, type WhisperSize } from './whisper-encoder.js';
export { WhisperTower } from './whisper-tower.js';
