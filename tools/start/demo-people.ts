/** Who trades in the demo. */
export interface DemoPeople {
  /** Broker logins at the simulator by login; the first of the first is the one that strategies trade for. */
  readonly traders: Readonly<Record<string, readonly string[]>>;
  /** An account for rehearsals, at the simulator's live prices. */
  readonly paper: { readonly trader: string; readonly login: string };
}

export const DEMO_PEOPLE: DemoPeople = {
  traders: { ada: ['10001', '10002'], bob: ['10003'] },
  paper: { trader: 'ada', login: 'paper-1' },
};

/** Of the cells behind the first: others, for a login is of one person wherever it is typed. */
export const peopleOfCell = (name: string, index: number): DemoPeople => {
  if (index === 0) return DEMO_PEOPLE;
  const login = (number: number): string => `10${index}0${number}`;
  return {
    traders: { [`ada-${name}`]: [login(1), login(2)], [`bob-${name}`]: [login(3)] },
    paper: { trader: `ada-${name}`, login: `paper-${name}` },
  };
};

export const tradersOf = ({ traders }: DemoPeople): readonly string[] => Object.keys(traders);
export const brokerLoginsOf = ({ traders }: DemoPeople): readonly string[] => Object.values(traders).flat();
