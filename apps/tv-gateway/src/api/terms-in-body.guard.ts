import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refused } from '../refused.ts';
import type { ClosePositionForm, ModifyOrderForm, PlaceOrderForm, PositionForm } from './order.forms.ts';

type Term = keyof (PlaceOrderForm & ModifyOrderForm & PositionForm & ClosePositionForm);

/** Every field of a form that says what to trade. */
const TERMS: Record<Term, true> = {
  amount: true,
  currentAsk: true,
  currentBid: true,
  durationDateTime: true,
  durationType: true,
  guaranteedStop: true,
  id: true,
  instrument: true,
  limitPrice: true,
  qty: true,
  side: true,
  slippage: true,
  stopLoss: true,
  stopPrice: true,
  takeProfit: true,
  trailingStopPips: true,
  type: true,
};

/** Terms in the address would be ignored, and something else traded than was asked: `?amount=1` closed a whole position. */
@Injectable()
export class TermsInBody implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    const misplaced = Object.keys(query ?? {}).find((name) => Object.hasOwn(TERMS, name));
    if (misplaced !== undefined) throw new Refused({ key: 'form.inBody', values: { field: misplaced } });
    return true;
  }
}
