import uPlot from 'uplot';

/** What has a colour so that it can be read: a canvas takes none that depends on the theme. */
const probe = document.createElement('span');

/** A colour of the page's, as the theme has it now. */
export function paint(name: string): string {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

/** Of a label of a moment, with the room beside it. */
const LABEL_PIXELS = 76;
const MINUTE = 60;
const DAY = 86_400;

/** Times in UTC, by a clock of twenty-four hours. */
export const utcDates: Pick<uPlot.Options, 'tzDate'> = {
  tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'UTC'),
};

/** What is written under the pointer for a moment. */
export const utcValue = (_: uPlot, seconds: number | null): string =>
  seconds == null ? '--' : new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ');

/** A time axis and a price axis with so many decimals. */
export function axesOf(decimals: number): uPlot.Axis[] {
  const look = { stroke: paint('quiet'), grid: { stroke: paint('line'), width: 1 }, ticks: { stroke: paint('line') } };
  return [
    {
      ...look,
      space: LABEL_PIXELS,
      values: (_, splits, _axis, _space, step) => splits.map((seconds) => timeLabel(seconds, step)),
    },
    { ...look, size: 80, values: (_, splits) => splits.map((value) => value.toFixed(decimals)) },
  ];
}

function timeLabel(seconds: number, step: number): string {
  const iso = new Date(seconds * 1_000).toISOString();
  if (step >= DAY || seconds % DAY === 0) return iso.slice(5, 10);
  return step >= MINUTE ? iso.slice(11, 16) : iso.slice(11, 19);
}

/** Some air above and below, also of what does not move. */
export const padded = (low: number, high: number): [number, number] => {
  const room = (high - low || Math.abs(high) * 0.001 || 1) * 0.08;
  return [low - room, high + room];
};
