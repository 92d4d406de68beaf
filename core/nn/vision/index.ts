export * from './arrangement.js';
export * from './connector.js';
export * from './newline-rows.js';
export * from './patch-tower.js';
export * from './pooled-frames.js';
export * from './projector.js';
export * from './tile-tower.js';
export * from './vit.js';
