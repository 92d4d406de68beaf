import { cachesLikeAttention } from './cached-attention.js';
import { agreesWithReference } from './agreement.js';
import { startTfjs } from './tfjs.js';

const backend = await startTfjs('cpu');

agreesWithReference('tfjs (cpu)', backend, 25);
cachesLikeAttention('tfjs (cpu)', backend);
