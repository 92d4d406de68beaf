/** How files of datasets are laid out. */

/** Contents by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Parquet, which nothing here writes, is jsonl of the same columns and path. */
export const shard = (split = 'train', folder = 'data'): string => `${folder}/${split}-00000-of-00001.jsonl`;

/** A README.md that says where the splits of each subset lie. */
export function card(...names: readonly string[]): Files {
  const configs = names.map((name) => {
    const splits = ['train', 'validation', 'test'].map(
      (split) => `  - split: ${split}\n    path: ${name}/${split}-*\n`,
    );
    return `- config_name: ${name}\n  data_files:\n${splits.join('')}`;
  });
  return { 'README.md': `---\nconfigs:\n${configs.join('')}---\n` };
}

export const jsonl = (rows: readonly object[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

export const json = (rows: readonly object[]): string => `${JSON.stringify(rows, null, 1)}\n`;

/** Rows of equal columns as csv or tsv. */
export function table(rows: readonly object[], delimiter: ',' | '\t'): string {
  const quoted = (text: unknown): string => `"${String(text).replaceAll('"', '""')}"`;
  const lines = rows.map((row) => Object.values(row).map(quoted).join(delimiter));
  return [Object.keys(rows[0]).join(delimiter), ...lines].map((line) => `${line}\n`).join('');
}
