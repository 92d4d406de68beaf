/** Building blocks of models, over the graph core. Uses no Node API. */
export * from './causal-lm.js';
export * from './compute-precision.js';
export * from './config.js';
export * from './decoder.js';
export * from './decoder-loader.js';
export * from './embedding.js';
export * from './linear.js';
export * from './module.js';
export * from './parameter.js';
export * from './rms-norm.js';
export * from './rotary.js';
export * from './scope.js';
