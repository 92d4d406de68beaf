export * from './clip-tower.js';
export * from './multimodal-lm.js';
export * from './patch-tower.js';
export * from './projector.js';
export * from './tower.js';
