export * from './multimodal-lm.js';
export * from './tower.js';
export * from './twin.js';
