import 'uplot/dist/uPlot.min.css';
import type { Candle } from '@core/contracts/market/candle';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { PriceMark } from '../../src/things.ts';
import { repaint } from '../theme.ts';
import { axesOf, padded, paint, utcDates, utcValue } from './paint.ts';

const HEIGHT = 300;
const MINUTE = 60;

const NO_MARKS: readonly PriceMark[] = [];

interface CandleChartProps {
  readonly candles: readonly Candle[];
  readonly marks?: readonly PriceMark[];
}

/** Candles, and the prices at which something happened. */
export function CandleChart({ candles, marks = NO_MARKS }: CandleChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = repaint.value;
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const chart = new uPlot(optionsOf(element.clientWidth, marks, candles), dataOf(candles), element);
    const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [candles, marks, drawn]);
  const [first, last] = [candles[0], candles.at(-1)];
  const label = `${candles.length} candles, from ${first?.open ?? ''} to ${last?.close ?? ''}`;
  return <div class="chart" ref={box} role="img" aria-label={label} />;
}

const dataOf = (candles: readonly Candle[]): uPlot.AlignedData =>
  [
    candles.map(({ openedAt }) => Date.parse(openedAt) / 1_000),
    ...(['open', 'high', 'low', 'close'] as const).map((name) => candles.map((candle) => Number(candle[name]))),
  ] as uPlot.AlignedData;

/** As many as the finest of the prices has. */
const decimalsOf = (candles: readonly Candle[]): number =>
  Math.max(0, ...candles.map(({ close }) => close.split('.')[1]?.length ?? 0));

function optionsOf(width: number, marks: readonly PriceMark[], candles: readonly Candle[]): uPlot.Options {
  const [first, last] = [candles[0], candles.at(-1)].map((candle) => Date.parse(candle?.openedAt ?? '') / 1_000);
  const halfStep = candles.length > 1 ? ((last ?? 0) - (first ?? 0)) / (candles.length - 1) / 2 : MINUTE / 2;
  const prices = marks.map(({ price }) => Number(price));
  const none = { paths: () => null, points: { show: false } };
  return {
    width,
    height: HEIGHT,
    ...utcDates,
    legend: { show: true },
    axes: axesOf(decimalsOf(candles)),
    padding: [8, 28, 0, 0],
    scales: {
      // Half a candle of room at either end.
      x: { range: (_, from, to) => [from - halfStep, to + halfStep] },
      y: { range: (_, low, high) => padded(Math.min(low, ...prices), Math.max(high, ...prices)) },
    },
    series: [
      { value: utcValue },
      ...['open', 'high', 'low', 'close'].map((label) => ({ label, stroke: paint('quiet'), ...none })),
    ],
    hooks: {
      draw: [
        (chart) => {
          drawCandles(chart);
          drawMarks(chart, marks);
        },
      ],
    },
  };
}

function drawCandles({ ctx, data, valToPos, bbox }: uPlot): void {
  const [times, opens, highs, lows, closes] = data;
  const width = Math.max(1, Math.min(12, (bbox.width / times.length) * 0.7));
  const [up, down] = [paint('up'), paint('down')];
  ctx.save();
  ctx.lineWidth = Math.max(1, devicePixelRatio);
  for (const [index, time] of times.entries()) {
    const [open, high, low, close] = [opens, highs, lows, closes].map((values) => values?.[index] ?? 0) as [
      number,
      number,
      number,
      number,
    ];
    const x = Math.round(valToPos(time, 'x', true));
    const [top, bottom] = [valToPos(Math.max(open, close), 'y', true), valToPos(Math.min(open, close), 'y', true)];
    ctx.fillStyle = ctx.strokeStyle = close >= open ? up : down;
    ctx.beginPath();
    ctx.moveTo(x, valToPos(high, 'y', true));
    ctx.lineTo(x, valToPos(low, 'y', true));
    ctx.stroke();
    ctx.fillRect(x - width / 2, top, width, Math.max(1, bottom - top));
  }
  ctx.restore();
}

const MARKS: Readonly<
  Record<PriceMark['kind'], { readonly name: string; readonly colour: string; readonly isLine: boolean }>
> = {
  open: { name: 'opened', colour: 'accent', isLine: false },
  close: { name: 'closed', colour: 'violet', isLine: false },
  'stop-loss': { name: 'stop loss', colour: 'bad', isLine: true },
  'take-profit': { name: 'take profit', colour: 'good', isLine: true },
};

function drawMarks({ ctx, valToPos, bbox }: uPlot, marks: readonly PriceMark[]): void {
  ctx.save();
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  for (const { kind, at, price } of marks) {
    const { name, colour: shade, isLine } = MARKS[kind];
    const y = valToPos(Number(price), 'y', true);
    const x = valToPos(Date.parse(at) / 1_000, 'x', true);
    ctx.strokeStyle = ctx.fillStyle = paint(shade);
    ctx.setLineDash(isLine ? [6, 4] : []);
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    if (isLine) {
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.textAlign = 'right';
      write(ctx, `${name} ${price}`, bbox.left + bbox.width - 4, y - 4);
    } else {
      ctx.arc(x, y, 5 * devicePixelRatio, 0, 2 * Math.PI);
      ctx.fill();
      // Its words stand where there is room for them.
      const isRight = x > bbox.left + bbox.width / 2;
      ctx.textAlign = isRight ? 'right' : 'left';
      write(ctx, `${name} ${price}`, x + (isRight ? -8 : 8) * devicePixelRatio, y - 6 * devicePixelRatio);
    }
  }
  ctx.restore();
}

/** So that it can be read in front of candles too. */
function write(ctx: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  ctx.save();
  ctx.setLineDash([]);
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = paint('paper');
  ctx.strokeText(text, x, y);
  ctx.restore();
  ctx.fillText(text, x, y);
}
