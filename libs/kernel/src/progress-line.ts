/** `42 % of 1 000 000 events, 85 000 a second, 7 s left`. */
export function progressLine(what: string, done: number, of: number, passedMs: number): string {
  const rate = (done / passedMs) * 1_000;
  const left = rate > 0 ? `${Math.ceil((of - done) / rate)} s left` : 'no estimate yet';
  const share = of > 0 ? Math.floor((done / of) * 100) : 0;
  return `${share} % of ${spaced(of)} ${what}, ${spaced(Math.round(rate))} a second, ${left}`;
}

const spaced = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ' ');
