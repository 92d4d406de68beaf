import { dataset } from 'swift-ts/plugin';
import { LatexOcr } from './_latex-ocr.js';

/** https://huggingface.co/datasets/linxy/LaTeX_OCR */
@dataset({
  id: 'latex-ocr-handwrite',
  summary: 'Formulas as if written by hand, and their LaTeX',
  hf: 'linxy/LaTeX_OCR',
  ms: 'AI-ModelScope/LaTeX_OCR',
  subsets: ['synthetic_handwrite'],
  split: ['train', 'validation', 'test'],
  tags: ['chat', 'ocr', 'multi-modal', 'vision'],
})
export class LatexOcrHandwrite extends LatexOcr {}
