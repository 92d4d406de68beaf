/** What the rows of the local hub's datasets are about. Written for this project. */

/** `left|right` lines as pairs. */
function pairs(text: string): readonly (readonly [string, string])[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split('|') as [string, string]);
}

export const CAPITALS = pairs(`
  France|Paris
  Japan|Tokyo
  Kenya|Nairobi
  Peru|Lima
  Norway|Oslo
  Egypt|Cairo
  Vietnam|Hanoi
  Chile|Santiago
  Poland|Warsaw
  Ghana|Accra
  Cuba|Havana
  Nepal|Kathmandu
  Greece|Athens
  Canada|Ottawa
  Iceland|Reykjavik
  Thailand|Bangkok
`);

export const OPPOSITES = pairs(`
  hot|cold
  early|late
  full|empty
  brave|afraid
  wide|narrow
  ancient|modern
  noisy|quiet
  generous|stingy
  rough|smooth
  visible|hidden
  simple|complicated
  heavy|light
  always|never
  arrive|leave
`);

export const PLURALS = pairs(`
  child|children
  mouse|mice
  leaf|leaves
  city|cities
  box|boxes
  tooth|teeth
  hero|heroes
  sheep|sheep
  knife|knives
  piano|pianos
`);

export const PAST_TENSES = pairs(`
  go|went
  write|wrote
  swim|swam
  teach|taught
  bring|brought
  choose|chose
  fly|flew
  hide|hid
  begin|began
  understand|understood
  walk|walked
  try|tried
`);

export const FRENCH = pairs(`
  good morning|bonjour
  thank you very much|merci beaucoup
  the red house|la maison rouge
  a small cat|un petit chat
  see you tomorrow|à demain
  where is the station?|où est la gare ?
  I am hungry|j'ai faim
  happy birthday|joyeux anniversaire
`);

export const GERMAN = pairs(`
  good night|gute Nacht
  the old bridge|die alte Brücke
  I am learning German|ich lerne Deutsch
  how much does it cost?|wie viel kostet das?
  the weather is nice|das Wetter ist schön
  please wait a moment|bitte warten Sie einen Moment
`);

export const POLITE = pairs(`
  Give me the report.|Could you please send me the report when you have a moment?
  You are late again.|I noticed that you arrived after the start; is everything all right?
  Fix this now.|Would you be able to look into this soon? It is rather urgent.
  I do not understand you.|Could you explain that once more, please?
  Stop talking.|Would you mind if we continued in silence for a while?
  Your answer is wrong.|I think there may be a small mistake in the answer; shall we check it together?
  Move your car.|Could you kindly move your car a little?
  Call me back.|Please give me a call whenever it suits you.
`);

export const SENTIMENTS = pairs(`
  The soup was cold and the waiter ignored us.|negative
  I have read this book three times and still love it.|positive
  The parcel arrived on Tuesday.|neutral
  What a wonderful concert, I am still smiling!|positive
  The battery dies after an hour, very disappointing.|negative
  The meeting takes place in room four.|neutral
  Our guide was patient, funny and full of stories.|positive
  I waited forty minutes and nobody answered the phone.|negative
  The box contains twelve screws.|neutral
  This is the best bread in town.|positive
  The update broke everything that used to work.|negative
  The train leaves at noon.|neutral
`);

export const QUESTIONS = pairs(`
  Why is the sky blue?|Air scatters short wavelengths of sunlight more than long ones, so blue light reaches us from every direction.
  How many days does a leap year have?|A leap year has 366 days.
  What do bees make?|Bees make honey and wax.
  What is the boiling point of water at sea level?|Water boils at 100 degrees Celsius at sea level.
  Who wrote Hamlet?|William Shakespeare wrote Hamlet.
  What is the largest planet of the solar system?|Jupiter is the largest planet of the solar system.
  What does a thermometer measure?|A thermometer measures temperature.
  Why do we have seasons?|The axis of the Earth is tilted, so each hemisphere leans towards the sun for one half of the year.
  What is photosynthesis?|Plants use sunlight to turn water and carbon dioxide into sugar and oxygen.
  How many legs does a spider have?|A spider has eight legs.
  What is the freezing point of water?|Water freezes at 0 degrees Celsius.
  What is a synonym?|A synonym is a word with nearly the same meaning as another word.
  Which metal is liquid at room temperature?|Mercury is liquid at room temperature.
  What is gravity?|Gravity is the attraction between masses; it keeps our feet on the ground and the moon in its orbit.
  What is the smallest prime number?|The smallest prime number is 2.
  How do fish breathe?|Fish take oxygen from the water with their gills.
  What is an algorithm?|An algorithm is a finite list of precise steps that solves a problem.
  What causes tides?|The gravity of the moon, and a little that of the sun, pulls the oceans and causes tides.
`);

