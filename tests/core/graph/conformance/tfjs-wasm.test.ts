import { cachesLikeAttention } from './cached-attention.js';
import { agreesWithReference } from './agreement.js';
import { startTfjs } from './tfjs.js';

const backend = await startTfjs('wasm');

agreesWithReference('tfjs (wasm)', backend, 25);
cachesLikeAttention('tfjs (wasm)', backend);
