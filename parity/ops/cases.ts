import { attentionCases } from './cases-attention.js';
import { elementwiseCases } from './cases-elementwise.js';
import { indexCases } from './cases-index.js';
import { layoutCases } from './cases-layout.js';
import { matrixCases } from './cases-matrix.js';
import { sequenceCases } from './cases-sequence.js';
import { visionCases } from './cases-vision.js';
import { weightCases } from './cases-weights.js';
import type { OpCase } from './draw.js';

/** Every op, with uses of it. */
export const cases: readonly OpCase[] = [
  ...elementwiseCases,
  ...layoutCases,
  ...matrixCases,
  ...attentionCases,
  ...indexCases,
  ...visionCases,
  ...sequenceCases,
  ...weightCases,
];
