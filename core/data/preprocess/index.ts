import type { PreprocessContext, Preprocessor } from '../../contracts/preprocessor.js';
import type { RawRow, StandardRow } from '../../contracts/row.js';
import { countUnknown, toStandardRow } from './to-standard-row.js';

export { countMedia, joinMedia, liftMedia, without } from './media.js';
export { parsed } from './fields.js';
export { messagesOf } from './messages.js';
export { toStandardRow };

/** Recognizes the usual row shapes by their fields; what any file or unregistered repository is read with. */
export class AutoPreprocessor implements Preprocessor {
  toRow(raw: RawRow, context?: PreprocessContext): StandardRow | undefined {
    const row = toStandardRow(raw, context);
    if (row && context?.unused) countUnknown(raw, context.unused);
    return row;
  }
}

/** For a dataset whose fields only have other names. */
export abstract class ColumnPreprocessor implements Preprocessor {
  /** The standard name of each field of the dataset that is used; all other fields are ignored. */
  abstract readonly columns: Readonly<Record<string, string>>;

  toRow(raw: RawRow, context?: PreprocessContext): StandardRow | undefined {
    return toStandardRow(renamed(raw, this.columns), context);
  }
}

/** The fields of a row that `columns` names, under their standard names. */
export function renamed(raw: RawRow, columns: Readonly<Record<string, string>>): RawRow {
  return Object.fromEntries(
    Object.entries(columns)
      .filter(([from]) => from in raw)
      .map(([from, to]) => [to, raw[from]]),
  );
}
