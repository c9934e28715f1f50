import { Dot } from '../parts/dot.tsx';

interface StateProps {
  readonly isOff: boolean;
  /** What it is called when it is off. */
  readonly off: string;
}

/** Whether something can be used. */
export const State = ({ isOff, off }: StateProps) => (
  <span class="whole">
    <Dot tone={isOff ? 'off' : 'good'} /> {isOff ? off : 'live'}
  </span>
);
