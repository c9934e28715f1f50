import { All, Controller, NotFoundException, UseGuards } from '@nestjs/common';
import { SessionGuard } from './session.guard.ts';

/** What the document has and we do not serve: whoever calls without a login hears that first, as at any other address. */
@Controller()
@UseGuards(SessionGuard)
export class UnservedController {
  @All([
    'accounts/:accountId/netPositions',
    'accounts/:accountId/netPositions/:id',
    'accounts/:accountId/individualPositions',
    'accounts/:accountId/individualPositions/:id',
    'accounts/:accountId/stream/netPositions',
    'accounts/:accountId/stream/individualPositions',
    'accounts/:accountId/balances',
    'accounts/:accountId/getLeverage',
    'accounts/:accountId/setLeverage',
    'accounts/:accountId/previewLeverage',
    'groups',
    'permissions',
    'symbol_info',
    'history',
    'streaming',
  ])
  nothing(): never {
    throw new NotFoundException();
  }
}
