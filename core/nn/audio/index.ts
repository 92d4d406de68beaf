export * from './audio-projector.js';
export * from './whisper-encoder.js';
export { WhisperTower } from './whisper-tower.js';
