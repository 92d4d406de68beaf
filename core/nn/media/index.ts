export * from './joined-tower.js';
export * from './multimodal-lm.js';
export * from './partial-lora.js';
export * from './reading-tower.js';
export * from './tower.js';
export * from './twin.js';
