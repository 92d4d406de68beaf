/** Formats of tools: what plugins build them of. */
export { CallParser, parseCalls, type Parsed } from './call-parser.js';
export { indentedJson, sortedJson, textOrJson } from './json-forms.js';
export { inUserTurn, observed, REACT, type Keywords } from './replies.js';
export { beforeMarks, jsonEnd, markedCalls, type MarkedCalls } from './scans.js';
export {
  argumentValue,
  callsOf,
  isFields,
  nameOf,
  parametersOf,
  propertiesOf,
  toolCalls,
  toolsOf,
  unwrapped,
  valueOf,
  wrapped,
} from './tools.js';
