import type { EventBody } from '@core/contracts/event';
import { nothing, record, type Decide } from './decision.ts';
import { remember, remembers, type Recent } from './recent.ts';

/** How many acts are remembered at least: one that is told again adds nothing. */
const ACTS_MAX = 1_000;

type Known = { readonly acts: Recent };

/** It is done already, and is told: there is nothing to refuse. */
export const recordAct: Decide<'RecordAct', Known> = ({ acts }, { data }) =>
  remembers(acts, data.actId) ? nothing : record({ type: 'OperatorActed', data });

export const evolveActs = (acts: Recent, { data }: EventBody<'OperatorActed'>): void =>
  remember(acts, data.actId, ACTS_MAX);
