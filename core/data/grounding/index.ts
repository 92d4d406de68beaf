/** How models speak of places in images: for plugins of models. */
export { grounding, markedName, nameBehind, pairs, row, type Convention } from './convention.js';
export { steps } from './frames.js';
