/** Questions about pictures, in the columns of llava-instruct-mix. */
import sharp from 'sharp';

const COLOURS = {
  red: [220, 30, 30],
  green: [30, 170, 60],
  blue: [40, 60, 220],
  yellow: [240, 220, 40],
  white: [250, 250, 250],
  black: [10, 10, 10],
} as const;

type Colour = keyof typeof COLOURS;
const NAMES = Object.keys(COLOURS) as Colour[];

/** A PNG of two colours, one above the other. */
export async function twoColours(
  above: Colour,
  below: Colour,
  width: number,
  height: number,
): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++)
    data.set(COLOURS[Math.floor(i / width) < height / 2 ? above : below], i * 3);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Rows with one picture, with two, and with none. */
export async function pictureRows(): Promise<object[]> {
  const rows = [];
  for (const [i, above] of NAMES.entries()) {
    for (const [j, below] of NAMES.entries()) {
      if (i === j) continue;
      const size = [40 + 8 * i, 36 + 6 * j] as const;
      rows.push(await row([[above, below]], 'What is above?', `It is ${above}, and ${below} below.`, size));
      if (j === (i + 1) % NAMES.length)
        rows.push(
          await row(
            [
              [above, above],
              [below, below],
            ],
            'Which colours are these?',
            `${above} and ${below}.`,
            size,
          ),
        );
    }
    rows.push(await row([], `Name a thing that is ${above}.`, `A ${above} square.`, [1, 1]));
  }
  return rows;
}

async function row(
  pictures: readonly (readonly [Colour, Colour])[],
  question: string,
  answer: string,
  [width, height]: readonly [number, number],
): Promise<object> {
  const images = [];
  for (const [above, below] of pictures)
    images.push({ bytes: (await twoColours(above, below, width, height)).toString('base64'), path: null });
  const text = { type: 'text', text: question, index: null };
  const shown = pictures.map((_, index) => ({ type: 'image', text: null, index }));
  const said = { type: 'text', text: answer, index: null };
  return {
    messages: [
      { role: 'user', content: [...shown, text] },
      { role: 'assistant', content: [said] },
    ],
    images,
  };
}

interface SeenProblem {
  readonly image: object;
  readonly problem: string;
  readonly solution: string;
}

/** As the sets of images for rewards: image, problem, and a solution between marks. */
export async function seenProblems(before = '', behind = ''): Promise<SeenProblem[]> {
  const rows: SeenProblem[] = [];
  for (const [i, above] of NAMES.entries()) {
    const below = NAMES[(i + (i % 2)) % NAMES.length];
    rows.push({
      image: await stored(above, below),
      problem: 'How many colours does it have?',
      solution: `${before}${above === below ? 1 : 2}${behind}`,
    });
  }
  return rows;
}

/** As RLAIF-V-Dataset. */
export async function seenPreferences(): Promise<object[]> {
  const rows: object[] = [];
  for (const [i, above] of NAMES.entries()) {
    const below = NAMES[(i + 1) % NAMES.length];
    rows.push({
      ds_name: 'hub',
      image: await stored(above, below),
      question: 'What is above?',
      chosen: `It is ${above}.`,
      rejected: `It is ${below}.`,
      ...{ origin_dataset: 'hub', origin_split: '{}', idx: i, image_path: `${i}.png` },
    });
  }
  return rows;
}

async function stored(above: Colour, below: Colour): Promise<object> {
  return { bytes: (await twoColours(above, below, 40, 36)).toString('base64'), path: null };
}
