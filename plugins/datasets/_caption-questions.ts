/** Questions that SWIFT puts before captions. */
export const CHINESE_QUESTIONS = [
  '图片中展示了什么',
  '讲述一下图片中内容',
  '告诉我里面有什么',
  '图片内容是啥',
];