export const TASKS = pairs(`
  Give three tips for sleeping better.|1. Go to bed at the same time every day.\\n2. Keep the room dark and cool.\\n3. Put the phone away an hour before.
  Name three fruits that are red.|Strawberries, cherries and raspberries.
  Describe a forest in one sentence.|Tall trees filter the light, and every step on the soft ground wakes the smell of leaves.
  Write a short poem about rain.|Soft rain taps the window,\\nthe street begins to shine,\\nthe garden drinks in silence,\\nand so does the pine.
  List the primary colours.|Red, yellow and blue.
  Suggest a name for a bakery.|The Morning Crust
  How do I boil an egg?|Put the egg into boiling water for eight minutes, cool it under cold water, and peel it.
  Name two animals that sleep in winter.|Hedgehogs and dormice.
  Write a slogan for a bicycle shop.|Two wheels, no waiting.
  Explain what a library is to a child.|A library is a house full of books that everybody may borrow and bring back.
  Give an example of a metaphor.|Her voice was velvet.
  How can I save water at home?|Take short showers, repair taps that drip, and water plants in the evening.
  Write one line of advice for a new cook.|Taste as you go, and salt little by little.
  Name the four seasons.|Spring, summer, autumn and winter.
  Give two reasons to read every day.|It teaches you new words, and it lets you see with other people's eyes.
  Write a thank-you note for a gift.|Thank you for the lovely scarf; it keeps me warm and makes me think of you.
`);

export const CHINESE = pairs(`
  法国的首都是哪里？|法国的首都是巴黎。
  日本的首都是哪里？|日本的首都是东京。
  埃及的首都是哪里？|埃及的首都是开罗。
  “热”的反义词是什么？|“热”的反义词是“冷”。
  “早”的反义词是什么？|“早”的反义词是“晚”。
  “宽”的反义词是什么？|“宽”的反义词是“窄”。
  一年有几个季节？|一年有春、夏、秋、冬四个季节。
  水在多少度会结冰？|在标准大气压下，水在零摄氏度结冰。
  请写一句关于雨的话。|细雨落在窗前，街道慢慢亮了起来。
  怎样才能睡得更好？|按时睡觉，保持房间安静，睡前一小时不看手机。
  请列出三种红色的水果。|草莓、樱桃和覆盆子。
  蜜蜂会做什么？|蜜蜂会采花酿蜜。
  太阳系里最大的行星是哪一颗？|太阳系里最大的行星是木星。
  请解释什么是算法。|算法是解决问题的一组明确而有限的步骤。
  图书馆是什么地方？|图书馆是收藏书籍、供大家借阅的地方。
  为什么天空是蓝色的？|空气对短波长的光散射更强，所以我们看到蓝色的天空。
  鱼怎么呼吸？|鱼用鳃吸收水里的氧气。
  请给面包店起一个名字。|晨麦坊
`);

export const CODE = pairs(`
  Write a Python function that adds two numbers.|def add(a, b):\\n    return a + b
  Reverse a string in Python.|text[::-1]
  Print the numbers from 1 to 5 in Python.|for i in range(1, 6):\\n    print(i)
  Write a JavaScript function that doubles a number.|const double = (x) => 2 * x;
  Select all rows of the table users in SQL.|SELECT * FROM users;
  Count the rows of the table orders in SQL.|SELECT COUNT(*) FROM orders;
  Create an empty list in Python.|items = []
  Check whether a number is even in JavaScript.|const isEven = (n) => n % 2 === 0;
  Write a TypeScript type for a point with x and y.|type Point = { x: number; y: number };
  Read a file in Python.|with open(path) as file:\\n    text = file.read()
  Square every number of a list in Python.|[x * x for x in numbers]
  Write an HTML link to example.com.|<a href="https://example.com">Example</a>
`);
