export * from './audio-projector.js';
export * from './whisper-encoder.js';
export * from './whisper-tower.js';
