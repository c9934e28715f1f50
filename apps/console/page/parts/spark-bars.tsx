interface SparkBarsProps {
  readonly values: readonly number[];
  /** What a reader who sees no picture is told. */
  readonly label: string;
}

const [WIDTH, HEIGHT, GAP] = [120, 28, 2];

/** A row of small bars, the last one the newest. */
export function SparkBars({ values, label }: SparkBarsProps) {
  const most = Math.max(1, ...values);
  const step = WIDTH / values.length;
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      {values.map((value, index) => {
        const height = Math.max(1, (value / most) * HEIGHT);
        return <rect key={index} x={index * step} y={HEIGHT - height} width={step - GAP} height={height} rx="1" />;
      })}
    </svg>
  );
}
