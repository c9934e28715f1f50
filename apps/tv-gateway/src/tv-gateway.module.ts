import { Module } from '@nestjs/common';
import { GatewayModule } from './gateway.module.ts';
import { AdaptersModule } from './adapters.module.ts';

/** The gateway on its real surroundings. */
@Module({ imports: [GatewayModule.with(AdaptersModule)] })
export class TvGatewayModule {}
