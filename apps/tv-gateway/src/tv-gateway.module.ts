import { Module } from '@nestjs/common';
import { GatewayModule } from './gateway.module.ts';
import { OutsideModule } from './outside.module.ts';

/** The gateway on its real surroundings. */
@Module({ imports: [GatewayModule.with(OutsideModule)] })
export class TvGatewayModule {}
