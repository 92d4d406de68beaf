/**
 * The day that chat templates state as today's: the one Llama's vendor writes when told no other. It is fixed, so that
 * a row gives the same ids every day: in a resumed run, on the server, in a test.
 */
const PARTS: Readonly<Record<string, string>> = {
  d: '26',
  b: 'Jul',
  B: 'July',
  m: '07',
  Y: '2024',
  y: '24',
  A: 'Friday',
  a: 'Fri',
};

/** What templates ask for the date: a variable, or {@link withFixedDate}'s function, its format as Python's strftime. */
export const FIXED_DATE = {
  date_string: '26 Jul 2024',
  fixed_date: (format: string): string =>
    format.replace(/%([A-Za-z])/g, (whole, part: string) => PARTS[part] ?? whole),
};

/** The Jinja engine has a clock of its own, which no variable may replace; the template is pointed to ours. */
export const withFixedDate = (source: string): string => source.replaceAll('strftime_now', 'fixed_date');
