/** The graph core: symbolic tensors, ops, reverse mode, partition, lowering. Uses no Node API. */
export * from './tensor.js';
export * from './graph.js';
export * from './host-tensor.js';
export * from './scale-map.js';
export * from './weight-layout.js';
export * from './autodiff.js';
export * from './partition.js';
export * from './lower.js';
export * from './score-bias.js';
export * from './shapes.js';
export * from './structure.js';
export * from './ops/index.js';
