/** Lower-case words of a text; apostrophes are dropped so that "don't", "don’t" and "dont" are one. */
export const tokensOf = (text: string): string[] =>
  text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/(\p{L})['’‘]s\b/gu, '$1')
    .replace(/(\p{L})['’‘](?=\p{L})/gu, '$1')
    .match(/[\p{L}\p{N}]+/gu) ?? [];
