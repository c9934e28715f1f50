import { All, Controller, NotFoundException, UseGuards } from '@nestjs/common';
import { SessionGuard } from './session.guard.ts';

/** What the document has and we do not serve: whoever calls without a login hears that first, as at any other address. */
@Controller()
@UseGuards(SessionGuard)
export class UnservedController {
  @All(['groups', 'permissions', 'symbol_info', 'history', 'streaming'])
  nothing(): never {
    throw new NotFoundException();
  }
}
