/** Formats seconds, such as `3 h 5 min ago`. */
export function ago(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 48 * 60
    ? `${Math.floor(minutes / 60)} h ${minutes % 60} min ago`
    : `${Math.floor(minutes / 1440)} days ago`;
}
