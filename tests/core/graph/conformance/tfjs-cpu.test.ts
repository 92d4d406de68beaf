import { int8MatmulOp } from '../../../../core/graph/index.js';
import { cachesLikeAttention } from '../../../../parity/ops/cached-attention.js';
import { agreesWithReference } from '../../../../parity/ops/agreement.js';
import { startTfjs } from '../../../../parity/ops/tfjs.js';

const backend = await startTfjs('cpu');

agreesWithReference('tfjs (cpu)', backend, 25, ({ opCase }) => opCase.op === int8MatmulOp);
cachesLikeAttention('tfjs (cpu)', backend);
