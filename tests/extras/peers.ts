import { fileURLToPath } from 'node:url';

/** Folder whose node_modules holds TensorFlow.js. */
export const peersFolder = fileURLToPath(new URL('.', import.meta.url));
