/**
 * The function that tells whether a text has all the words that a person looks for. No words are in every text.
 *
 * @param search words with spaces between them, in any case
 */
export function hasWords(search: string): (text: string) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return (text) => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}
