import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { AccountHistory } from '../../src/account-history.ts';
import { repaint } from '../theme.ts';
import { axesOf, padded, paint, utcDates, utcValue } from './paint.ts';

const HEIGHT = 240;

const MARKERS: Readonly<Record<AccountHistory['markers'][number]['kind'], string>> = {
  opened: 'accent',
  closed: 'violet',
  'session-lost': 'bad',
  drift: 'warn',
  halted: 'warn',
};

interface WorthChartProps {
  readonly history: AccountHistory;
  /** The position that is looked at; null for now. */
  readonly at: number | null;
}

/** Balance and equity over time, with what happened below them. */
export function WorthChart({ history, at }: WorthChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = repaint.value;
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const chart = new uPlot(optionsOf(element.clientWidth, history, at), dataOf(history), element);
    const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [history, at, drawn]);
  const last = history.worth.at(-1);
  const label = `balance and equity, the last ${last?.balance ?? 'unknown'} and ${last?.equity ?? 'unknown'}`;
  return <div class="chart" ref={box} role="img" aria-label={label} />;
}

const seconds = (instant: string): number => Date.parse(instant) / 1_000;

const dataOf = ({ worth }: AccountHistory): uPlot.AlignedData => [
  worth.map(({ at }) => seconds(at)),
  worth.map(({ balance }) => (balance === null ? null : Number(balance))),
  worth.map(({ equity }) => (equity === null ? null : Number(equity))),
];

function optionsOf(width: number, history: AccountHistory, at: number | null): uPlot.Options {
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const line = { width: 1.5, spanGaps: true, points: { show: false } };
  return {
    ...{ width, height: HEIGHT, ...utcDates },
    axes: axesOf(2),
    padding: [8, 16, 0, 0],
    series: [
      { value: utcValue },
      { label: 'balance', stroke: paint('accent'), ...(stepped ? { paths: stepped } : {}), ...line },
      { label: 'equity', stroke: paint('good'), ...line },
    ],
    scales: { y: { range: (_, low, high) => padded(low, high) } },
    hooks: { draw: [(chart) => drawMarkers(chart, history, at)] },
  };
}

function drawMarkers({ ctx, valToPos, bbox }: uPlot, { markers, worth }: AccountHistory, at: number | null): void {
  ctx.save();
  const bottom = bbox.top + bbox.height;
  for (const { at: time, kind } of markers) {
    ctx.fillStyle = paint(MARKERS[kind]);
    ctx.beginPath();
    ctx.arc(valToPos(seconds(time), 'x', true), bottom - 6 * devicePixelRatio, 3.5 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
  }
  const looked = at === null ? undefined : worth.findLast(({ position }) => position <= at);
  if (looked) {
    const x = valToPos(seconds(looked.at), 'x', true);
    ctx.strokeStyle = paint('quiet');
    ctx.setLineDash([4, 4]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bottom);
    ctx.stroke();
  }
  ctx.restore();
}
