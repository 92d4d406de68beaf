import type { StandardRow } from '../contracts/row.js';
import { SwiftError } from '../errors.js';
import { checkEnd, preferencePair, supervisedFrom } from './preference-pair.js';

/**
 * A row whose last answer is labelled good (`label` true) or bad as one conversation, in which that answer is supervised; a row with a
 * better and a worse answer as two, labelled so.
 *
 * @throws SwiftError BAD_ROW for a row without label and worse answer, or with both
 */
export function labelledAnswers(row: StandardRow): readonly [StandardRow, ...StandardRow[]] {
  const { messages, label, rejected_response, rejected_messages } = row;
  const isPair = (rejected_response ?? rejected_messages) !== undefined;
  if (isPair && label === undefined) {
    const [better, worse] = preferencePair(row);
    return [
      { ...better, label: true },
      { ...worse, label: false },
    ];
  }
  if (isPair) {
    throw new SwiftError('BAD_ROW', 'the row has a label and a worse answer.', {
      cure: 'Leave one of them out: a label says of one answer whether it is good, a worse answer is one that is not.',
    });
  }
  if (label === undefined || !(Number(label) === 0 || Number(label) === 1) || Array.isArray(label)) {
    const said = label === undefined ? '' : `: its label is ${JSON.stringify(label)}`;
    throw new SwiftError('BAD_ROW', `the row does not say whether its answer is a good one${said}.`, {
      cure: [
        'Give it the field label: true or false.',
        'A row with rejected_response, or with chosen and rejected, counts as a good answer and a bad one.',
      ],
    });
  }
  checkEnd(messages, 'messages');
  return [{ ...row, label: Boolean(label), messages: supervisedFrom(messages.length - 1, messages) }];
}
