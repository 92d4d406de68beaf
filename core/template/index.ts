/** Templates: conversations to token ids and labels. */
export { chatTemplateDifference } from './difference.js';
export type { TemplateDifference } from './difference.js';
export { encodeRendered } from './encode.js';
export type { Rendered } from './encode.js';
export { createJinjaTemplate, JinjaTemplate } from './jinja-template.js';
export type { ChatRenderer } from './jinja-template.js';
export type { SpecPiece, TemplateSpec } from './spec.js';
export { SpecTemplate } from './spec-template.js';
export { tokenizeWithMarks } from './tokenize.js';
