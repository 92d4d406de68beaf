/** Templates: conversations to token ids and labels. */
export { chatTemplateDifference, describeDifference, saysTheSame } from './difference.js';
export type { TemplateDifference } from './difference.js';
export { encodeRendered } from './encode.js';
export type { Rendered } from './encode.js';
export { covers, fingerprintOf, ownFingerprints } from './fingerprint.js';
export type { Fingerprint } from './fingerprint.js';
export { refuseMedia } from './media.js';
export { createJinjaTemplate, JinjaTemplate } from './jinja-template.js';
export type { ChatRenderer } from './chat-view.js';
export { pythonJson } from './python-json.js';
export type { SpecPiece, TemplateSpec } from './spec.js';
export { SpecTemplate } from './spec-template.js';
export { afterThought, endsInThought } from './thinking.js';
export { tokenizeWithMarks } from './tokenize.js';
